"""Which accounts may be looked at in brief: only as far as it takes to see that nothing has changed."""

from datetime import datetime, timedelta

from agent.domain.merchants import Account
from agent.domain.orders import Order, OrderStatus
from agent.ledger import Ledger

# The longest pause between two looks is a week at most, and three days where this leaves room for a brief one: so a
# list is read whole once a week at the least.
_WHOLE_LASTS = timedelta(days=4)
_SETTLED = (OrderStatus.COMPLETED, OrderStatus.CLOSED)


def known_orders(ledger: Ledger, account: Account, now: datetime) -> list[Order] | None:
    """The orders that the last look found, where a first page that shows the same proves enough; None else.

    That is so where every order of ours is settled on the platform, nothing that was begun is in doubt, and the list
    was read whole not long before `now` (aware).
    """
    whole_at = ledger.standing(account.merchant, account.platform).whole_at
    if whole_at is None or now - whole_at >= _WHOLE_LASTS or ledger.open_intents(account.merchant, account.platform):
        return None
    listed = ledger.last_listed(account)
    settled = all(order.order_no and order.status in _SETTLED for order in listed if order.ours)
    return listed if settled else None
