"""Single values of a row: its time, its amount, its words. What cannot be read for certain is a CellUnread."""

from datetime import datetime
from decimal import Decimal

from agent.domain.orders import YUAN
from agent.domain.page_errors import CellUnread
from agent.domain.text import Text
from agent.pages import vocabulary
from agent.pages.inference.cells import amount_in, moment_in
from agent.pages.inference.parsed_list import Cell, Row
from agent.pages.inference.pieces import segments
from agent.pages.values import is_substituted, moment, moments_in

ALL_FIELDS = {**vocabulary.ORDER_FIELDS, **vocabulary.FILING_FIELDS}


def chinese_heading(name: str) -> str:
    """Return the Chinese heading of a field, as people are told of it."""
    return ALL_FIELDS[name][0]


def unread(address: str, row: Row, name: str, text: str) -> CellUnread:
    """Return what is raised if the value `name`, shown as `text` in a row of `address`, is not understood."""
    where = row.text("order_no") or row.text("service") or "?"
    told = Text(
        f"in the row “{where[:40]}” the {name} cannot be read (it says “{text[:60]}”)",
        f"行“{where[:40]}”的“{chinese_heading(name)}”无法识别（显示为“{text[:60]}”）",
    )
    return CellUnread(address, told, name, text)


def words_of(row: Row, name: str, address: str) -> str:
    """What a row shows for a value. Raise PageChanged if the characters are not the ones that people read."""
    cell = row.cells.get(name)
    pieces = [text for _, text in segments(cell.nodes)] if cell else []
    if any(is_substituted(text) for text in pieces) or (cell and any(node.veiled for node in cell.nodes)):
        raise _substituted(address, row, name)
    return row.text(name)


def _substituted(address: str, row: Row, name: str) -> CellUnread:
    where = row.text("service") or row.text("platform") or "?"
    told = Text(
        f"in the row “{where[:40]}” the {name} is drawn in a font of the page's own, so its text cannot be trusted",
        f"行“{where[:40]}”的“{chinese_heading(name)}”使用了网页自带字体的替换字符（字体加密），其文字不可信",
    )
    return CellUnread(address, told, name, "")


def time_of(row: Row, name: str, address: str, now: datetime | None = None) -> datetime:
    """Return the moment that a row shows (Asia/Shanghai); `now` says what 今天 means. Raise CellUnread without one."""
    text = words_of(row, name, address)
    try:
        return moment_in(row.cells.get(name, Cell()), now)
    except ValueError:
        raise unread(address, row, name, text) from None


def expiry_in(text: str) -> datetime | None:
    """When the service ends: one moment in any form, alone or among other words; None for anything else."""
    try:
        return moment(text)
    except ValueError:
        found = moments_in(text)
    return found[0] if len(found) == 1 else None


def amount_of(row: Row, address: str) -> Decimal:
    """Return a row's amount in yuan. Raise CellUnread for anything else, and for another currency."""
    text = words_of(row, "amount", address)
    try:
        value, currency = amount_in(row.cells.get("amount", Cell()), YUAN)
    except ValueError:
        raise unread(address, row, "amount", text) from None
    if currency != YUAN:
        raise unread(address, row, "amount", text)
    return value


def price_of(row: Row, address: str, currency: str) -> tuple[Decimal, str]:
    """Return a row's amount and its currency, `currency` if none is shown. Raise CellUnread if it cannot be read."""
    text = words_of(row, "amount", address) or words_of(row, "amount_fen", address)
    cell = row.cells.get("amount" if row.text("amount") else "amount_fen", Cell())
    try:
        value, unit = amount_in(cell, currency)
        return (value if row.text("amount") else (value / 100).quantize(Decimal("0.01"))), unit
    except ValueError:
        raise unread(address, row, "amount", text) from None
