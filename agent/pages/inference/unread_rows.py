"""Rows read as far as they are understood: as an order or a filing, else as a row whose unknown words are told."""

import re
from collections.abc import Sequence
from typing import TypeVar

from agent.domain.orders import Filing, Order, is_ours
from agent.domain.page_errors import CellUnread, NothingRead
from agent.domain.text import fold
from agent.domain.unread import UnreadRow
from agent.pages.inference.order_numbers import whole_number
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.pieces import segments
from agent.pages.inference.records import OrderRules, filing_of, gaps_of_filing, gaps_of_order, order_of, services_in
from agent.pages.values import is_substituted

T = TypeVar("T", Order, Filing)
_NAME = re.compile(r"[^\W\d_]{2}")


def read_order(row: Row, address: str, rules: OrderRules) -> Order | UnreadRow:
    """An order from its row, or what is not understood of it."""
    try:
        return order_of(row, address, rules)
    except CellUnread:
        gaps = gaps_of_order(row, address, rules)
    number = None if any(gap.field == "order_no" for gap in gaps) else whole_number(row)
    return UnreadRow(number, row.text("service"), gaps, foreign=_is_foreign(row, address, rules))


def read_filing(row: Row, address: str) -> Filing | UnreadRow:
    """A filing from its row, or what is not understood of it.

    Raise PageChanged if its number is not: then nothing tells which order it is of.
    """
    try:
        return filing_of(row, address)
    except CellUnread:
        number = whole_number(row)
        if number is None or row.items:
            raise
    return UnreadRow(number, row.text("platform"), gaps_of_filing(row, address))


def _is_foreign(row: Row, address: str, rules: OrderRules) -> bool:
    """True if the row is surely another vendor's: its service is read without doubt, and nothing in it speaks of us."""
    try:
        service, code = services_in(row, address, rules)
    except CellUnread:
        return False
    words = [text for _, text in segments(row.nodes)]
    named = [cell for name in ("service", "service_code") if (cell := row.cells.get(name)) is not None]
    if any(node.veiled for cell in named for node in cell.nodes) or any(is_substituted(text) for text in words):
        return False
    shown = fold("|".join(words))
    if not _NAME.search(service):
        return False  # what stands there is no name: the columns may have moved
    return not is_ours(service, code, rules.services) and not any(fold(own) in shown for own in rules.services)


def parted(rows: Sequence[T | UnreadRow], address: str) -> tuple[list[T], tuple[UnreadRow, ...]]:
    """What is understood of a list, and the rest. Raise NothingRead if that is all of it."""
    read = [row for row in rows if not isinstance(row, UnreadRow)]
    unread = tuple(row for row in rows if isinstance(row, UnreadRow))
    if unread and not read:
        raise NothingRead(address, tuple(unread))
    return read, unread
