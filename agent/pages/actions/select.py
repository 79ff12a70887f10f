"""Chooses an option: in a native select, in a list that is drawn somewhere on the page, on a wheel."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from playwright.async_api import Error, Frame

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text, fold
from agent.pages import vocabulary
from agent.pages.inference.fields import TYPED, Field
from agent.pages.inference.overlays import appeared, floats
from agent.pages.inference.readback import shown
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import click_at, wheel_at
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

Known = Mapping[Frame, frozenset[int]]
DONE = ("确认", "确定", "完成", "选好了", "OK", "Done", "Confirm")
_SECONDS = 4.0
_MAX_SCROLLS = 25


async def choose(page: LivePage, field: Field, option: str) -> None:
    """Choose an option by its exact words, in a native select, a drawn list or a wheel. Raise PageChanged."""
    snapshot = await page.look()
    if fold(shown(snapshot, field)) == fold(option):
        return
    if field.control.kind == "select":
        await choose_native(page, field, option)
        return
    before = snapshot.ids()
    await open_box(page, field)
    snapshot = await page.settled(_SECONDS, lambda v: any(appeared(p, before) for p in v.parts))
    found = _option(snapshot, before, option) or await _search(page, field, before, option)
    found = found or await _scroll_to(page, before, option)
    if found is not None:
        await _take(page, before, found)
        await finish(page, before)
    elif fold(shown(await page.settled(_SECONDS), field)) != fold(option):
        raise _no_option(page, field, option)


async def choose_among(page: LivePage, field: Field, pick: Callable[[Sequence[str]], str | None]) -> None:
    """Open a drawn box and take the option that `pick` chooses among the words offered.

    Raise PageChanged, the list closed again, if it chooses none.
    """
    before = (await page.look()).ids()
    await open_box(page, field)
    snapshot = await page.settled(_SECONDS, lambda v: any(appeared(p, before) for p in v.parts))
    part, entries, _ = _entries(snapshot, before)
    option = pick([n.text for n in entries])
    if part is None or option is None:
        await page.raw.keyboard.press("Escape")
        raise _no_option(page, field, "-")
    await _take(page, before, (part, next(n for n in entries if n.text == option)))
    await finish(page, before)


async def choose_native(page: LivePage, field: Field, option: str) -> None:
    """Choose an option of a control of the browser's own. Raise PageChanged if it has none of these words."""
    element = await page.element(field.part, field.control)
    label = next((o for o in field.control.options if fold(o) == fold(option)), None)
    if label is None:
        raise _no_option(page, field, option)
    await element.select_option(label=label)


def _no_option(page: LivePage, field: Field, option: str) -> PageChanged:
    return PageChanged(
        page.raw.url, Text(f"{field.label} has no option “{option}”", f"“{field.label}”中没有选项“{option}”")
    )


async def open_box(page: LivePage, field: Field) -> None:
    """Open a drawn control by a click at its middle, which may be covered by the words that it shows."""
    element = await page.element(field.part, field.control)
    with suppress(Error):  # a transparent input cannot be scrolled to, and need not be
        await element.scroll_into_view_if_needed(timeout=5000)
    if not await click_at(page, field.part, field.control):
        raise PageChanged(page.raw.url, Text(f"{field.label} cannot be opened", f"“{field.label}”无法打开"))


def _option(snapshot: PageSnapshot, before: Known, option: str) -> tuple[FrameSnapshot, Node] | None:
    """The option among what has appeared; one that a click reaches rather than one that has to be scrolled to."""
    for part in reversed(snapshot.parts):
        new = [n for n in appeared(part, before) if n.text and n.folded == fold(option)]
        new = [n for n in new if n.top is not False] or [n for n in new if _can_be_scrolled_to(part, n)]
        if new:
            return part, new[0]
    return None


def _can_be_scrolled_to(part: FrameSnapshot, node: Node) -> bool:
    return any(outer.scrolls for outer in part.shot.ancestors(node))


async def _search(page: LivePage, field: Field, before: Known, option: str) -> tuple[FrameSnapshot, Node] | None:
    """Type the option, if the box or its list can be typed into, and take what is left."""
    if field.control.readonly or (field.drawn and not await _types_into_list(page, before)):
        return None
    await page.raw.keyboard.press("ControlOrMeta+A")
    await page.raw.keyboard.type(option)
    snapshot = await page.settled(_SECONDS, lambda v: _option(v, before, option) is not None)
    return _option(snapshot, before, option)


async def _types_into_list(page: LivePage, before: Known) -> bool:
    """Put the focus into the search box of a list that has appeared; false if it has none."""
    snapshot = await page.look()
    for part in snapshot.parts:
        boxes = [n for n in appeared(part, before) if n.kind in TYPED and n.top is not False and not n.readonly]
        if boxes:
            await page.click(part, boxes[0])
            return True
    return False


async def _scroll_to(page: LivePage, before: Known, option: str) -> tuple[FrameSnapshot, Node] | None:
    """Turn through a list that draws only a part of its options: down to its end, then up."""
    for step in (1, -1):
        for _ in range(_MAX_SCROLLS):
            snapshot = await page.settled(_SECONDS)
            if found := _option(snapshot, before, option):
                return found
            if not await _turn(page, snapshot, before, step):
                break
    return None


async def _turn(page: LivePage, snapshot: PageSnapshot, before: Known, step: int) -> bool:
    """Turn by nearly what is seen; false if that changes nothing."""
    part, entries, waits = _entries(snapshot, before)
    if part is None or not entries:
        return False
    edge = max(entries, key=lambda n: n.box.cy * step)
    height = max(n.box.bottom for n in entries) - min(n.box.y for n in entries)
    await wheel_at(page, part, entries[len(entries) // 2], step * max(60.0, height * 0.6))
    after = await page.settled(_SECONDS)
    if after.fingerprint == snapshot.fingerprint and waits:
        await click_at(page, part, edge)
        after = await page.settled(_SECONDS)
    return after.fingerprint != snapshot.fingerprint


def _entries(snapshot: PageSnapshot, before: Known) -> tuple[FrameSnapshot | None, list[Node], bool]:
    """What is offered; and whether a button ends it, so that a click on an entry chooses nothing yet."""
    for part in reversed(snapshot.parts):
        new = [n for n in appeared(part, before) if n.text and n.top]
        done = [n for n in new if vocabulary.is_one_of(n.text, DONE)]
        entries = [n for n in new if not vocabulary.is_one_of(n.text, (*DONE, *vocabulary.DISMISS))]
        if entries:
            return part, entries, bool(done)
    return None, [], False


async def _take(page: LivePage, before: Known, found: tuple[FrameSnapshot, Node]) -> None:
    """Click an option. Lists glide open and wheels turn: what moved away meanwhile is looked for once more."""
    try:
        await page.click(*found)
    except PageChanged:
        again = _option(await page.settled(_SECONDS), before, found[1].text)
        if again is None:
            raise
        await page.click(*again)


async def finish(page: LivePage, before: Known) -> None:
    """Press the 确认 of pickers that want one. A form's own, which can be drawn anew meanwhile, is none of theirs."""
    snapshot = await page.settled(_SECONDS)
    for part in reversed(snapshot.parts):
        new = appeared(part, before)
        fresh = {n.index for n in new}
        buttons = [n for n in new if vocabulary.is_one_of(n.text, DONE) and n.top and floats(part, n, fresh)]
        buttons = [n for n in buttons if part.shot.worked_by(n) and not part.shot.is_disabled(n)]
        if buttons:
            await page.click(part, buttons[0])
            await page.settled(_SECONDS)
            return
