"""Widens a list to all of its rows, by what a person would press for that, and tells what stays narrow."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Error, Frame

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages.inference.filters import narrowings
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import find_list
from agent.pages.inference.narrowing import Choice, Narrowing, Sort, covers, unknown_beside
from agent.pages.inference.overlays import appeared
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.inference.place import Place
from agent.pages.inference.time_spans import Meaning, bare, meaning
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import click_at
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_SECONDS = 15.0
_OPEN_SECONDS = 3.0
_MAX_STEPS = 8
_POLLED = 3  # what was asked for that often is asked for by a clock
Key = tuple[str, ...]
_IN_DOUBT = (PageState.LIST, PageState.EMPTY)


@dataclass(frozen=True, slots=True)
class Found:
    """Something that narrows the list, in the frame in which it stands."""

    part: FrameSnapshot
    place: Place
    one: Narrowing


def narrow_in(snapshot: PageSnapshot, kind: ListKind) -> list[Found]:
    """All that narrows the list of the page as it is now."""
    located = find_list(snapshot, kind)
    found = []
    for part in snapshot.parts:
        place = Place(part.shot, located.listing if located is not None and located.part is part else None)
        found += [Found(part, place, one) for one in narrowings(place, kind.states, kind.vocabulary)]
    return found


@dataclass(slots=True)
class Width:
    """How wide a list is. `pieces` are what it can only be read by, one choice after another; `gaps` what stays out.

    `limits` are sentences that limit its time, which count for nothing if older rows are read elsewhere.
    """

    pieces: Found | None
    gaps: list[str]
    limits: list[str]
    rows: dict[str, int]


async def widen(page: LivePage, kind: ListKind, snapshot: PageSnapshot) -> tuple[PageSnapshot, Width]:
    """Choose what is widest wherever there is a choice. Each is tried once: what stays narrow then is told."""
    tried, failed, offers = set[Key](), dict[Key, str](), dict[Key, tuple[Choice, ...]]()
    for _ in range(_MAX_STEPS):
        if page_state(snapshot, kind) not in _IN_DOUBT:
            break
        todo = next((f for f in narrow_in(snapshot, kind) if f.one.key not in tried and _can_widen(f.one)), None)
        if todo is None:
            break
        tried.add(todo.one.key)
        snapshot, counted = await _widened(page, kind, todo, offers)
        if not counted and todo.one.key not in offers:
            failed[todo.one.key] = todo.one.text
    return snapshot, _width(snapshot, kind, failed, offers)


def _can_widen(one: Narrowing) -> bool:
    if one.sort in (Sort.GROUP, Sort.SELECT):
        return one.widest is not None or (one.longest is not None and one.longest.text != one.text)
    return one.sort in (Sort.DRAWN, Sort.BOXES, Sort.TICK, Sort.CHIP, Sort.FOLDED)


def _width(
    snapshot: PageSnapshot, kind: ListKind, failed: Mapping[Key, str], offers: Mapping[Key, tuple[Choice, ...]]
) -> Width:
    width = Width(None, list(failed.values()), [], {})
    for each in narrow_in(snapshot, kind):
        found = replace(each, one=replace(each.one, choices=offers.get(each.one.key, each.one.choices)))
        one = found.one
        if each.one.key in failed:
            continue
        if one.limit:
            width.rows[one.text] = one.limit
        elif one.sort is Sort.STATED:
            width.limits.append(one.text)
        elif width.pieces is None and _in_pieces(one):
            width.pieces = found
            unknown = unknown_beside(found.place, one) if one.sort is Sort.GROUP else set[str]()
            if not covers(one, unknown) and one.sort is not Sort.ELSEWHERE:
                width.gaps.append("、".join(sorted(unknown)) or "、".join(c.text for c in one.choices))
        else:
            width.gaps.append(one.text)
    return width


def _in_pieces(one: Narrowing) -> bool:
    if one.sort is Sort.ELSEWHERE:
        return True
    several = len(one.choices) > 1 and one.widest is None and one.longest is None
    return several and all(c.meaning is not Meaning.OTHER for c in one.choices)


async def _widened(
    page: LivePage, kind: ListKind, todo: Found, offers: dict[Key, tuple[Choice, ...]]
) -> tuple[PageSnapshot, bool]:
    """The page after one choice was widened, and whether that counted: something was asked of the site, or other rows
    show, or the page marks the choice as made. `offers` takes the choices of a drawn list that has no widest.
    """
    one, cursor = todo.one, page.traffic.cursor()
    before = _rows(await page.look(), kind)
    with suppress(PageChanged, Error):
        if one.sort in (Sort.GROUP, Sort.SELECT) and (choice := one.widest or one.longest):
            await choose(page, todo, choice)
        elif one.sort is Sort.DRAWN:
            await _choose_drawn(page, kind, todo, offers)
        else:
            await _undo(page, todo)
    snapshot = await page.settled(_SECONDS, lambda v: page_state(v, kind) is not PageState.NOTHING)
    marked = one.sort is Sort.GROUP and all(f.one.key != one.key for f in narrow_in(snapshot, kind))
    return snapshot, marked or asked(page, cursor) or _rows(snapshot, kind) != before


def asked(page: LivePage, cursor: int) -> bool:
    """True if the page has asked the site for something since, other than what it keeps asking for anyway."""
    earlier = Counter((e.method, e.address) for e in page.traffic.exchanges[:cursor])
    since = (e for e in page.traffic.since(cursor) if e.is_data)
    return any(earlier[e.method, e.address] < _POLLED for e in since)


def _rows(snapshot: PageSnapshot, kind: ListKind) -> tuple[str, ...] | None:
    located = find_list(snapshot, kind)
    return located.signature if located else None


async def choose(page: LivePage, found: Found, choice: Choice) -> None:
    """Make a choice, and press the 查询 that makes it count. Raise PageChanged if it cannot be reached."""
    one, part = found.one, found.part
    if one.sort is Sort.SELECT:
        await (await page.element(part, one.control)).select_option(label=choice.text)
    elif one.sort is Sort.DRAWN:
        offered = await _offered(page, found)
        at = next(((p, n) for p, n in offered if bare(n.text) == choice.text), None)
        if at is not None:
            await page.click(*at)
    elif choice.node is not None:
        await page.click(part, choice.node)
    await _search(page, found)


async def _search(page: LivePage, found: Found) -> None:
    """Press 查询, if there is one and the page is still the same."""
    await page.settled(_OPEN_SECONDS)
    if found.one.query is not None:
        with suppress(PageChanged, Error):
            await page.click(found.part, found.one.query)


async def _undo(page: LivePage, found: Found) -> None:
    match found.one.sort:
        case Sort.BOXES:
            await _empty(page, found)
        case _:
            await page.click(found.part, found.one.control)
    await _search(page, found)


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
        await _press_clear(page, *now)


async def _press_clear(page: LivePage, part: FrameSnapshot, box: Node) -> None:
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


async def _choose_drawn(page: LivePage, kind: ListKind, found: Found, offers: dict[Key, tuple[Choice, ...]]) -> None:
    """Open a drawn list of choices and take the widest, else the longest, else note what it offers."""
    offered = await _offered(page, found)
    choices = tuple(Choice(bare(n.text), meaning(n.text, kind.states)) for _, n in offered)
    one = replace(found.one, choices=tuple(c for c in choices if c.meaning is not Meaning.OTHER))
    best = one.widest or one.longest
    if best is not None:
        await page.click(*next((p, n) for p, n in offered if bare(n.text) == best.text))
        await _search(page, found)
        return
    await _close(page, found, {n.id for _, n in offered})
    if one.choices:
        offers[found.one.key] = one.choices
    else:
        await _press_clear(page, found.part, found.one.control)
        await _search(page, found)


async def _close(page: LivePage, found: Found, offered: set[int]) -> None:
    """Close a list of choices: by a key, else by a second click on what opened it."""
    await page.raw.keyboard.press("Escape")
    snapshot = await page.settled(_OPEN_SECONDS)
    if any(offered & part.shot.ids for part in snapshot.parts if part.registry is found.part.registry):
        await click_at(page, found.part, found.one.control)
        await page.settled(_OPEN_SECONDS)


async def _offered(page: LivePage, found: Found) -> list[tuple[FrameSnapshot, Node]]:
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
        return await page.settled(_SECONDS, lambda v: page_state(v, kind) is not PageState.NOTHING)
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


def gap(text: str) -> Text:
    """What is not among the rows that were read, for people."""
    return Text(f"the list stays narrowed by “{text[:60]}”", f"列表仍受“{text[:60]}”限制，未能读取全部")


def narrowed_aside(snapshot: PageSnapshot, kind: ListKind) -> list[str]:
    """What narrows a list on a page of older rows: whatever it offers but the way back."""
    found = (f.one for f in narrow_in(snapshot, kind) if f.one.sort is not Sort.ELSEWHERE and not f.one.limit)
    back = (Meaning.EARLIER, Meaning.RECENT)
    return [one.text for one in found if meaning(one.text, ()) not in back]
