"""Finds the row of an order or a filing on the page, and again after the page has drawn it anew."""

from collections.abc import Awaitable, Callable

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.flows.session.session import Session
from agent.pages.actions.arrival import close_promotions, covering
from agent.pages.actions.horizontal_scroll import is_narrow
from agent.pages.actions.hover import make_stated, make_whole
from agent.pages.actions.list_arrival import OpenedList
from agent.pages.actions.list_pieces import each_page
from agent.pages.inference.list_checks import no_loose_words
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.row_proof import proves_own
from agent.pages.live.page import LivePage
from agent.pages.live.scroll_into_view import bring
from agent.pages.snapshot import Node
from agent.pages.view import PageSnapshot


def note_rows(session: Session, located: LocatedList) -> None:
    """Tell the session that a list shows rows: whoever sees them is inside."""
    if located.parsed.rows:
        session.note_inside()


_VEIL_SECONDS = 10.0
Matches = Callable[[Row, str], bool]
Match = Callable[[LocatedList], Awaitable[Row | None]]


async def find_row(
    session: Session, address: str, kind: ListKind, plausible: Matches, matches: Matches
) -> tuple[LocatedList, Row]:
    """The row for which `matches` is true, on the page of the list where it stands now, ready to be worked.

    `plausible` tells, before a shortened number is looked up, whether a row can be it. Looks first at what is open.
    Raise PageChanged if it is on no page.
    """
    page = session.page

    async def match(located: LocatedList) -> Row | None:
        no_loose_words(located.parsed, located.snapshot.address)
        for row in located.parsed.rows:
            await make_stated(page, located, row, kind)
            if plausible(row, located.snapshot.address):
                await make_whole(page, located, row)
                if matches(row, located.snapshot.address):
                    return row
        return None

    async def read() -> tuple[LocatedList, Row]:
        cursor = await session.open(address)
        async for located in each_page(OpenedList(page, kind, session.title, cursor)):
            note_rows(session, located)
            if row := await match(located):
                return await _brought(page, kind, *await _unveiled(page, kind, located, row, match), match)
        raise PageChanged(address, Text("a row that was there is gone", "之前的行已不在列表中"))

    here = find_list(await close_promotions(page, await page.look()), kind)
    if here is not None and is_narrow(here, kind):
        here = None  # some of its columns come by scrolling sideways
    if here is not None and session.at(address) and (row := await match(here)) and any(n.top for n in row.nodes):
        return await _brought(page, kind, here, row, match)
    return await session.reading(read)


async def _unveiled(
    page: LivePage,
    kind: ListKind,
    located: LocatedList,
    row: Row,
    match: Match,
) -> tuple[LocatedList, Row]:
    """The row once it can be worked: many lists lay a veil over their rows until the last of them is drawn."""
    if not _is_covered(row):
        return located, row
    snapshot = await page.settled(
        _VEIL_SECONDS, lambda v: not _all_covered(find_list(v, kind)) or covering(v) is not None
    )
    return await _again(await close_promotions(page, snapshot), kind, match) or (located, row)


async def _brought(
    page: LivePage,
    kind: ListKind,
    located: LocatedList,
    row: Row,
    match: Match,
) -> tuple[LocatedList, Row]:
    """The row where a picture of the window shows it; as it is drawn anew there, if it had to be scrolled to."""
    shown = next((n for n in row.nodes if n.text and n.top is not False), row.root)
    if not await bring(page, located.part, shown, row.root):
        return located, row
    return await _again(await page.settled(_VEIL_SECONDS), kind, match) or (located, row)


async def _again(snapshot: PageSnapshot, kind: ListKind, match: Match) -> tuple[LocatedList, Row] | None:
    """The row as the list is drawn now; None if it is not on it any more."""
    now = find_list(snapshot, kind)
    found = await match(now) if now is not None else None
    return (now, found) if now is not None and found is not None else None


def _is_covered(row: Row) -> bool:
    return all(n.top is False for n in row.nodes if n.text)


def _all_covered(located: LocatedList | None) -> bool:
    return located is None or all(_is_covered(row) for row in located.parsed.rows)


def same_row(snapshot: PageSnapshot, kind: ListKind, row: Row) -> Row | None:
    """The row as the page draws it now, or None if it is gone.

    Cells that stand where the same words stood are taken over, with what was found out about them: a number that is
    shown shortened is known in full. So are those that only scrolling sideways would bring.
    """
    _, now = _drawn(snapshot, kind, row)
    return _with_known(now, row) if now is not None else None


def own_row(snapshot: PageSnapshot, kind: ListKind, row: Row, node: Node) -> Row | None:
    """The row as same_row() gives it, if `node` is still there and is proven to stand in it and in no other."""
    located, now = _drawn(snapshot, kind, row)
    found = located.part.shot.by_id(node.id) if located else None
    if located is None or now is None or found is None or located.parsed.loose:
        return None
    own = proves_own(located.part.shot, located.parsed.rows, now, found)
    return _with_known(now, row) if own else None


def not_own(address: str, button: str) -> PageChanged:
    """What is raised if a button cannot be shown to be the row's."""
    return PageChanged(
        address,
        Text(f"“{button}” cannot be proven to stand in the order's row", f"无法确认“{button}”按钮属于该订单所在行"),
    )


def _drawn(snapshot: PageSnapshot, kind: ListKind, row: Row) -> tuple[LocatedList | None, Row | None]:
    located = find_list(snapshot, kind)
    return located, next((r for r in located.parsed.rows if r.root.id == row.root.id), None) if located else None


def _with_known(now: Row, row: Row) -> Row:
    for name, cell in row.cells.items():
        if name not in now.cells or now.cells[name].shown == cell.shown:
            now.cells[name] = cell
    return now
