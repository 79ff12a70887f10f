"""Reads a whole list: arrives at it, goes through all its pages, and proves that nothing is missing."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TypeVar

from agent.domain.challenges import ChallengeKind
from agent.domain.errors import AgreementAsked, Challenge, PageChanged, SiteRefused, SiteUnavailable
from agent.domain.text import Text
from agent.pages import words
from agent.pages.condition import Condition, ListKind, Sheet, challenge, condition, find_sheet, said, totals
from agent.pages.listing import Row
from agent.pages.overlays import appeared, close_promotions
from agent.pages.paging import LoggedOut, Progress, turn
from agent.pages.shapes import check_shapes
from agent.pages.sideways import returned, widened
from agent.pages.snapshot import Node
from agent.pages.traffic import Exchange, failures, logged_out, punished
from agent.pages.typed import is_cut, missing_column
from agent.pages.values import completes, cut_number, numbers_in
from agent.pages.window import Part, View, Window
from agent.pages.witness import check_witness

T = TypeVar("T")
_MAX_TURNS = 500
_ARRIVAL_SECONDS = 15.0
_HOVER_SECONDS = 3.0
_EMPTY_SECONDS = 1.2
_PAUSE = 0.1


async def arrive(window: Window, kind: ListKind, site: str, mark: int) -> Sheet | None:
    """The list on its first page, or None where the page itself says that there is nothing.

    `mark` is the place in the traffic where the page was opened. Raises LoggedOut, Challenge, SiteUnavailable, and
    PageChanged where neither a list nor a sign of emptiness shows.
    """
    view = await window.settled(_ARRIVAL_SECONDS, lambda v: condition(v, kind) is not Condition.NOTHING)
    view = await close_promotions(window, view)
    view = await _choose_all(window, view, kind)
    exchanges, now = window.traffic.since(mark), condition(view, kind)
    if now is Condition.EMPTY:
        view = await _stayed_empty(window, view, kind)
        exchanges, now = window.traffic.since(mark), condition(view, kind)
    if now is Condition.CHALLENGE:
        raise Challenge(site, challenge(view) or ChallengeKind.SLIDER)
    if now is not Condition.LIST and punished(exchanges):
        raise Challenge(site, ChallengeKind.SLIDER)
    if now is Condition.LOGIN or logged_out(exchanges):
        raise LoggedOut
    if now is Condition.LIST:
        return find_sheet(view, kind)
    if failed := failures(exchanges, window.page.url):
        raise _unavailable(view.address, failed[-1])
    if now is Condition.EMPTY:
        return None
    if agreement := said(view, words.AGREEMENT):
        raise AgreementAsked(site, agreement)
    if now is Condition.ERROR:
        raise SiteUnavailable(view.address, said(view, words.SITE_ERROR) or "")
    raise _nothing(view, kind)


async def _stayed_empty(window: Window, view: View, kind: ListKind) -> View:
    """The page once it has been empty for a while in which it asked the site for nothing.

    Many pages draw their table before they fetch what belongs into it. A page that never stops asking is as it is.
    """
    over = time.monotonic() + _ARRIVAL_SECONDS
    asked, since = window.traffic.mark(), time.monotonic()
    while time.monotonic() - since < _EMPTY_SECONDS and time.monotonic() < over:
        await asyncio.sleep(_PAUSE)
        view = await window.settled(_ARRIVAL_SECONDS)
        if condition(view, kind) is not Condition.EMPTY:
            return await window.settled(_ARRIVAL_SECONDS, lambda v: condition(v, kind) is not Condition.NOTHING)
        if any(e.is_data for e in window.traffic.since(asked)):
            asked, since = window.traffic.mark(), time.monotonic()
    return view


def _unavailable(address: str, failed: Exchange) -> SiteUnavailable:
    if failed.status is None:
        return SiteUnavailable(address, "no answer")
    said = f"HTTP {failed.status}" if failed.status >= 400 else "the answer says that it failed"
    return SiteUnavailable(address, said) if failed.status >= 500 else SiteRefused(address, said)


def _nothing(view: View, kind: ListKind) -> PageChanged:
    sheet = find_sheet(view, kind)
    if sheet is not None:
        return PageChanged(
            view.address, Text("the list has no rows and no sign of being empty", "列表没有任何行，也没有空列表提示")
        )
    return PageChanged(
        view.address, Text("no list and no sign of an empty one was found", "未找到列表，也没有空列表提示")
    )


async def _choose_all(window: Window, view: View, kind: ListKind) -> View:
    """Opens the tab 全部, where there are tabs and another one is open."""
    for part in view.parts:
        tabs = [n for n in part.shot.texts if words.is_one_of(n.text.split("(")[0].split("（")[0], words.ALL_TABS)]
        tabs = [n for n in tabs if n.top is not False and _has_status_beside(part, n, kind)]
        for tab in tabs:
            if _is_chosen(part, tab):
                return view
            await window.click(part, tab)
            return await window.settled(_ARRIVAL_SECONDS, lambda v: condition(v, kind) is not Condition.NOTHING)
    return view


def _has_status_beside(part: Part, tab: Node, kind: ListKind) -> bool:
    beside = [n for n in part.shot.texts if n is not tab and n.box.overlap_y(tab.box) > tab.box.h / 2]
    return any(words.is_one_of(n.text.split("(")[0].split("（")[0], kind.states) for n in beside)


def _is_chosen(part: Part, tab: Node) -> bool:
    if tab.tag in ("b", "strong"):
        return True
    around = [tab, *list(part.shot.ancestors(tab))[:3]]
    for node in around:
        state = node.attrs.get("aria-selected") or node.attrs.get("aria-checked") or node.attrs.get("aria-current")
        if state:
            return state not in ("false", "")
        if any(w in node.classes for w in ("active", "selected", "checked", "current")):
            return True
    return False


async def sheets(window: Window, kind: ListKind, site: str, mark: int) -> AsyncIterator[Sheet]:
    """The list page by page, or scroll step by scroll step; rows may come more than once."""
    sheet, progress = await arrive(window, kind, site, mark), Progress()
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


async def make_whole(window: Window, sheet: Sheet, row: Row) -> None:
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

    def found(view: View) -> set[str]:
        new = (t for p in view.parts for t in appeared(p, before) if t.text)
        return {n for t in new for n in numbers_in(t.text) if cut and completes(cut, n)}

    view = await window.settled(_HOVER_SECONDS, lambda v: len(found(v)) == 1)
    numbers = found(view)
    if len(numbers) == 1:
        cell.said = numbers.pop()
    await window.page.mouse.move(1, 1)
    await window.settled(_HOVER_SECONDS, lambda v: not found(v))


async def read_all(
    window: Window,
    kind: ListKind,
    site: str,
    mark: int,
    needs: Sequence[str],
    *,
    parse: Callable[[Row, str], T],
    key: Callable[[T], str],
    unique: bool = True,
    watch: Callable[[Sheet], None] = lambda _: None,
    enough: Callable[[Sequence[T], set[int]], bool] = lambda _, __: False,
) -> list[T]:
    """Every row of the list, parsed, each once, in the order of the page.

    Only those of its first page, where `enough` is true of them and of the counts that the page states, and there are
    more.

    Raises PageChanged where a column is missing, a row cannot be parsed, a number stands twice, the page states another
    count than was read, or the data that drew the rows holds other numbers.
    """
    found: dict[str, T] = {}
    stated: set[int] = set()
    whole, cut = list[Row](), list[Row]()
    begun = False
    async for sheet in sheets(window, kind, site, mark):
        watch(sheet)
        for row in sheet.listing.rows:
            await make_whole(window, sheet, row)
        missing_column(sheet.listing, needs, sheet.view.address)
        _add(found, sheet, parse, key, unique)
        stated |= totals(sheet)
        whole += sheet.listing.rows
        cut += sheet.listing.cut
        if not begun and enough(list(found.values()), stated) and not _is_count(len(found), stated):
            return list(found.values())
        begun = True
    if begun:
        if not _is_count(len(found), stated) and failures(window.traffic.since(mark), window.page.url):
            raise SiteUnavailable(window.page.url, "a part of the list did not come")
        _prove_count(window.page.url, len(found), stated)
        _prove_cut(window.page.url, cut, whole)
        numbers = {n for k in found for n in numbers_in(k)}
        complete = all(numbers_in(k) for k in found)
        bodies = _bodies(window.traffic.since(mark))
        check_witness(window.page.url, numbers, complete, bodies)
        check_shapes(window.page.url, whole, bodies)
    return list(found.values())


def _add(
    found: dict[str, T], sheet: Sheet, parse: Callable[[Row, str], T], key: Callable[[T], str], unique: bool
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
