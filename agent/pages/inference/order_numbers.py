"""The number of a row, whole: as it is shown, or as the row carries it beside a shortened one."""

import re
from collections.abc import Collection

from agent.domain.text import fold
from agent.pages.inference.parsed_list import Cell, Row, carried, is_raised
from agent.pages.inference.pieces import segments
from agent.pages.inference.torn_numbers import is_torn
from agent.pages.values import completes, cut_number, numbers_in


def may_be(row: Row, order_no: str) -> bool:
    """True if a row shows that number, whole or shortened."""
    cut = cut_number(row.text("order_no"))
    return whole_number(row) == order_no or (cut is not None and completes(cut, order_no))


# Numbers that stand below an order's own.
_OTHER_NUMBER = re.compile(
    r"子订单|子单|(?:外部|支付|付款|支付宝|流水|父|合同|发票|物流|快递|运)\w{0,4}(?:单号|号|编号)[:：]?(?=\w)"
)


def whole_number(row: Row) -> str | None:
    """The order number of a row, whole, also if it is shown shortened and carried in full beside it; else None."""
    cell = row.cells.get("order_no")
    if cell is None:
        return None
    own = [t for _, t in segments(cell.nodes)] if cell.full is None else [cell.full]
    text = " ".join(t for t in own if not _OTHER_NUMBER.match(fold(t)))
    cut, numbers = cut_number(text), set(numbers_in(text))
    if not numbers and cut:
        numbers = {n for n in carried(cell.nodes) if completes(cut, n)}
        numbers = numbers or {n for n in row.hints if completes(cut, n)}
    elif len(numbers) != 1 or is_raised(cell) or any(is_torn(text, n) for n in numbers):
        numbers = _carried_whole(row, cell, text, numbers)
    return numbers.pop() if len(numbers) == 1 else None


def _carried_whole(row: Row, cell: Cell, text: str, pieces: Collection[str]) -> set[str]:
    """The numbers that a row carries beside its words and that its words show, too, in pieces."""
    shown = re.sub(r"[^0-9A-Za-z]", "", fold(text))
    longest = max((len(p) for p in pieces), default=0)
    whole = {n for n in carried(cell.nodes) | row.hints if n.replace("-", "") in shown and len(n) > longest}
    return {n for n in whole if not any(n in other and n != other for other in whole)}


def is_cut(row: Row) -> bool:
    """True if the row shows its number shortened and carries it nowhere in full."""
    return whole_number(row) is None and cut_number(row.text("order_no")) is not None
