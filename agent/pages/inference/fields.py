"""Finds the box of a form that a person would fill in for a label: inputs, and boxes that are only drawn like one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text, fold
from agent.pages import list_words, login_words, message_words, vocabulary
from agent.pages.box import Box
from agent.pages.inference.row_forms import box_under, rows_of_boxes
from agent.pages.snapshot import Node, Snapshot, remembered
from agent.pages.view import FrameSnapshot, PageSnapshot

TYPED = {
    "text",
    "tel",
    "number",
    "search",
    "email",
    "url",
    "textarea",
    "password",
    "date",
    "datetime-local",
    "editable",
}
CONTROLS = TYPED | {"select", "combobox", "listbox"}
_REACH = 420
_BELOW = 48
_COVERED = 10_000.0
_ABOVE = 100.0
_NO_BOX = {"a", "th", "td", "li", "summary", "label", "svg", "i", "img", "iframe"}
_NO_ROLE = {"menuitem", "tab", "option", "link", "checkbox", "radio", "switch"}
_HINT = re.compile(
    r"^(请|先)*(输入|选择|填写|点击选择|pleaseselect|pleaseinput|select|choose|pick|enter)*(an?|the)?(您的|正确的)?",
    re.IGNORECASE,
)
# A box is never taken for one of these, nor pressed as one.
_BUTTONS = tuple(
    w
    for ws in (
        vocabulary.ADD,
        vocabulary.SUBMIT,
        vocabulary.SAVE,
        vocabulary.REFUND,
        vocabulary.CONFIRM,
        vocabulary.DISMISS,
        login_words.LOGIN,
        list_words.NEXT,
    )
    for w in ws
)


@dataclass(frozen=True, slots=True)
class Field:
    """A box of a form with the label that names it. `part` and `control` are as they were when it was found."""

    part: FrameSnapshot
    control: Node
    label: str

    @property
    def drawn(self) -> bool:
        """True for a box that is no control of the browser's: words in a frame, to be clicked."""
        return self.control.kind not in CONTROLS


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of a page: a dialog, or one row. The boxes of one `in_list` are named by the headings of its columns."""

    part: FrameSnapshot
    root: Node
    in_list: bool = False

    def holds(self, part: FrameSnapshot, node: Node) -> bool:
        """True if the node lies in it, in this or in a later look at the page."""
        if part.frame is not self.part.frame:
            return False
        # Not by_id(): the outermost element of a dialog often has no size of its own, and so is not seen.
        root = next((n for n in part.shot.nodes if n.id == self.root.id), None)
        return root is not None and part.shot.holds(root, node)


def find_field(snapshot: PageSnapshot, labels: Iterable[str], within: Scope | None = None) -> Field | None:
    """The box that a person would fill in for one of the labels; None if there is none."""
    wanted = tuple(labels)
    return next((f for p in snapshot.parts if (f := _in_part(p, wanted, within))), None)


def _in_part(part: FrameSnapshot, labels: tuple[str, ...], within: Scope | None) -> Field | None:
    boxes = [n for n in boxes_in(part.shot) if within is None or within.holds(part, n)]
    if within is not None and within.in_list:
        row = next((n for n in part.shot.nodes if n.id == within.root.id), None)
        under = box_under(part.shot, boxes, labels, row) if row else None
        return Field(part, under, labels[0]) if under else None
    rows = rows_of_boxes(part.shot, tuple(boxes))  # what was listed before is never changed for what a heading says
    boxes = [b for b in boxes if not any(part.shot.holds(row, b) for row in rows)]
    for label in labels:
        control = _named(part.shot, boxes, fold(label).lower()) or _beside(part, boxes, fold(label).lower(), within)
        if control is not None:
            return Field(part, control, label)
    return None


def list_forms(snapshot: PageSnapshot) -> list[Scope]:
    """The rows of a list that are boxes to be filled in, those that hold something already among them."""
    found = []
    for part in snapshot.parts:
        found += [Scope(part, row, in_list=True) for row in rows_of_boxes(part.shot, boxes_in(part.shot))]
    return found


def need_field(snapshot: PageSnapshot, name: str, within: Scope | None = None) -> Field:
    """The box for a field of FORM_LABELS. Raise PageChanged naming the label if the form has none."""
    field = find_field(snapshot, vocabulary.FORM_LABELS[name], within)
    if field is None:
        label = vocabulary.FORM_LABELS[name][0]
        raise PageChanged(snapshot.address, Text(f"the form has no box for {label}", f"表单中没有“{label}”"))
    return field


@remembered
def boxes_in(shot: Snapshot) -> tuple[Node, ...]:
    """All that can be filled in, in document order."""
    return tuple(n for n in shot.nodes if is_box(shot, n))


def is_box(shot: Snapshot, node: Node) -> bool:
    """True for what can be filled in: a control, or a box that is drawn like one and opens when it is clicked."""
    if node.kind in CONTROLS:
        # A combobox is often a box around the real input: the input is the one to work.
        return (node.shown or node.ghost) and not _holds_control(shot, node)
    return _is_drawn_box(shot, node)


def _holds_control(shot: Snapshot, node: Node) -> bool:
    return any(n is not node and n.kind in CONTROLS and (n.shown or n.ghost) for n in shot.inside(node))


def _is_drawn_box(shot: Snapshot, node: Node) -> bool:
    box = node.frame_box
    looks = node.shown and node.clickable and box.w >= 60 and 18 <= box.h <= 80
    if not looks or node.kind is not None or node.tag in _NO_BOX or node.role in _NO_ROLE:
        return False
    return not _holds_control(shot, node) and not _is_button(fold(shot.words(node)))


def _is_button(text: str) -> bool:
    """True for the words of a button, above all one that buys; 请选择订购日期 is the hint of a box all the same."""
    if vocabulary.is_one_of(text, _BUTTONS):
        return True
    for synonyms in vocabulary.FORM_LABELS.values():
        for label in sorted(synonyms, key=len, reverse=True):
            text = text.replace(fold(label), "")
    return message_words.BUYING.search(text) is not None


def _named(shot: Snapshot, boxes: list[Node], wanted: str) -> Node | None:
    """By what the page itself ties to the box: label-for, aria-labelledby, aria-label, the hint inside it."""
    named = [n for n in shot.nodes if (n.attrs.get("for") or n.attrs.get("id")) and _says(shot, n) == wanted]
    fors, ids = {n.attrs.get("for") for n in named} - {None}, {n.attrs.get("id") for n in named} - {None}
    # In the order in which they can be trusted: a hint is what is left where nothing else names the box.
    tests = (
        [b for b in boxes if fors & set(_own_ids(shot, b))],
        [b for b in boxes if ids & set(b.attrs.get("aria-labelledby", "").split())],
        [b for b in boxes if vocabulary.heading(b.attrs.get("aria-label", "")).lower() == wanted],
        [b for b in boxes if _hint(shot, b) == wanted],
    )
    for found in tests:
        if found:
            return min(found, key=lambda b: b.top is False)
    return None


def _own_ids(shot: Snapshot, box: Node) -> Iterator[str]:
    """The ids of a box and of what is drawn closely around it, for a label may name the frame and not the input."""
    for steps, node in enumerate([box, *shot.ancestors(box)]):
        if steps > 3 or (steps and sum(n.kind in CONTROLS for n in shot.inside(node)) > 1 + (node.kind in CONTROLS)):
            return
        if identity := node.attrs.get("id"):
            yield identity


def _says(shot: Snapshot, node: Node) -> str:
    if shot.last[node.index] - node.index > 8:
        return ""
    return vocabulary.heading(shot.words(node)).lower()


def _hint(shot: Snapshot, box: Node) -> str:
    text = box.attrs.get("placeholder") or (shot.words(box) if box.kind not in TYPED else "")
    return _HINT.sub("", vocabulary.heading(text)).lower()


def _beside(part: FrameSnapshot, boxes: list[Node], wanted: str, within: Scope | None) -> Node | None:
    """By place: the box around or behind the label, else the one just below it."""
    shot = part.shot
    labels = [
        n
        for n in shot.texts
        if vocabulary.heading(n.text).lower() == wanted and (within is None or within.holds(part, n))
    ]
    found = [(d, b) for n in labels for b in boxes if (d := _distance(shot, n, b)) is not None]
    return min(found, key=lambda f: f[0])[1] if found else None


def _distance(shot: Snapshot, label: Node, box: Node) -> float | None:
    """How far a box stands from a label that can be its own; None if it cannot. What is covered comes last."""
    gap = _gap(label.box, box.frame_box)
    if gap is None or _next_label_between(shot, label, box) is not None:
        return None
    return gap + (_COVERED if box.top is False and box.kind not in ("search", "combobox") else 0)


def _gap(a: Box, b: Box) -> float | None:
    if b.holds(a.cx, a.cy):
        return 0.0  # the label floats inside the frame
    if a.overlap_y(b) > min(a.h, b.h) / 3 and b.right > a.right:
        gap = b.x - a.right
        return max(gap, 0.0) if -60 <= gap <= _REACH else None
    if a.overlap_x(b) > 0 and 0 <= b.y - a.bottom + 4 <= _BELOW:
        return _ABOVE + b.y - a.bottom
    return None


def _next_label_between(shot: Snapshot, label: Node, box: Node) -> Node | None:
    """Another label that stands between a label and a box, to which the box then belongs."""
    for node in shot.texts:
        if node is label or not vocabulary.field_of(node.text, vocabulary.FORM_LABELS):
            continue
        inside = box.frame_box.holds(node.box.cx, node.box.cy) and not shot.holds(box, label)
        behind = label.box.right < node.box.x and (node.box.right <= box.frame_box.x + 4 or inside)
        if behind and node.box.overlap_y(label.box) > label.box.h / 2:
            return node
    return None
