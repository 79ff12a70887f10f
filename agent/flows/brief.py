"""Which accounts may be looked at in brief: only as far as it takes to see that nothing has changed."""

from datetime import datetime, timedelta

from agent.domain.merchants import Account
from agent.domain.orders import Order, OrderStatus, is_ours
from agent.domain.schedule import Why
from agent.ledger import Ledger
from agent.sites import Site

# The longest pause between two looks is a week at most, and three days where this leaves room for a brief one: so a
# list is read whole once a week at the least.
_WHOLE_LASTS = timedelta(days=4)
_QUIET = (Why.REGULAR, Why.CALM, Why.REFUND_DUE)
_SETTLED = (OrderStatus.COMPLETED, OrderStatus.CLOSED)


def known_orders(ledger: Ledger, account: Account, site: Site, now: datetime) -> list[Order] | None:
    """The orders that the last look found, where a first page that shows the same proves enough; None else.

    That is so where every order of ours is settled on the platform, nothing that was begun is in doubt, the list was
    read whole not long before `now` (aware), and neither has anybody asked for a look nor is it one after trouble.
    """
    left = ledger.standing(account.merchant, account.platform)
    if left.whole_at is None or now - left.whole_at >= _WHOLE_LASTS:
        return None
    if ledger.planned(account.merchant, account.platform).why not in _QUIET:
        return None
    listed = ledger.last_listed(account)
    doubt = ledger.open_intents(account.merchant, account.platform)
    return None if doubt or not all(_is_settled(order, site) for order in listed) else listed


def _is_settled(order: Order, site: Site) -> bool:
    if order.ours is not is_ours(order.service, order.service_code, site.services):
        return False  # the settings say otherwise by now
    return not order.ours or (order.order_no is not None and order.status in _SETTLED)
