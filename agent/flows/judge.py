"""Whether a step happened, judged by what the pages say now and by nothing else."""

from collections.abc import Sequence
from typing import assert_never

from agent.domain.orders import Filing, FilingStatus, Order, OrderStatus
from agent.domain.report import StepKind


def happened(kind: StepKind, order_key: str, orders: Sequence[Order], filings: Sequence[Filing]) -> bool | None:
    """True or false where the pages say so positively, None where they say nothing.

    `orders` and `filings` are complete: that a filing is not among them means that it was not made.
    """
    order = order_named(order_key, orders)
    if order is None:
        return None
    match kind:
        case StepKind.CONFIRM:
            return order.status is OrderStatus.COMPLETED
        case StepKind.FILE:
            return any(f.order_no == order.order_no for f in filings)
        case StepKind.REQUEST_REFUND:
            states = {f.status for f in filings if f.order_no == order.order_no}
            return bool(states & {FilingStatus.REQUESTED, FilingStatus.PAID_OUT}) if states else None
        case _:
            assert_never(kind)


def order_named(order_key: str, orders: Sequence[Order]) -> Order | None:
    """The order of a step, also where its number was not known when the step began."""
    return next((o for o in orders if order_key in (o.order_no, o.birth_key)), None)
