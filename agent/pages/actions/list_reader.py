"""Reads a whole list: goes through all its pages, and proves that nothing is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from agent.domain.errors import SiteUnavailable
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages.actions.hover import make_stated, make_whole
from agent.pages.actions.list_arrival import OpenedList
from agent.pages.actions.list_pieces import Gaps, Piece, leafed, pieces
from agent.pages.inference.cross_check import check_witness
from agent.pages.inference.list_checks import missing_column, no_loose_words
from agent.pages.inference.located_list import LocatedList, totals
from agent.pages.inference.number_shapes import check_shapes
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.stated_total import Listed
from agent.pages.live.network import failures
from agent.pages.values import numbers_in

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RowReading(Generic[T]):
    """How the rows of a list are read.

    `needs` are the columns without which it is none. `parse` is given a row and the page's address; `key` names what it
    gives, and if that is `unique`, no number stands twice. `watch` sees each page. `enough` of what the first page
    holds, and of the counts that it states, is true if no other needs to be read.
    """

    needs: Sequence[str]
    parse: Callable[[Row, str], T]
    key: Callable[[T], str]
    unique: bool = True
    watch: Callable[[LocatedList], None] = lambda _: None
    enough: Callable[[Sequence[T], set[int]], bool] = lambda _, __: False


async def read_all(opened: OpenedList, reading: RowReading[T]) -> Listed[T]:
    """Return every row of the list, parsed, each once, in the order of the page.

    Only those of its first page, if that is `enough` and there are more. Raise PageChanged if a column is missing, a
    row cannot be parsed, a number stands twice, the page states another count than was read, or the data that drew the
    rows holds other numbers.
    """
    gaps, rows = Gaps(), _Rows(opened, reading)
    async for piece in pieces(opened, gaps):
        try:
            if (enough := await rows.add(piece)) is not None:
                return enough
        except PageChanged:
            if not piece.aside:
                raise
            gaps.note(piece.text)
    rows.prove()
    return Listed(rows.found.values(), gaps.after(len(rows.found)))


@dataclass(slots=True)
class _Rows(Generic[T]):
    """What was read so far: `found` by their keys, and the rows that were `whole` on the page or `cut` by its edge."""

    opened: OpenedList
    reading: RowReading[T]
    found: dict[str, T] = field(default_factory=dict)
    whole: list[Row] = field(default_factory=list)
    cut: list[Row] = field(default_factory=list)
    begun: bool = False

    async def add(self, piece: Piece) -> Listed[T] | None:
        """Read one piece to its end; return its first page if that is enough, None otherwise."""
        own, stated = dict[str, T](), set[int]()
        async for located in leafed(self.opened, piece.first):
            await self._add_page(located, own)
            stated |= totals(located)
            if self._is_enough(piece, own, stated):
                return Listed(own.values())
            self.begun = True
        _unite(self.found, own, self.opened.page.raw.url)
        if piece.first is not None:
            _prove_piece(self.opened, len(own), stated)
        return None

    async def _add_page(self, located: LocatedList, own: dict[str, T]) -> None:
        reading = self.reading
        reading.watch(located)
        for row in located.parsed.rows:
            await make_whole(self.opened.page, located, row)
            await make_stated(self.opened.page, located, row, self.opened.kind)
        missing_column(located.parsed, reading.needs, located.snapshot.address)
        no_loose_words(located.parsed, located.snapshot.address)
        _add(own, located, reading)
        self.whole += located.parsed.rows
        self.cut += located.parsed.cut

    def _is_enough(self, piece: Piece, own: dict[str, T], stated: set[int]) -> bool:
        known = not self.begun and piece.alone and self.reading.enough(list(own.values()), stated)
        return known and not _is_count(len(own), stated)

    def prove(self) -> None:
        """Raise PageChanged if a row never came whole, or the data that drew the rows holds other numbers."""
        if not self.begun:
            return
        address = self.opened.page.raw.url
        _prove_cut(address, self.cut, self.whole)
        numbers = {n for k in self.found for n in numbers_in(k)}
        complete = all(numbers_in(k) for k in self.found)
        bodies = [e.body for e in self.opened.exchanges if e.body is not None]
        check_witness(address, numbers, complete, bodies)
        check_shapes(address, self.whole, bodies)


def _unite(found: dict[str, T], own: dict[str, T], address: str) -> None:
    """Add the rows of one piece to those of the others. Raise SiteUnavailable if one was seen to change."""
    for name, item in own.items():
        if found.setdefault(name, item) != item:
            raise SiteUnavailable(address, f"the row of {name} changed while the list was read")


def _prove_piece(opened: OpenedList, count: int, stated: set[int]) -> None:
    address = opened.page.raw.url
    if not _is_count(count, stated) and failures(opened.exchanges, address):
        raise SiteUnavailable(address, "a part of the list did not come")
    _prove_count(address, count, stated)


def _add(found: dict[str, T], located: LocatedList, reading: RowReading[T]) -> None:
    here: dict[str, int] = {}
    for row in located.parsed.rows:
        item = reading.parse(row, located.snapshot.address)
        name = reading.key(item)
        here[name] = here.get(name, 0) + 1
        if here[name] > 1:
            # Without a number two orders of one second can look alike; two orders with one number cannot both be right.
            if reading.unique and numbers_in(name):
                raise PageChanged(
                    located.snapshot.address, Text(f"the number {name} stands in two rows", f"订单号 {name} 出现在两行")
                )
            name = f"{name}#{here[name]}"
        if found.setdefault(name, item) != item:
            # Seen twice and different: the list moved while it was read, so it is read anew.
            raise SiteUnavailable(located.snapshot.address, f"the row of {name} changed while the list was read")


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
    """Raise PageChanged if a row was cut off by the edge of the list, and never came whole."""
    for row in cut:
        if not any(_shows_part_of(row, other) for other in whole):
            text = " ".join(cell.text for cell in row.cells.values() if cell.text)
            raise PageChanged(
                address,
                Text(f"the row “{text[:40]}” is cut off by the edge of the list", f"“{text[:40]}”一行在列表边缘被截断"),
            )


def _shows_part_of(row: Row, other: Row) -> bool:
    shown = {name: cell.text for name, cell in row.cells.items() if cell.text}
    return all(name in other.cells and text in other.cells[name].text for name, text in shown.items())
