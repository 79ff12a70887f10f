"""Looks in brief: only as far into a platform's list as it takes to see that nothing has changed."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from agent.domain.merchants import Account
from agent.domain.orders import Order, OrderStatus, is_ours
from agent.domain.schedule import DueReason
from agent.ledger import Ledger
from agent.sites import Site

# The longest pause between two looks is a week at most, and three days where this leaves room for a brief one: so a
# list is read whole once a week at the least.
_WHOLE_LASTS = timedelta(days=4)
_QUIET = (DueReason.REGULAR, DueReason.CALM, DueReason.REFUND_DUE)
_SETTLED = (OrderStatus.COMPLETED, OrderStatus.CLOSED)


def known_orders(ledger: Ledger, account: Account, site: Site, now: datetime) -> list[Order] | None:
    """The orders that the last look found, if a first page that shows the same proves enough; None else.

    That is so if nothing that was begun is in doubt, the list was read whole not long before `now` (aware), and
    neither has anybody asked for a look nor is it one after trouble.
    """
    with ledger.read() as tx:
        left, why = tx.schedule.history(account.key), tx.schedule.planned(account.key).why
        listed, doubt = tx.orders.last_listed(account.key), tx.intents.open_of(account.key)
    if left.whole_at is None or now - left.whole_at >= _WHOLE_LASTS or why not in _QUIET:
        return None
    renamed = any(o.ours is not is_ours(o.service, o.service_code, site.services) for o in listed)  # by the settings
    return None if doubt or renamed else listed


def proves_unchanged(shown: Collection[Order], stated: set[int], known: Sequence[Order]) -> bool:
    """True if a first page that shows these orders, and states these counts, proves that the list is as known.

    It shows nothing else, the number of all of them is the same, and what may still change of ours stands on it.
    """
    open_ones = Counter(o for o in known if o.ours and (o.order_no is None or o.status not in _SETTLED))
    # Counted: two orders that have no number yet can be alike.
    return bool(shown) and stated == {len(known)} and open_ones <= Counter(shown) <= Counter(known)
