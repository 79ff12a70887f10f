"""Forms by label: finds the box of a label, fills it as a person would, and reads back what it then shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from playwright.async_api import Error

from agent.domain.errors import PageChanged
from agent.domain.text import Text, fold
from agent.pages import words
from agent.pages.calendar_panel import pick_day
from agent.pages.overlays import appeared
from agent.pages.snapshot import Node, Snapshot
from agent.pages.values import moments_in
from agent.pages.wheel import pick_on_wheel
from agent.pages.window import Part, View, Window

_TYPED = {"text", "tel", "number", "search", "email", "url", "textarea", "password", "date", "datetime-local", "editable"}
_CONTROLS = _TYPED | {"select", "combobox", "listbox"}
_REACH = 420
_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Field:
    """A box of a form with the label that names it."""

    part: Part
    control: Node
    label: str


def find_field(view: View, labels: Iterable[str], within: "Scope | None" = None) -> Field | None:
    """The box that a person would fill in for one of the labels; None where there is none."""
    for part in view.parts:
        controls = [n for n in part.shot.nodes if _is_control(part.shot, n) and (within is None or within.holds(part, n))]
        for label in labels:
            control = _named(part.shot, controls, label) or _beside(part.shot, controls, label, within, part)
            if control is not None:
                return Field(part, control, label)
    return None


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of a page: a dialog, or one row."""

    part: Part
    root: Node

    def holds(self, part: Part, node: Node) -> bool:
        if part.frame is not self.part.frame:
            return False
        root = part.shot.by_id(self.root.id)
        return root is not None and part.shot.holds(root, node)


def _is_control(shot: Snapshot, node: Node) -> bool:
    if node.ghost:
        return node.kind in _CONTROLS
    if not node.shown or node.top is False and not _covered_by_own_label(shot, node):
        return False
    if node.kind in _CONTROLS:
        # A combobox is often a box around the real input: the input is the one to work.
        return not any(n is not node and n.kind in _CONTROLS and (n.shown or n.ghost) for n in shot.inside(node))
    return False


def _covered_by_own_label(shot: Snapshot, node: Node) -> bool:
    """True for inputs that lie under the words that they show, as those of drawn selects do."""
    parent = next(shot.ancestors(node), None)
    return node.kind in ("search", "text", "combobox") and parent is not None and parent.frame_box.w < _REACH * 2


def _named(shot: Snapshot, controls: list[Node], label: str) -> Node | None:
    """By what the page itself ties to the box: label-for, aria-label, placeholder."""
    wanted = fold(label).lower()
    fors = {n.attrs["for"] for n in shot.nodes if n.attrs.get("for") and _label_word(shot, n) == wanted}
    tied = [c for c in controls if c.attrs.get("id") in fors]
    tied = tied or [c for c in controls if words.heading(c.attrs.get("aria-label", "")).lower() == wanted]
    tied = tied or [c for c in controls if _placeholder(c) == wanted]
    return tied[0] if tied else None


def _label_word(shot: Snapshot, node: Node) -> str:
    return words.heading(shot.words(node)).lower()


def _placeholder(node: Node) -> str:
    said = words.heading(node.attrs.get("placeholder", ""))
    return re.sub(r"^(请)?(输入|选择|填写)(您的|正确的)?", "", said).lower()


def _beside(shot: Snapshot, controls: list[Node], label: str, within: Scope | None, part: Part) -> Node | None:
    """By place: the box in the same item as the label, else the nearest to the right of it, else just below it."""
    wanted = fold(label).lower()
    found: list[tuple[float, Node]] = []
    for node in shot.texts:
        if words.heading(node.text).lower() != wanted or (within and not within.holds(part, node)):
            continue
        for control in controls:
            distance = _distance(node, control)
            if distance is not None and _next_label_between(shot, node, control) is None:
                found.append((distance, control))
    return min(found, key=lambda f: f[0])[1] if found else None


def _distance(label: Node, control: Node) -> float | None:
    a, b = label.box, control.frame_box
    if a.overlap_y(b) > min(a.h, b.h) / 3 and b.right > a.right:
        gap = b.x - a.right
        return max(gap, 0.0) if -60 <= gap <= _REACH else None  # noqa: PLR2004
    if a.overlap_x(b) > 0 and 0 <= b.y - a.bottom + 4 <= 40:  # noqa: PLR2004
        return 100.0 + b.y - a.bottom
    return None


def _next_label_between(shot: Snapshot, label: Node, control: Node) -> Node | None:
    """Another label that stands between a label and a box, to which the box then belongs."""
    for node in shot.texts:
        same_line = node.box.overlap_y(label.box) > label.box.h / 2
        between = label.box.right < node.box.x and node.box.right <= control.frame_box.x + 4
        if node is not label and same_line and between and words.field_of(node.text, words.FORM_LABELS):
            return node
    return None


def need_field(view: View, name: str, within: Scope | None = None) -> Field:
    """The box for a field of FORM_LABELS. Raises PageChanged naming the label where the form has none."""
    field = find_field(view, words.FORM_LABELS[name], within)
    if field is None:
        label = words.FORM_LABELS[name][0]
        raise PageChanged(view.address, Text(f"the form has no box for {label}", f"表单中没有“{label}”"))
    return field


async def fill(window: Window, field: Field, value: str) -> None:
    """Puts text into a box, over what stood there."""
    element = await window.element(field.part, field.control)
    try:
        await element.fill(value, timeout=5000)
    except Error:
        await element.click(timeout=5000)
        await window.page.keyboard.press("ControlOrMeta+A")
        await window.page.keyboard.type(value)


async def choose(window: Window, field: Field, option: str) -> None:
    """Chooses an option by its exact words, in a native select, a drawn list or a wheel. Raises PageChanged without it."""
    if field.control.kind == "select":
        element = await window.element(field.part, field.control)
        label = next((o for o in field.control.options if fold(o) == fold(option)), None)
        if label is None:
            raise _no_option(window, field, option)
        await element.select_option(label=label)
        return
    before = (await window.look()).ids()
    await _open(window, field)
    view = await window.settled(_SECONDS, lambda v: any(appeared(p, before) for p in v.parts))
    found = _option(view, before, option)
    if found is None and not field.control.readonly:
        await window.page.keyboard.type(option)
        view = await window.settled(_SECONDS)
        found = _option(view, before, option)
    if found is None:
        raise _no_option(window, field, option)
    await window.click(*found)
    await _finish(window, before)


def _no_option(window: Window, field: Field, option: str) -> PageChanged:
    return PageChanged(
        window.page.url, Text(f"{field.label} has no option “{option}”", f"“{field.label}”中没有选项“{option}”")
    )


async def _open(window: Window, field: Field) -> None:
    """Opens a drawn control by a click at its middle, which may be covered by the words that it shows."""
    box = await (await window.element(field.part, field.control)).bounding_box()
    if box is None:
        raise PageChanged(window.page.url, Text(f"{field.label} cannot be opened", f"“{field.label}”无法打开"))
    await (await window.element(field.part, field.control)).scroll_into_view_if_needed(timeout=5000)
    box = await (await window.element(field.part, field.control)).bounding_box() or box
    await window.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def _option(view: View, before: "dict[object, frozenset[int]]", option: str) -> tuple[Part, Node] | None:
    for part in reversed(view.parts):
        new = [n for n in appeared(part, before) if n.text and n.folded == fold(option) and n.top is not False]  # type: ignore[arg-type]
        if new:
            return part, new[0]
    return None


async def _finish(window: Window, before: "dict[object, frozenset[int]]") -> None:
    """Presses the 确认 of pickers that want one."""
    view = await window.settled(_SECONDS)
    for part in reversed(view.parts):
        new = appeared(part, before)  # type: ignore[arg-type]
        buttons = [n for n in new if words.is_one_of(n.text, ("确认", "确定", "完成", "OK")) and n.top]
        buttons = [n for n in buttons if part.shot.worked_by(n)]
        if buttons:
            await window.click(part, buttons[0])
            await window.settled(_SECONDS)
            return


async def set_date(window: Window, field: Field, day: date) -> None:
    """Sets a date in a native box, a box that can be typed into, a calendar panel or a wheel. Raises PageChanged."""
    if field.control.kind in ("date", "datetime-local"):
        text = day.isoformat() if field.control.kind == "date" else f"{day.isoformat()}T00:00"
        await fill(window, field, text)
        return
    before = (await window.look()).ids()
    await _open(window, field)
    view = await window.settled(3.0, lambda v: any(len(appeared(p, before)) > 5 for p in v.parts))  # noqa: PLR2004
    if not field.control.readonly and await _type_date(window, field, day, before):
        return
    picked = await pick_day(window, view, before, day) or await pick_on_wheel(window, before, day)
    if not picked:
        raise PageChanged(window.page.url, Text(f"{field.label} takes no date", f"“{field.label}”无法选择日期"))
    await _finish(window, before)  # type: ignore[arg-type]


async def _type_date(window: Window, field: Field, day: date, before: "dict[object, frozenset[int]]") -> bool:
    await window.page.keyboard.press("ControlOrMeta+A")
    await window.page.keyboard.type(day.isoformat())
    await window.page.keyboard.press("Enter")
    view = await window.settled(_SECONDS)
    if shown_date(view, field) == day and not _panel_open(view, before):
        return True
    await window.page.keyboard.press("Tab")
    view = await window.settled(_SECONDS)
    return shown_date(view, field) == day and not _panel_open(view, before)


def _panel_open(view: View, before: "dict[object, frozenset[int]]") -> bool:
    days = [n for p in view.parts for n in appeared(p, before) if n.folded.isdigit() and len(n.folded) <= 2]  # type: ignore[arg-type]  # noqa: PLR2004
    return len(days) >= 20  # noqa: PLR2004


def shown(view: View, field: Field) -> str:
    """What a person reads in a box now: its value, or the words that a drawn control shows."""
    part = next((p for p in view.parts if p.frame is field.part.frame), None)
    node = part.shot.by_id(field.control.id) if part else None
    if part is None or node is None:
        return ""
    if node.kind == "select":
        return node.chosen or ""
    if node.value:
        return node.value
    return _drawn_words(part.shot, node)


def _drawn_words(shot: Snapshot, node: Node) -> str:
    """The words drawn inside the frame of a control: itself, or up to three elements around its input."""
    placeholder = fold(node.attrs.get("placeholder", ""))
    for steps, outer in enumerate([node, *shot.ancestors(node)]):
        inside = [n for n in shot.inside(outer) if n.text and n.folded != placeholder]
        inside = [n for n in inside if not (n.attrs.get("aria-live") or "placeholder" in n.classes)]
        if inside:
            return " ".join(n.text for n in inside)
        if steps == 3 or sum(n.kind in _CONTROLS for n in shot.inside(outer)) > 1:  # noqa: PLR2004
            return ""
    return ""


def shown_date(view: View, field: Field) -> date | None:
    """The date that a box shows, or None."""
    found = moments_in(shown(view, field))
    return found[0].date() if len(found) == 1 else None
