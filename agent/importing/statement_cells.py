"""The cells of a bank's statement as money and days, whatever form the bank gives them."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

RawCell = str | float | int | bool | date | None
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_NOTHING = {"", "-", "--", "—", "/", "\\"}
_DAY = re.compile(r"(20[0-9]{2})(?:([-/.年])([0-9]{1,2})(?:\2|月)([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))(.*)")
_TIME = re.compile(r"[ T]?(?:[0-9]{1,2}[:：时][0-9]{2}(?:[:：分][0-9]{2}(?:\.[0-9]+)?秒?)?|[0-9]{6})?")
# Spreadsheets count days from here.
_DAY_ZERO = date(1899, 12, 30)
_FIRST_DAY, _LAST_DAY = 36_526, 73_050  # of the years 2000 to 2099


def shown(cell: RawCell) -> str:
    """Return a cell as text, without what is around it: blanks, tabs, quotes; a whole number without its fraction."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else unicodedata.normalize("NFKC", str(cell)).strip(" \t\r\n\xa0\ufeff'\"")


def amount_of(cell: RawCell) -> Decimal | None:
    """Return an amount in yuan with two decimals, None for an empty cell. Raise ValueError for anything else."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _in_cents(Decimal(repr(cell)))
    text = re.sub(r"[\s¥￥元]|CNY|RMB", "", shown(cell))
    if text in _NOTHING:
        return None
    if not _AMOUNT.fullmatch(text):
        raise ValueError("no amount")
    return _in_cents(Decimal(text.replace(",", "")))


def day_of(cell: RawCell) -> date:
    """Return the day of a date or a moment. Raise ValueError if the cell holds none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and _FIRST_DAY <= cell < _LAST_DAY:
        return _DAY_ZERO + timedelta(days=int(cell))
    found = _DAY.fullmatch(shown(cell))
    if found is None or not _TIME.fullmatch(found[7]):
        raise ValueError("no day")
    return date(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]))


def _in_cents(amount: Decimal) -> Decimal:
    # What a spreadsheet stores as 62.8 may come as 62.800000000000004.
    rounded = amount.quantize(Decimal("0.01"))
    if abs(rounded - amount) > Decimal("1e-6"):
        raise ValueError("finer than a hundredth")
    return rounded
