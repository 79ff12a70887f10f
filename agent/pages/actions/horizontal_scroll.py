"""Columns that exist only once a list is scrolled sideways: reads the list in several positions and joins its rows."""

from dataclasses import replace

from agent.domain.errors import SiteUnavailable
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.parsed_list import Cell, ParsedList, Row, reaches_out
from agent.pages.inference.tables import find_table
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import point_at
from agent.pages.view import PageSnapshot

_MAX_STEPS = 20
_STEP = 0.6
_SECONDS = 1.0
_REST_SECONDS = 12.0


async def widened(page: LivePage, kind: ListKind, located: LocatedList) -> LocatedList:
    """The list with the columns that come by scrolling sideways, left scrolled to its right end.

    The very same sheet where it lacks no needed column, nothing moves, or the rows cannot be joined for certain.
    """
    if not is_narrow(located, kind):
        return located
    whole = located
    for _ in range(_MAX_STEPS):
        beside = await _scrolled(page, kind, whole)
        if beside is None:
            break
        joined = _joined(whole, beside)
        if joined is None:
            break
        whole = joined
    if whole is not located and is_narrow(whole, kind):
        return await returned(page, kind, located, whole)
    return whole


def is_narrow(located: LocatedList, kind: ListKind) -> bool:
    """True if the list has headings, but not for every field that is needed."""
    return bool(located.parsed.headed) and not located.parsed.headed >= kind.needs


async def returned(page: LivePage, kind: ListKind, located: LocatedList, whole: LocatedList) -> LocatedList:
    """The list scrolled back to its left end, in the frame of `located`. Raise SiteUnavailable if it is gone."""
    # A browser sends what follows a wheel that moved nothing to the same place until the pointer has moved.
    await page.raw.mouse.move(1, 1)
    await _point(page, whole)
    await page.raw.mouse.wheel(-100000, 0)

    def back(snapshot: PageSnapshot) -> bool:
        now = find_list(snapshot, kind)
        return now is not None and _places(now) == _places(located)

    found = find_list(await page.settled(_REST_SECONDS, back), kind)
    if found is None or not found.parsed.rows:
        raise SiteUnavailable(page.raw.url, "the list was gone after it was scrolled sideways")
    return replace(found, scrolls=located.scrolls)


async def _scrolled(page: LivePage, kind: ListKind, located: LocatedList) -> LocatedList | None:
    """The list one step further to the right; None if it does not move."""
    boxes = [n.box for n in located.parsed.header]
    width = max(b.right for b in boxes) - min(b.x for b in boxes)
    await _point(page, located)
    await page.raw.mouse.wheel(width * _STEP, 0)

    def moved(snapshot: PageSnapshot) -> bool:
        now = _sheet(snapshot, kind, located)
        return now is not None and _places(now) != _places(located)

    await page.settled(_SECONDS, moved)
    now = _sheet(await page.settled(_REST_SECONDS), kind, located)
    return now if now is not None and _places(now) != _places(located) else None


async def _point(page: LivePage, located: LocatedList) -> None:
    """Move the pointer to the middle of the rows: over columns that are pinned at a side a wheel may move nothing."""
    nodes = [n for r in located.parsed.rows for n in r.nodes if n.top and n.text]
    middle = (min(n.box.cx for n in nodes) + max(n.box.cx for n in nodes)) / 2 if nodes else 0.0
    await point_at(page, located.part, sorted(nodes, key=lambda n: abs(n.box.cx - middle))[:1])


def _sheet(snapshot: PageSnapshot, kind: ListKind, before: LocatedList) -> LocatedList | None:
    """The list with the columns that are drawn now, whichever they are."""
    for part in snapshot.parts:
        if part.frame is before.part.frame:
            parsed = find_table(part.shot, kind.vocabulary, frozenset(kind.vocabulary))
            return LocatedList(snapshot, part, parsed, before.scrolls) if parsed and parsed.rows else None
    return None


def _places(located: LocatedList) -> list[tuple[str, int]]:
    return [(n.text, round(n.box.x)) for n in located.parsed.header]


def _joined(left: LocatedList, right: LocatedList) -> LocatedList | None:
    """Both with each row's cells together. A row is the same where its element is and stands at the same height; None
    if one that is no piece at the edge has no partner, or where they contradict each other.
    """
    rows = {r.root.id: r for r in left.parsed.rows}
    partners = {r.root.id: r for r in right.parsed.rows}
    # A row at the edge comes whole by scrolling down; its button could not be clicked where it is.
    pairs = [(r, partners[i]) for i, r in rows.items() if i in partners and not reaches_out(left.part.shot, r)]
    whole = [_pair(*pair) for pair in pairs]
    alone = [(left, r) for i, r in rows.items() if i not in partners]
    alone += [(right, r) for i, r in partners.items() if i not in rows]
    if not pairs or not all(reaches_out(located.part.shot, row) for located, row in alone):
        return None
    certain = [row for row in whole if row is not None]
    if len(certain) < len(whole):
        return None
    parsed = right.parsed
    headed = left.parsed.headed | parsed.headed
    return replace(
        right,
        parsed=ParsedList(certain, headed, parsed.top, parsed.header, loose=left.parsed.loose + parsed.loose),
    )


def _pair(left: Row, right: Row) -> Row | None:
    """One row of both, with what can be clicked now; None if they stand apart or say different things."""
    cells = dict(right.cells)
    for name, cell in left.cells.items():
        longer = _longer(cell, cells.get(name, cell))
        if longer is None:
            return None
        cells[name] = longer
    if abs(left.box.y - right.box.y) > 1:
        return None
    return Row(
        right.root, cells, right.nodes, right.box, left.hints | right.hints, left.items or right.items, right.parts
    )


def _longer(one: Cell, other: Cell) -> Cell | None:
    """That which shows more, as a cell at the edge is cut; None if neither holds what the other says."""
    short, long = sorted((one, other), key=lambda c: len(c.text))
    return long if short.text in long.text else None
