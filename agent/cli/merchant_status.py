"""Where merchants stand: accounts, last runs, money, what is due next and what ends soon."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from agent.cli.due import known_orders
from agent.domain.accounts import AccountKey
from agent.domain.stage import Stage

if TYPE_CHECKING:
    from agent.flows.runs.ending import Expiring
    from agent.ledger import Authorization, KnownOrder, LastRun, Ledger, Registered
    from agent.settings import Settings

_AHEAD = (Stage.AWAITING_CONFIRMATION, Stage.CONFIRMED, Stage.FILED, Stage.REFUNDABLE)


@dataclass(frozen=True, slots=True)
class Next:
    """What falls due next: the day, and the money."""

    due_on: date
    amount: Decimal
    currency: str
    orders: int


@dataclass(frozen=True, slots=True)
class MerchantStatus:
    """Where one merchant stands."""

    merchant: "Registered"
    known: "list[KnownOrder]"
    runs: "Mapping[AccountKey, LastRun]"
    authorizations: "Mapping[AccountKey, Authorization]"
    expiring: "list[Expiring]"

    @property
    def next(self) -> Next | None:
        """The earliest day on which money can be asked for that was not asked for yet."""
        ahead = [k for k in self.known if k.stage in _AHEAD and k.due_on and k.order.ours and k.order.amount]
        first = min(ahead, key=lambda k: (k.due_on or date.max, k.order.currency), default=None)
        if first is None or first.due_on is None:
            return None
        same = [k.order.amount for k in ahead if (k.due_on, k.order.currency) == (first.due_on, first.order.currency)]
        return Next(first.due_on, sum(same, Decimal(0)), first.order.currency, len(same))


def statuses(settings: "Settings", ledger: "Ledger", today: date) -> list[MerchantStatus]:
    """Where each merchant stands on `today` (Asia/Shanghai)."""
    from agent.flows.runs import ending

    with ledger.read() as tx:
        merchants, kept = tx.merchants.registered(), tx.authorizations.known()
        runs = {run.account: run for run in tx.runs.latest()}
    links = ending.Links.of(settings, merchants)
    known = list(known_orders(settings, ledger))
    orders, ends = defaultdict(list), defaultdict(list)
    for order in known:
        orders[order.account.merchant_id].append(order)
    for end in (*ending.subscriptions(known, links, today), *ending.authorizations(kept, links, today)):
        ends[end.account.merchant_id].append(end)
    until = {each.account: each for each in kept}
    return [
        MerchantStatus(
            merchant, orders[merchant.id], runs, until, sorted(ends[merchant.id], key=lambda end: end.ends_on)
        )
        for merchant in merchants
    ]
