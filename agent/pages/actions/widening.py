"""Widens a list to all of its rows, by what a person would press for that, and tells what stays narrow."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from playwright.async_api import Error

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages.actions.choosing import DRAWN_SECONDS, choose, close_offer, offered_by, press_clear, search, undo
from agent.pages.actions.narrowed import Found, narrow_in
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import find_list
from agent.pages.inference.narrowing import Choice, Narrowing, Sort, covers, unknown_beside
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.inference.time_spans import Meaning, bare, meaning
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

_MAX_STEPS = 8
_POLLED = 3  # what was asked for that often is asked for by a clock
Key = tuple[str, ...]
_IN_DOUBT = (PageState.LIST, PageState.EMPTY)


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
            await undo(page, todo)
    snapshot = await page.settled(DRAWN_SECONDS, lambda v: page_state(v, kind) is not PageState.NOTHING)
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


async def _choose_drawn(page: LivePage, kind: ListKind, found: Found, offers: dict[Key, tuple[Choice, ...]]) -> None:
    """Open a drawn list of choices and take the widest, else the longest, else note what it offers."""
    offered = await offered_by(page, found)
    choices = tuple(Choice(bare(n.text), meaning(n.text, kind.states)) for _, n in offered)
    one = replace(found.one, choices=tuple(c for c in choices if c.meaning is not Meaning.OTHER))
    best = one.widest or one.longest
    if best is not None:
        await page.click(*next((p, n) for p, n in offered if bare(n.text) == best.text))
        await search(page, found)
        return
    await close_offer(page, found, {n.id for _, n in offered})
    if one.choices:
        offers[found.one.key] = one.choices
    else:
        await press_clear(page, found.part, found.one.control)
        await search(page, found)


def gap(text: str) -> Text:
    """What is not among the rows that were read, for people."""
    return Text(f"the list stays narrowed by “{text[:60]}”", f"列表仍受“{text[:60]}”限制，未能读取全部")


def narrowed_aside(snapshot: PageSnapshot, kind: ListKind) -> list[str]:
    """What narrows a list on a page of older rows: whatever it offers but the way back."""
    found = (f.one for f in narrow_in(snapshot, kind) if f.one.sort is not Sort.ELSEWHERE and not f.one.limit)
    back = (Meaning.EARLIER, Meaning.RECENT)
    return [one.text for one in found if meaning(one.text, ()) not in back]
