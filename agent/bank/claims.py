"""Which refunds a payment may be for: those that were requested and are not known to be paid."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from agent.domain.orders import SHANGHAI, YUAN
from agent.domain.payments import Claim
from agent.domain.stage import Stage
from agent.ledger import KnownOrder
from agent.ledger.order_stages import StagedOrder


def of_staged(staged: Iterable[StagedOrder], match_days: int) -> Iterator[Claim]:
    """Yield the refunds among these orders; one can be paid up to `match_days` days after its request."""
    for each in staged:
        if each.stage is Stage.REQUESTED and each.order_no is not None and each.currency == YUAN:
            requested_on = each.requested_on or each.due_on or each.ordered_at
            yield Claim(
                merchant=each.account.merchant_id,
                platform=each.account.platform,
                order_no=each.order_no,
                amount=each.amount,
                requested_on=requested_on,
                # What was requested before it was first seen here may have been paid before that, but not before it
                # was due.
                earliest=min(requested_on, each.due_on or each.ordered_at),
                latest=requested_on + timedelta(days=match_days),
            )


def of_known(known: Iterable[KnownOrder], match_days: int) -> Iterator[Claim]:
    """Yield the refunds among these orders; see of_staged()."""
    return of_staged(map(_staged, known), match_days)


def _staged(known: KnownOrder) -> StagedOrder:
    order, asked = known.order, known.requested_at
    return StagedOrder(
        id=0,
        account=known.account,
        order_no=order.order_no,
        ordered_at=order.ordered_at.date(),
        service=order.service,
        amount=order.amount,
        currency=order.currency,
        stage=known.stage,
        due_on=known.due_on,
        requested_on=asked.astimezone(SHANGHAI).date() if asked else None,
    )
