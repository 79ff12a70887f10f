"""Reads a whole list: arrives at it, goes through all its pages, and proves that nothing is missing."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from agent.domain.challenges import ChallengeKind
from agent.domain.errors import AgreementAsked, Challenge, DemandMade, PageChanged, SiteRefused, SiteUnavailable
from agent.domain.text import Text
from agent.pages import vocabulary
from agent.pages.actions.arrival import close_promotions
from agent.pages.actions.horizontal_scroll import returned, widened
from agent.pages.actions.hover import make_stated
from agent.pages.actions.paging import LoggedOut, Progress, to_first, turn
from agent.pages.actions.widening import Found, Width, asked, gap, go_to, narrowed_aside, widen
from agent.pages.inference.cross_check import check_witness
from agent.pages.inference.demands import demand
from agent.pages.inference.narrowing import Choice
from agent.pages.inference.number_shapes import check_shapes
from agent.pages.inference.overlays import appeared
from agent.pages.inference.page_state import (
    ListKind,
    LocatedList,
    PageState,
    challenge,
    find_list,
    page_state,
    said,
    totals,
    trouble_of_site,
)
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.records import is_cut, missing_column, no_loose_words
from agent.pages.inference.stated_total import Listed
from agent.pages.inference.time_spans import Meaning
from agent.pages.live.network import Exchange, failures, logged_out, punished
from agent.pages.live.page import LivePage
from agent.pages.values import completes, cut_number, numbers_in
from agent.pages.view import PageSnapshot

T = TypeVar("T")
_MAX_TURNS = 500
_ARRIVAL_SECONDS = 15.0
_HOVER_SECONDS = 3.0
_EMPTY_SECONDS = 1.2
_PAUSE = 0.1
# What a page is taken for that wants something of the account's owner first.
_HELD_UP = (PageState.LOGIN, PageState.CHALLENGE, PageState.NOTHING)


async def arrive(window: LivePage, kind: ListKind, site: str, mark: int) -> LocatedList | None:
    """The list on its first page, or None where the page itself says that there is nothing.

    `mark` is the place in the traffic where the page was opened. Raises LoggedOut, Challenge, SiteUnavailable, and
    PageChanged where neither a list nor a sign of emptiness shows.
    """
    return (await _arrived(window, kind, site, mark))[0]


async def _arrived(window: LivePage, kind: ListKind, site: str, mark: int) -> tuple[LocatedList | None, Width]:
    """As arrive(), with how wide the list is once everything was chosen that widens it."""
    view = await window.settled(_ARRIVAL_SECONDS, lambda v: page_state(v, kind) is not PageState.NOTHING)
    view, width = await widen(window, kind, await close_promotions(window, view))
    return await _judged(window, kind, site, mark, view), width


async def _judged(window: LivePage, kind: ListKind, site: str, mark: int, view: PageSnapshot) -> LocatedList | None:
    """The list that a page shows, or None where it says that there is nothing. Raises as arrive()."""
    exchanges, now = window.traffic.since(mark), page_state(view, kind)
    _check_demands(view, now, site)
    if now is PageState.EMPTY:
        view = await _stayed_empty(window, view, kind)
        exchanges, now = window.traffic.since(mark), page_state(view, kind)
    if now is PageState.CHALLENGE:
        raise Challenge(site, challenge(view) or ChallengeKind.SLIDER)
    if now is not PageState.LIST and punished(exchanges):
        raise Challenge(site, ChallengeKind.SLIDER)
    if now is PageState.LOGIN or logged_out(exchanges):
        raise LoggedOut
    if now is PageState.LIST:
        return find_list(view, kind)
    if failed := failures(exchanges, window.page.url):
        raise _unavailable(view.address, failed[-1])
    if now is PageState.EMPTY:
        return None
    if agreement := said(view, vocabulary.AGREEMENT):
        raise AgreementAsked(site, agreement)
    if now is PageState.ERROR:
        raise SiteUnavailable(view.address, trouble_of_site(view) or "")
    raise _nothing(view, kind)


def _check_demands(view: PageSnapshot, now: PageState, site: str) -> None:
    """Raise DemandMade if the page wants something of the account's owner first."""
    if now in _HELD_UP and (made := demand(view)):
        raise DemandMade(site, *made)


async def _stayed_empty(window: LivePage, view: PageSnapshot, kind: ListKind) -> PageSnapshot:
    """The page once it has been empty for a while in which it asked the site for nothing.

    Many pages draw their table before they fetch what belongs into it. A page that never stops asking is as it is.
    """
    over = time.monotonic() + _ARRIVAL_SECONDS
    asked, since = window.traffic.mark(), time.monotonic()
    while time.monotonic() - since < _EMPTY_SECONDS and time.monotonic() < over:
        await asyncio.sleep(_PAUSE)
        view = await window.settled(_ARRIVAL_SECONDS)
        if page_state(view, kind) is not PageState.EMPTY:
            return await window.settled(_ARRIVAL_SECONDS, lambda v: page_state(v, kind) is not PageState.NOTHING)
        if any(e.is_data for e in window.traffic.since(asked)):
            asked, since = window.traffic.mark(), time.monotonic()
    return view


def _unavailable(address: str, failed: Exchange) -> SiteUnavailable:
    if failed.status is None:
        return SiteUnavailable(address, "no answer")
    said = f"HTTP {failed.status}" if failed.status >= 400 else "the answer says that it failed"
    return SiteUnavailable(address, said) if failed.status >= 500 else SiteRefused(address, said)


def _nothing(view: PageSnapshot, kind: ListKind) -> PageChanged:
    sheet = find_list(view, kind)
    if sheet is not None:
        return PageChanged(
            view.address, Text("the list has no rows and no sign of being empty", "列表没有任何行，也没有空列表提示")
        )
    return PageChanged(
        view.address, Text("no list and no sign of an empty one was found", "未找到列表，也没有空列表提示")
    )


async def sheets(window: LivePage, kind: ListKind, site: str, mark: int) -> AsyncIterator[LocatedList]:
    """The list page by page, or scroll step by scroll step; rows may come more than once."""
    async for piece in pieces(window, kind, site, mark, Gaps()):
        async for sheet in _leafed(window, kind, piece.first, mark):
            yield sheet


async def _leafed(window: LivePage, kind: ListKind, sheet: LocatedList | None, mark: int) -> AsyncIterator[LocatedList]:
    """What is shown now page by page, to its end."""
    progress = Progress()
    if sheet is not None:
        sheet = await to_first(window, kind, sheet)
    for _ in range(_MAX_TURNS):
        if sheet is None:
            return
        whole = await widened(window, kind, sheet)
        yield whole
        if whole.view is not sheet.view:
            sheet = await returned(window, kind, sheet, whole)
        turned = await turn(window, kind, sheet, progress)
        if turned and turned.view.loading and failures(window.traffic.since(mark), window.page.url):
            # An endless list goes on asking for more after a page that did not come, and never shows that one.
            raise SiteUnavailable(window.page.url, "a part of the list did not come")
        sheet = turned
    raise PageChanged(window.page.url, Text("the list has no end", "列表没有尽头"))


@dataclass(slots=True)
class Gaps:
    """What is known to be missing of a list that was read; nothing where it is whole. `rows` are sentences that limit
    the number of rows, with that number.
    """

    missing: list[Text] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def note(self, said: str) -> None:
        """Adds what keeps the list from being whole."""
        self.missing.append(gap(said))

    def after(self, count: int) -> tuple[Text, ...]:
        """What is missing, once so many rows were read."""
        return (*self.missing, *(gap(said) for said, limit in self.rows.items() if count >= limit))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a list that is leafed through by itself. `aside`: on a page of its own. `alone`: it is all."""

    first: LocatedList | None
    said: str = ""
    aside: bool = False
    alone: bool = True


async def pieces(window: LivePage, kind: ListKind, site: str, mark: int, gaps: Gaps) -> AsyncIterator[Piece]:
    """The list in as few pieces as it can be read in: one, where something shows all of it. `gaps` is filled in."""
    sheet, width = await _arrived(window, kind, site, mark)
    for each in width.gaps:
        gaps.note(each)
    gaps.rows = width.rows
    found = width.pieces
    yield Piece(sheet, alone=found is None and not (gaps.missing or width.limits))
    choices: list[Choice | None] = []
    if found is not None:
        choices = [c for c in found.one.choices if c.said != found.one.said] if found.one.choices else [None]
    reached = False
    for choice in choices:
        piece = await _further(window, kind, site, found, choice) if found is not None else None
        if piece is None:
            gaps.note(choice.said if choice else found.one.said if found else "")
            continue
        reached |= choice is None or choice.meaning is Meaning.EARLIER
        yield piece
        if choice is None:
            for said in narrowed_aside(await window.look(), kind):
                gaps.note(said)
    for said in () if reached else width.limits:
        gaps.note(said)


async def _further(window: LivePage, kind: ListKind, site: str, found: Found, choice: Choice | None) -> Piece | None:
    """The next piece of a list; None where nothing leads there, or nothing came of it."""
    before, mark = (await window.look()).fingerprint, window.traffic.mark()
    view = await go_to(window, kind, found, choice)
    if view is None or (view.fingerprint == before and not asked(window, mark)):
        return None
    try:
        first = await _judged(window, kind, site, mark, view)
    except PageChanged:
        return None
    return Piece(first, choice.said if choice else found.one.said, aside=choice is None, alone=False)


async def make_whole(window: LivePage, sheet: LocatedList, row: Row) -> None:
    """Gives a row whose number is shown shortened its number in full, from what shows when the pointer rests on it."""
    if not is_cut(row):
        return
    cell = row.cells["order_no"]
    cut = cut_number(cell.text)
    node = next((n for n in cell.nodes if cut_number(n.text)), cell.nodes[0])
    # Kits look at where the pointer comes from; the first move in a new document comes from nowhere.
    await window.page.mouse.move(1, 1)
    before = (await window.look()).ids()
    await window.hover(sheet.part, node)

    def found(view: PageSnapshot) -> set[str]:
        new = (t for p in view.parts for t in appeared(p, before) if t.text)
        return {n for t in new for n in numbers_in(t.text) if cut and completes(cut, n)}

    view = await window.settled(_HOVER_SECONDS, lambda v: len(found(v)) == 1)
    numbers = found(view)
    if len(numbers) == 1:
        cell.said = numbers.pop()
    await window.page.mouse.move(1, 1)
    await window.settled(_HOVER_SECONDS, lambda v: not found(v))


async def read_all(
    window: LivePage,
    kind: ListKind,
    site: str,
    mark: int,
    needs: Sequence[str],
    *,
    parse: Callable[[Row, str], T],
    key: Callable[[T], str],
    unique: bool = True,
    watch: Callable[[LocatedList], None] = lambda _: None,
    enough: Callable[[Sequence[T], set[int]], bool] = lambda _, __: False,
) -> Listed[T]:
    """Every row of the list, parsed, each once, in the order of the page.

    Only those of its first page, where `enough` is true of them and of the counts that the page states, and there are
    more.

    Raises PageChanged where a column is missing, a row cannot be parsed, a number stands twice, the page states another
    count than was read, or the data that drew the rows holds other numbers.
    """
    found: dict[str, T] = {}
    whole, cut = list[Row](), list[Row]()
    gaps, begun = Gaps(), False
    async for piece in pieces(window, kind, site, mark, gaps):
        stated, own = set[int](), dict[str, T]()
        try:
            async for sheet in _leafed(window, kind, piece.first, mark):
                watch(sheet)
                for row in sheet.listing.rows:
                    await make_whole(window, sheet, row)
                    await make_stated(window, sheet, row, kind)
                missing_column(sheet.listing, needs, sheet.view.address)
                no_loose_words(sheet.listing, sheet.view.address)
                _add(own, sheet, parse, key, unique)
                stated |= totals(sheet)
                whole += sheet.listing.rows
                cut += sheet.listing.cut
                known = not begun and piece.alone and enough(list(own.values()), stated)
                if known and not _is_count(len(own), stated):
                    return Listed(own.values())
                begun = True
            _unite(found, own, window.page.url)
            if piece.first is not None:
                _prove_piece(window, mark, len(own), stated)
        except PageChanged:
            if not piece.aside:
                raise
            gaps.note(piece.said)
    if begun:
        _prove_cut(window.page.url, cut, whole)
        numbers = {n for k in found for n in numbers_in(k)}
        complete = all(numbers_in(k) for k in found)
        bodies = _bodies(window.traffic.since(mark))
        check_witness(window.page.url, numbers, complete, bodies)
        check_shapes(window.page.url, whole, bodies)
    return Listed(found.values(), gaps.after(len(found)))


def _unite(found: dict[str, T], own: dict[str, T], address: str) -> None:
    """Adds the rows of one piece to those of the others. Raises SiteUnavailable where one was seen to change."""
    for name, item in own.items():
        if found.setdefault(name, item) != item:
            raise SiteUnavailable(address, f"the row of {name} changed while the list was read")


def _prove_piece(window: LivePage, mark: int, count: int, stated: set[int]) -> None:
    if not _is_count(count, stated) and failures(window.traffic.since(mark), window.page.url):
        raise SiteUnavailable(window.page.url, "a part of the list did not come")
    _prove_count(window.page.url, count, stated)


def _add(
    found: dict[str, T], sheet: LocatedList, parse: Callable[[Row, str], T], key: Callable[[T], str], unique: bool
) -> None:
    here: dict[str, int] = {}
    for row in sheet.listing.rows:
        item = parse(row, sheet.view.address)
        name = key(item)
        here[name] = here.get(name, 0) + 1
        if here[name] > 1:
            # Without a number two orders of one second can look alike; two orders with one number cannot both be right.
            if unique and numbers_in(name):
                raise PageChanged(
                    sheet.view.address, Text(f"the number {name} stands in two rows", f"订单号 {name} 出现在两行")
                )
            name = f"{name}#{here[name]}"
        if found.setdefault(name, item) != item:
            # Seen twice and different: the list moved while it was read, so it is read anew.
            raise SiteUnavailable(sheet.view.address, f"the row of {name} changed while the list was read")


def _is_count(count: int, stated: set[int]) -> bool:
    return not stated or count >= max(stated)


def _prove_count(address: str, count: int, stated: set[int]) -> None:
    if not _is_count(count, stated):
        raise PageChanged(
            address,
            Text(
                f"the page states {max(stated)} rows but only {count} were found",
                f"页面显示共{max(stated)}条，只读到{count}条",
            ),
        )


def _prove_cut(address: str, cut: Sequence[Row], whole: Sequence[Row]) -> None:
    """Raises PageChanged where a row was cut off by the edge of the list, and never came whole."""
    for row in cut:
        if not any(_shows_part_of(row, other) for other in whole):
            said = " ".join(cell.text for cell in row.cells.values() if cell.text)
            raise PageChanged(
                address,
                Text(f"the row “{said[:40]}” is cut off by the edge of the list", f"“{said[:40]}”一行在列表边缘被截断"),
            )


def _shows_part_of(row: Row, other: Row) -> bool:
    shown = {name: cell.text for name, cell in row.cells.items() if cell.text}
    return all(name in other.cells and text in other.cells[name].text for name, text in shown.items())


def _bodies(exchanges: Sequence[Exchange]) -> list[object]:
    return [e.body for e in exchanges if e.body is not None]
