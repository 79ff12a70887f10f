"""Rows as typed orders and filings. What cannot be read for certain is a PageChanged, never a skipped row."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from agent.domain.orders import YUAN, Filing, FilingStatus, Order, OrderStatus, is_ours
from agent.domain.page_errors import CellUnread, ColumnsMissing, PageChanged
from agent.domain.text import Text, fold
from agent.domain.unread import RowGap
from agent.pages import vocabulary
from agent.pages.inference.cells import amount_in, moment_in, state_in
from agent.pages.inference.parsed_list import Cell, ParsedList, Row, carried, is_raised
from agent.pages.inference.pieces import segments
from agent.pages.inference.services import service_of
from agent.pages.inference.torn_numbers import is_torn
from agent.pages.snapshot import Node
from agent.pages.values import (
    completes,
    cut_number,
    is_substituted,
    moment,
    moments_in,
    numbers_in,
    period,
)

T = TypeVar("T")
ORDER_NEEDS = ("order_no", "ordered_at", "service", "amount", "status")
FILING_NEEDS = ("order_no", "status")


@dataclass(frozen=True, slots=True)
class OrderRules:
    """What a site says about its order list.

    `services` are ours. `number_after_confirm`: numbers wait for 确认. `number` is the shape that each must have.
    `statuses` are words for states that this site alone uses. `currency` is that of amounts beside which none is shown.
    `now` is when the page is read, in Asia/Shanghai: what 今天 means there.
    """

    services: Collection[str]
    number_after_confirm: bool = False
    number: re.Pattern[str] | None = None
    statuses: Mapping[str, OrderStatus] = field(default_factory=dict)
    currency: str = YUAN
    now: datetime | None = None


def missing_column(listing: ParsedList, needs: Collection[str], address: str) -> None:
    """Raise ColumnsMissing if a list with headings lacks any that is needed; further headings do no harm."""
    headed = {"amount" if name == "amount_fen" else name for name in listing.headed}
    lacking = [name for name in needs if headed and name not in headed]
    if lacking:
        unknown = [n.text for n in listing.header if vocabulary.field_of(n.text, _ALL_FIELDS) is None and n.text]
        en, zh = ", ".join(lacking), "”“".join(_zh(name) for name in lacking)
        beside = Text(f" (its headings {', '.join(unknown)} are not known)", f"（未知的列名：{'、'.join(unknown)}）")
        beside = beside if unknown else Text("", "")
        told = Text(f"the list has no column for {en}{beside.en}", f"列表缺少“{zh}”列{beside.zh}")
        raise ColumnsMissing(address, told, tuple(lacking), tuple(unknown))


def no_loose_words(listing: ParsedList, address: str) -> None:
    """Raise PageChanged for words beside the rows of a list if nothing proves to which row they belong."""
    if listing.loose:
        text = next((n.text or n.name for n in listing.loose if n.text or n.name), "?")[:40]
        raise PageChanged(
            address,
            Text(
                f"“{text}” stands beside the rows of the list, and nothing proves to which of them it belongs",
                f"列表旁的“{text}”无法确定属于哪一行（固定列与表格的行对不上）",
            ),
        )


_ALL_FIELDS = {**vocabulary.ORDER_FIELDS, **vocabulary.FILING_FIELDS}


def _zh(name: str) -> str:
    return _ALL_FIELDS[name][0]


def _bad(address: str, row: Row, name: str, text: str) -> CellUnread:
    where = row.text("order_no") or row.text("service") or "?"
    told = Text(
        f"in the row “{where[:40]}” the {name} cannot be read (it says “{text[:60]}”)",
        f"行“{where[:40]}”的“{_zh(name)}”无法识别（显示为“{text[:60]}”）",
    )
    return CellUnread(address, told, name, text)


def _words(row: Row, name: str, address: str) -> str:
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
        f"行“{where[:40]}”的“{_zh(name)}”使用了网页自带字体的替换字符（字体加密），其文字不可信",
    )
    return CellUnread(address, told, name, "")


def order_of(row: Row, address: str, rules: OrderRules) -> Order:
    """One order from its row. Raise PageChanged for a state, time, amount or number that cannot be read."""
    status = _status(row, address, rules)
    service, code = services_in(row, address, rules)
    amount, currency = _price(row, address, rules.currency)
    ordered_at = _when(row, "ordered_at", address, rules.now)
    return Order(
        order_no=_order_no(row, address, rules, status),
        ordered_at=ordered_at,
        service=service,
        service_code=code,
        ours=is_ours(service, code, rules.services),
        amount=amount,
        status=status,
        shop=row.text("shop") or None,
        expires_at=_end(row, ordered_at, status),
        currency=currency,
    )


def _status(row: Row, address: str, rules: OrderRules) -> OrderStatus:
    status = state_in(row.cells.get("status"), vocabulary.ORDER_STATUS, rules.statuses)
    if status is None:
        raise _bad(address, row, "status", row.text("status"))
    return status


def gaps_of_order(row: Row, address: str, rules: OrderRules) -> tuple[RowGap, ...]:
    """All values of an order's row that are not understood."""
    gaps = list[RowGap]()

    def tried(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except CellUnread as error:
            gaps.append(RowGap(error.field, error.shown, error.missing))
            return None

    status = tried(lambda: _status(row, address, rules)) or OrderStatus.AWAITING_CONFIRMATION
    tried(lambda: services_in(row, address, rules))
    tried(lambda: _price(row, address, rules.currency))
    tried(lambda: _when(row, "ordered_at", address, rules.now))
    tried(lambda: _order_no(row, address, rules, status))
    return tuple(gaps)


def gaps_of_filing(row: Row, address: str) -> tuple[RowGap, ...]:
    """The first value of a filing's row that is not understood; nothing if all are."""
    try:
        filing_of(row, address)
    except CellUnread as error:
        return (RowGap(error.field, error.shown, error.missing),)
    return ()


_RUNNING = (OrderStatus.AWAITING_CONFIRMATION, OrderStatus.COMPLETED, OrderStatus.REFUNDING)


def _end(row: Row, ordered_at: datetime, status: OrderStatus) -> datetime | None:
    """When the subscription ends: as the row says, from its period where it says none, else None.

    Nothing hangs on it but a reminder, so what cannot be read is no reason to stop.
    """
    if shown := _expiry(row.text("expires_at")):
        return shown
    spans = (moments_in(row.text(name)) for name in ("expires_at", "period"))
    if span := next((s for s in spans if len(s) == 2 and s[0] < s[1]), None):
        return span[1]  # 2025-06-18 至 2026-06-18
    runs = period(row.text("period")) if status in _RUNNING else None
    return runs.end(ordered_at) if runs else None


def natural_key_of(row: Row, address: str, rules: OrderRules) -> str:
    """Return what recognises the order of a row without its number. Raise PageChanged as order_of()."""
    service, code = services_in(row, address)
    when, (amount, _) = _when(row, "ordered_at", address, rules.now), _price(row, address, rules.currency)
    return Order(None, when, service, code, False, amount, OrderStatus.UNPAID).natural_key


def may_be(row: Row, order_no: str) -> bool:
    """True if a row shows that number, whole or shortened."""
    cut = cut_number(row.text("order_no"))
    return whole_number(row) == order_no or (cut is not None and completes(cut, order_no))


def filing_of(row: Row, address: str) -> Filing:
    """One filing from its row. A date or an amount that is left out is None; one that cannot be read is PageChanged."""
    status = state_in(row.cells.get("status"), vocabulary.FILING_STATUS, {})
    if status is None:
        raise _bad(address, row, "status", row.text("status"))
    date_text = row.text("ordered_on")
    empty = not date_text or vocabulary.HIDDEN_NUMBER.fullmatch(fold(date_text)) is not None
    amount_text = row.text("amount")
    shown = _words(row, "order_no", address)
    number = whole_number(row)
    if number is None or row.items:
        raise _bad(address, row, "order_no", shown)
    return Filing(
        order_no=number,
        platform=row.text("platform") or None,
        shop=row.text("shop") or None,
        ordered_on=None if empty else _when(row, "ordered_on", address).date(),
        amount=_amount(row, address) if amount_text else None,
        status=status,
        offered=refund_button(row) is not None and status in (FilingStatus.FILED, FilingStatus.REFUNDABLE),
    )


def refund_button(row: Row) -> Node | None:
    """The row's 申请返款 (or 申请退款), where it offers one that a click would reach."""
    return button(row, vocabulary.REFUND)


def button(row: Row, texts: Collection[str]) -> Node | None:
    """The element of a row whose words are exactly one of those, and which a click would reach; None without one."""
    named = [
        n for n in row.nodes if vocabulary.is_one_of(n.text or n.name, texts) and not n.disabled and n.top is not False
    ]
    return named[0] if named else None


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


def _order_no(row: Row, address: str, rules: OrderRules, status: OrderStatus) -> str | None:
    text = _words(row, "order_no", address)
    number = whole_number(row)
    if number and rules.number and not rules.number.fullmatch(number):
        raise _bad(address, row, "order_no", text)
    if number:
        return number
    hidden = rules.number_after_confirm and status is not OrderStatus.COMPLETED
    if hidden and vocabulary.HIDDEN_NUMBER.fullmatch(fold(text)):
        return None
    raise _bad(address, row, "order_no", text)


def _when(row: Row, name: str, address: str, now: datetime | None = None) -> datetime:
    text = _words(row, name, address)
    try:
        return moment_in(row.cells.get(name, Cell()), now)
    except ValueError:
        raise _bad(address, row, name, text) from None


def _expiry(text: str) -> datetime | None:
    """When the service ends: one moment in any form, alone or among other words; None for anything else."""
    try:
        return moment(text)
    except ValueError:
        found = moments_in(text)
    return found[0] if len(found) == 1 else None


def _amount(row: Row, address: str) -> Decimal:
    text = _words(row, "amount", address)
    try:
        value, currency = amount_in(row.cells.get("amount", Cell()), YUAN)
    except ValueError:
        raise _bad(address, row, "amount", text) from None
    if currency != YUAN:
        raise _bad(address, row, "amount", text)
    return value


def _price(row: Row, address: str, currency: str) -> tuple[Decimal, str]:
    text = _words(row, "amount", address) or _words(row, "amount_fen", address)
    cell = row.cells.get("amount" if row.text("amount") else "amount_fen", Cell())
    try:
        value, unit = amount_in(cell, currency)
        return (value if row.text("amount") else (value / 100).quantize(Decimal("0.01"))), unit
    except ValueError:
        raise _bad(address, row, "amount", text) from None


def services_in(row: Row, address: str, rules: OrderRules | None = None) -> tuple[str, str | None]:
    """Name and code of what was ordered; of an order of several services all names. A line that calls itself a gift
    (赠品) is none. Raise PageChanged if ours is among several, or where a further line has a state or an amount of
    its own.
    """
    service, code = _service(row, address, rules)
    items = [item for item in row.items if not any(vocabulary.is_one_of(n.text, vocabulary.GIFT) for n in item.nodes)]
    if not items:
        return service, code
    found = [(service, code), *(_service(item, address) for item in items)]
    names = " + ".join(name for name, _ in found)
    for item in items:
        for name in ("order_no", "ordered_at", "amount", "status"):
            if item.text(name):
                raise _bad(address, row, name, item.text(name))
    if rules and any(is_ours(name, text, rules.services) for name, text in found):
        raise _bad(address, row, "service", names)
    return names, None


def _service(row: Row, address: str, rules: OrderRules | None = None) -> tuple[str, str | None]:
    """Raise PageChanged if a service looks like one of ours and what stands beside it may make it another's."""
    found = service_of(row)
    if found is None:
        raise _bad(address, row, "service", row.text("service"))
    if rules and found.doubt(rules.services) is not None:
        raise _bad(address, row, "service", row.text("service"))
    return found.name, found.deciding_code(rules.services if rules else ())
