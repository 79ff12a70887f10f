"""Makes a choice that narrows a list, or takes it back: in a drop-down, a drawn list, boxes, a link to older rows."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Error, Frame

from agent.domain.page_errors import PageChanged
from agent.pages.actions.narrowed import Found, narrow_in
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.narrowing import Choice, Sort
from agent.pages.inference.overlays import appeared
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.inference.time_spans import bare
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import click_at
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

DRAWN_SECONDS = 15.0
_OPEN_SECONDS = 3.0


async def choose(page: LivePage, found: Found, choice: Choice) -> None:
    """Make a choice, and press the 查询 that makes it count. Raise PageChanged if it cannot be reached."""
    one, part = found.one, found.part
    if one.sort is Sort.SELECT:
        await (await page.element(part, one.control)).select_option(label=choice.text)
    elif one.sort is Sort.DRAWN:
        offered = await offered_by(page, found)
        at = next(((p, n) for p, n in offered if bare(n.text) == choice.text), None)
        if at is not None:
            await page.click(*at)
    elif choice.node is not None:
        await page.click(part, choice.node)
    await search(page, found)


async def search(page: LivePage, found: Found) -> None:
    """Press 查询, if there is one and the page is still the same."""
    await page.settled(_OPEN_SECONDS)
    if found.one.query is not None:
        with suppress(PageChanged, Error):
            await page.click(found.part, found.one.query)


async def undo(page: LivePage, found: Found) -> None:
    """Take back what narrows a list: empty its boxes, or press what chose it."""
    match found.one.sort:
        case Sort.BOXES:
            await _empty(page, found)
        case _:
            await page.click(found.part, found.one.control)
    await search(page, found)


async def _empty(page: LivePage, found: Found) -> None:
    """Empty boxes: by 重置, and one by one where something is left in them."""
    one, part = found.one, found.part
    if one.reset is not None:
        await page.click(part, one.reset)
        await page.settled(_OPEN_SECONDS)
    for box in one.boxes:
        now = await _now(page, part, box)
        if now is not None and (now[1].value or now[1].kind is None):
            await _empty_one(page, *now)


async def _now(page: LivePage, part: FrameSnapshot, node: Node) -> tuple[FrameSnapshot, Node] | None:
    """A box as it is now; None if the page has thrown it away."""
    snapshot = await page.look()
    same = next((p for p in snapshot.parts if p.registry is part.registry), None)
    now = same.shot.by_id(node.id) if same else None
    return (same, now) if same is not None and now is not None else None


async def _empty_one(page: LivePage, part: FrameSnapshot, box: Node) -> None:
    element = await page.element(part, box)
    if box.kind is not None and not box.readonly:
        with suppress(Error):
            await element.fill("", timeout=3000)
            await page.raw.keyboard.press("Tab")
        await page.settled(_OPEN_SECONDS)
    now = await _now(page, part, box)
    if now is not None and (now[1].value or box.kind is None):
        await press_clear(page, *now)


async def press_clear(page: LivePage, part: FrameSnapshot, box: Node) -> None:
    """Press the × of a box, which many kits show only while the pointer rests on it."""
    await page.hover(part, box)
    snapshot = await page.settled(_OPEN_SECONDS)
    same = next((p for p in snapshot.parts if p.registry is part.registry), None)
    node = same.shot.by_id(box.id) if same else None
    if same is None or node is None:
        return
    for outer in [node, *list(same.shot.ancestors(node))[:3]]:
        icons = [n for n in same.shot.inside(outer) if n.shown and not n.text and _clears(n)]
        if icons and outer.frame_box.h < 80:
            await page.click(same, icons[-1])
            await page.settled(_OPEN_SECONDS)
            return


def _clears(node: Node) -> bool:
    return "clear" in node.classes or "close" in node.classes


async def close_offer(page: LivePage, found: Found, offered: set[int]) -> None:
    """Close a list of choices: by a key, else by a second click on what opened it."""
    await page.raw.keyboard.press("Escape")
    snapshot = await page.settled(_OPEN_SECONDS)
    if any(offered & part.shot.ids for part in snapshot.parts if part.registry is found.part.registry):
        await click_at(page, found.part, found.one.control)
        await page.settled(_OPEN_SECONDS)


async def offered_by(page: LivePage, found: Found) -> list[tuple[FrameSnapshot, Node]]:
    """What a drawn box offers once it was opened."""
    before = (await page.look()).ids()
    snapshot = await _opened(page, found, before)
    new = [(p, n) for p in snapshot.parts for n in appeared(p, before) if n.text and n.top is not False]
    return [(p, n) for p, n in new if len(n.text) < 24]


async def _opened(page: LivePage, found: Found, before: Mapping[Frame, frozenset[int]]) -> PageSnapshot:
    part, control = found.part, found.one.control
    if control.kind is None:
        await page.click(part, control)
    else:
        await click_at(page, part, control)
    return await page.settled(_OPEN_SECONDS, lambda v: any(appeared(p, before) for p in v.parts))


async def go_to(page: LivePage, kind: ListKind, found: Found, choice: Choice | None) -> PageSnapshot | None:
    """The page with the next piece of the list on it; None if nothing leads there.

    `choice` is None for a link to another page, which is opened in this window whatever its link says.
    """
    again = found if choice is None else _same(await page.look(), kind, found)
    if again is None:
        return None
    with suppress(PageChanged, Error):
        if choice is None:
            await _follow(page, again)
        else:
            now = next((c for c in again.one.choices if c.text == choice.text), None)
            if now is None:
                return None
            await choose(page, again, now)
        return await page.settled(DRAWN_SECONDS, lambda v: page_state(v, kind) is not PageState.NOTHING)
    return None


def _same(snapshot: PageSnapshot, kind: ListKind, found: Found) -> Found | None:
    """The choices as they are drawn now, whichever is in force."""
    texts = {c.text for c in found.one.choices}
    for each in narrow_in(snapshot, kind):
        drawn = each.one.sort is Sort.DRAWN and found.one.sort is Sort.DRAWN and bare(each.one.text) in texts
        if drawn:
            return replace(each, one=replace(each.one, choices=found.one.choices))
        if {c.text for c in each.one.choices} == texts:
            return each
    return None


async def _follow(page: LivePage, found: Found) -> None:
    part, node = found.part, found.one.control
    worked = part.shot.worked_by(node)
    href = worked.attrs.get("href", "") if worked is not None else ""
    to = urljoin(part.shot.address, href)
    if href and not href.startswith(("#", "javascript:")) and urlsplit(to).netloc == urlsplit(part.shot.address).netloc:
        await page.open(to)
    else:
        await page.click(part, node)
