"""Whether a step happened, judged by what the pages say now and by nothing else."""

from collections.abc import Sequence
from typing import assert_never

from agent.domain.orders import Filing, FilingStatus, Order, OrderStatus, is_application
from agent.domain.report import StepKind


def happened(
    kind: StepKind,
    order_key: str,
    orders: Sequence[Order],
    filings: Sequence[Filing],
    *,
    direct: bool,
    whole: bool = True,
    alike: int = 1,
) -> bool | None:
    """True or false if the pages say so positively, None if they say nothing.

    `whole`: `filings` are all that there are, so that one which is not among them is not listed. `direct`: they are the
    applications for refunds, and the same holds for these. `alike` orders of that key awaited the same step when it was
    begun.
    """
    order = order_named(order_key, orders)
    if order is None:
        return None
    listed = [f for f in filings if f.order_no == order.order_no]
    match kind:
        case StepKind.CONFIRM if alike > 1:
            return _awaiting(order_key, orders) < alike
        case StepKind.CONFIRM:
            return order.status is OrderStatus.COMPLETED
        case StepKind.FILE:
            return True if listed else (False if whole else None)
        case StepKind.REQUEST_REFUND if direct:
            applied = any(is_application(f) for f in listed)
            return True if applied else (False if whole else None)
        case StepKind.REQUEST_REFUND:
            requested = any(f.status in (FilingStatus.REQUESTED, FilingStatus.PAID_OUT) for f in listed)
            return requested if listed else None
        case _:
            assert_never(kind)


def _awaiting(order_key: str, orders: Sequence[Order]) -> int:
    named = (o for o in orders if order_key in (o.order_no, o.natural_key))
    return sum(o.status is OrderStatus.AWAITING_CONFIRMATION for o in named)


def order_named(order_key: str, orders: Sequence[Order]) -> Order | None:
    """The order of a step, also if its number was not known when the step began."""
    return next((o for o in orders if order_key in (o.order_no, o.natural_key)), None)
