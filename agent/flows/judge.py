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
) -> bool | None:
    """True or false where the pages say so positively, None where they say nothing.

    `whole`: `filings` are all that there are, so that one which is not among them was not made. `direct`: they are the
    applications for refunds, and the same holds for these.
    """
    order = order_named(order_key, orders)
    if order is None:
        return None
    listed = [f for f in filings if f.order_no == order.order_no]
    match kind:
        case StepKind.CONFIRM:
            return order.status is OrderStatus.COMPLETED
        case StepKind.FILE:
            return True if listed else (False if whole else None)
        case StepKind.REQUEST_REFUND if direct:
            applied = any(is_application(f) for f in listed)
            return True if applied else (False if whole or listed else None)
        case StepKind.REQUEST_REFUND:
            requested = any(f.status in (FilingStatus.REQUESTED, FilingStatus.PAID_OUT) for f in listed)
            return requested if listed else None
        case _:
            assert_never(kind)


def order_named(order_key: str, orders: Sequence[Order]) -> Order | None:
    """The order of a step, also where its number was not known when the step began."""
    return next((o for o in orders if order_key in (o.order_no, o.birth_key)), None)
