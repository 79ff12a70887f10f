"""Rows as typed orders and filings. What cannot be read for certain is a PageChanged, never a skipped row."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from agent.domain.orders import YUAN, Filing, FilingStatus, Order, OrderStatus, is_ours
from agent.domain.page_errors import CellUnread
from agent.domain.text import fold
from agent.domain.unread import RowGap
from agent.pages import vocabulary
from agent.pages.inference.cells import state_in
from agent.pages.inference.order_numbers import whole_number
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.row_values import amount_of, expiry_in, price_of, time_of, unread, words_of
from agent.pages.inference.services import service_of
from agent.pages.snapshot import Node
from agent.pages.values import moments_in, period

T = TypeVar("T")


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


def order_of(row: Row, address: str, rules: OrderRules) -> Order:
    """One order from its row. Raise PageChanged for a state, time, amount or number that cannot be read."""
    status = _status(row, address, rules)
    service, code = services_in(row, address, rules)
    amount, currency = price_of(row, address, rules.currency)
    ordered_at = time_of(row, "ordered_at", address, rules.now)
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
        raise unread(address, row, "status", row.text("status"))
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
    tried(lambda: price_of(row, address, rules.currency))
    tried(lambda: time_of(row, "ordered_at", address, rules.now))
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
    """When the subscription ends: as the row says, from its period if it says none, else None.

    Nothing hangs on it but a reminder, so what cannot be read is no reason to stop.
    """
    if shown := expiry_in(row.text("expires_at")):
        return shown
    spans = (moments_in(row.text(name)) for name in ("expires_at", "period"))
    if span := next((s for s in spans if len(s) == 2 and s[0] < s[1]), None):
        return span[1]  # 2025-06-18 至 2026-06-18
    runs = period(row.text("period")) if status in _RUNNING else None
    return runs.end(ordered_at) if runs else None


def natural_key_of(row: Row, address: str, rules: OrderRules) -> str:
    """Return what recognises the order of a row without its number. Raise PageChanged as order_of()."""
    service, code = services_in(row, address)
    when, (amount, _) = time_of(row, "ordered_at", address, rules.now), price_of(row, address, rules.currency)
    return Order(None, when, service, code, False, amount, OrderStatus.UNPAID).natural_key


def filing_of(row: Row, address: str) -> Filing:
    """One filing from its row. A date or an amount that is left out is None; one that cannot be read is PageChanged."""
    status = state_in(row.cells.get("status"), vocabulary.FILING_STATUS, {})
    if status is None:
        raise unread(address, row, "status", row.text("status"))
    date_text = row.text("ordered_on")
    empty = not date_text or vocabulary.HIDDEN_NUMBER.fullmatch(fold(date_text)) is not None
    amount_text = row.text("amount")
    shown = words_of(row, "order_no", address)
    number = whole_number(row)
    if number is None or row.items:
        raise unread(address, row, "order_no", shown)
    return Filing(
        order_no=number,
        platform=row.text("platform") or None,
        shop=row.text("shop") or None,
        ordered_on=None if empty else time_of(row, "ordered_on", address).date(),
        amount=amount_of(row, address) if amount_text else None,
        status=status,
        offered=refund_button(row) is not None and status in (FilingStatus.FILED, FilingStatus.REFUNDABLE),
    )


def refund_button(row: Row) -> Node | None:
    """The row's 申请返款, else its 申请退款, if it offers one that a click would reach.

    Beside 申请返款 the other one ends the service.
    """
    return next((found for words in vocabulary.REFUND if (found := button(row, (words,))) is not None), None)


def button(row: Row, texts: Collection[str]) -> Node | None:
    """The element of a row whose words are exactly one of those, and which a click would reach; None without one.

    One under 操作 goes first: that of another column, such as 协议, is about something else.
    """
    named = [
        n for n in row.nodes if vocabulary.is_one_of(n.text or n.name, texts) and not n.disabled and n.top is not False
    ]
    actions = row.cells.get("action")
    meant = [n for n in named if actions is not None and any(n is one for one in actions.nodes)]
    return next(iter([*meant, *named]), None)


def _order_no(row: Row, address: str, rules: OrderRules, status: OrderStatus) -> str | None:
    text = words_of(row, "order_no", address)
    number = whole_number(row)
    if number and rules.number and not rules.number.fullmatch(number):
        raise unread(address, row, "order_no", text)
    if number:
        return number
    hidden = rules.number_after_confirm and status is not OrderStatus.COMPLETED
    if hidden and vocabulary.HIDDEN_NUMBER.fullmatch(fold(text)):
        return None
    raise unread(address, row, "order_no", text)


def services_in(row: Row, address: str, rules: OrderRules | None = None) -> tuple[str, str | None]:
    """Name and code of what was ordered; of an order of several services all names. A line that calls itself a gift
    (赠品) is none. Raise PageChanged if ours is among several, or if a further line has a state or an amount of
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
                raise unread(address, row, name, item.text(name))
    if rules and any(is_ours(name, text, rules.services) for name, text in found):
        raise unread(address, row, "service", names)
    return names, None


def _service(row: Row, address: str, rules: OrderRules | None = None) -> tuple[str, str | None]:
    """Raise PageChanged if a service looks like one of ours and what stands beside it may make it another's."""
    found = service_of(row)
    if found is None:
        raise unread(address, row, "service", row.text("service"))
    if rules and found.doubt(rules.services) is not None:
        raise unread(address, row, "service", row.text("service"))
    return found.name, found.deciding_code(rules.services if rules else ())
