"""What a dialog says of the order that it asks about, held against the order that is meant."""

import re
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from agent.domain.orders import Order
from agent.domain.text import Text, fold
from agent.pages import vocabulary
from agent.pages.values import numbers_in, price, spaced, timed_in

# 订单金额 and its like are left out: they can be the price before a discount.
_PAID = re.compile(
    r"(?:实付金额|实付款|实际支付|实付|支付金额|付款金额|(?<![\u4e00-\u9fff])金额) ?[:为是]? ?"
    r"([^\d\s]{0,3} ?\d[\d,]*(?:\.\d+)?元?)"
)
_ORDER_TIME = re.compile(rf"(?:^|[^\w]|确认|订单|{'|'.join(vocabulary.ORDER_FIELDS['ordered_at'])})$")
# A moment with one of these behind it is a limit of something: 将于…前, …至…, …自动确认.
_LIMIT = re.compile(r"^(之?[前后内]|[至起止~-]|到(?!期)|自动|(过期|到期|截止)(?!时间|日))")
_SHORTEST_NAME = 4


def contradiction(text: str, order: Order, others: Collection[str]) -> Text | None:
    """What a dialog states that is not true of the order; None if it states nothing of the kind.

    What is left out is no contradiction, nor is what stands beside the right thing. Compared are numbers as long as the
    order's, amounts that are said to be paid, times of the order as far as they are shown, and the names of services;
    `others` are those that the list holds.
    """
    found = (
        _other_number(text, order)
        or _other_amount(text, order)
        or _other_time(text, order)
        or _other_service(text, order, others)
    )
    if found is None:
        return None
    return Text(
        f"the dialog speaks of {found}, which is not this order's; it was not agreed to",
        f"确认对话框显示的是 {found}，与本订单不符，未点击确认",
    )


def _other_number(words: str, order: Order) -> str | None:
    own = order.order_no
    closed_up = re.sub(r"(?<=\d)\s+(?=\d)", "", words)
    alike = [n for text in (words, closed_up) for n in numbers_in(text) if own and len(n) == len(own)]
    return alike[0] if alike and own not in alike else None


def _other_amount(text: str, order: Order) -> str | None:
    stated = _paid(spaced(text), order.currency)
    if not stated or (order.amount, order.currency) in stated:
        return None
    amount, currency = stated[0]
    return f"{amount:.2f} {currency}"


def _paid(text: str, currency: str) -> list[tuple[Decimal, str]]:
    found = []
    for match in _PAID.finditer(text):
        try:
            found.append(price(match[1], currency))
        except ValueError:
            continue  # such as 金额不足100: nothing is stated
    return found


def _other_time(text: str, order: Order) -> str | None:
    stated = [when for before, when, after in timed_in(text) if _ORDER_TIME.search(before) and not _LIMIT.match(after)]
    if not stated or any(same_time(when, order.ordered_at) for when in stated):
        return None
    return f"{stated[0]:%Y-%m-%d %H:%M:%S}"


def same_time(shown: datetime, known: datetime) -> bool:
    """Equal as far as both are shown: a list may leave out the time of day, either may leave out the seconds."""
    if (known.hour, known.minute, known.second) == (0, 0, 0):
        return shown.date() == known.date()
    if 0 in (shown.second, known.second):
        return shown.replace(second=0) == known.replace(second=0)
    return shown == known


def _other_service(text: str, order: Order, others: Collection[str]) -> str | None:
    folded = fold(text)
    if fold(order.service) in folded:
        return None
    named = [o for o in others if len(fold(o)) >= _SHORTEST_NAME and fold(o) in folded]
    return f"“{named[0]}”" if named else None
