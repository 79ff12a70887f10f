"""Which order each step of a report belongs to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.domain.orders import Order, OrderStatus
from agent.domain.plan import NEEDS_PERSON
from agent.domain.report import AccountReport, Action, StepKind, StepResult


class Line(NamedTuple):
    """An order of ours and what became of it; `order` is None if a step names one that the list does not show."""

    order: Order | None
    actions: list[Action]


def lines(account: AccountReport) -> list[Line]:
    """Our orders with their actions. Where numbers are hidden, an order's actions begin with its confirmation."""
    left: dict[str | None, list[Action]] = defaultdict(list)
    for action in account.actions:
        left[action.order_no].append(action)
    found = [Line(order, _take(left, order)) for order in account.orders if order.ours]
    return found + [Line(None, [action]) for actions in left.values() for action in actions]


def _take(left: dict[str | None, list[Action]], order: Order) -> list[Action]:
    if order.order_no:
        return left.pop(order.order_no, [])
    nameless = left[None]
    end = next((i for i, action in enumerate(nameless) if i and action.kind is StepKind.CONFIRM), len(nameless))
    own = end if order.status is OrderStatus.AWAITING_CONFIRMATION else 0
    taken, left[None] = nameless[:own], nameless[own:]
    return taken


def waiting(accounts: Sequence[AccountReport]) -> Iterator[tuple[Order, Action]]:
    """The refunds that only time stands before."""
    for each in (found for account in accounts for found in lines(account)):
        for action in each.actions:
            waits = action.kind is StepKind.REQUEST_REFUND and action.result is StepResult.WAITING
            if each.order and waits and action.reason not in NEEDS_PERSON:
                yield each.order, action
