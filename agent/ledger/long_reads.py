"""What may be too much for one transaction: read in pieces, so that none is long and what is held at once is small."""

from collections.abc import Callable, Collection, Iterator

from agent.domain.accounts import SiteId
from agent.ledger import overview
from agent.ledger.ledger import Ledger
from agent.ledger.run_values import AccountRunEnd
from agent.ledger.values import KnownOrder, KnownWay

_MERCHANTS_AT_ONCE, _ENDS_AT_ONCE = 200, 1000


def known_orders(
    ledger: Ledger,
    due_on: overview.DueOn = overview.never_published,
    direct: overview.Direct = overview.everyone_files,
    *,
    of: Collection[str] | None = None,
) -> Iterator[KnownOrder]:
    """Yield every order of all merchants, removed ones too, or of these, by account and time; some a transaction.

    `due_on` gives the day from which a refund may be requested; without it the back office's offer alone decides.
    `direct` tells which editions apply for it without a filing.
    """
    with ledger.read() as tx:
        ids = tx.merchants.ids(removed=True) if of is None else sorted({*of})
    for start in range(0, len(ids), _MERCHANTS_AT_ONCE):
        with ledger.read() as tx:
            known = tx.known_orders(due_on, direct, ids[start : start + _MERCHANTS_AT_ONCE])
        yield from known


def account_runs(ledger: Ledger) -> Iterator[AccountRunEnd]:
    """Yield how every run ended for every account, oldest first; some of them a transaction."""
    after = 0
    while True:
        with ledger.read() as tx:
            found = tx.runs.ended(after, _ENDS_AT_ONCE)
        yield from (end for _, end in found)
        if len(found) < _ENDS_AT_ONCE:
            return
        after = found[-1][0]


def found_ways(ledger: Ledger) -> Callable[[SiteId, str, str], dict[str, KnownWay]]:
    """Return what looks the ways to a site's pages up when it is asked, by site, edition and log-in page."""

    def known(site_id: SiteId, edition: str, login_url: str) -> dict[str, KnownWay]:
        with ledger.read() as tx:
            return tx.ways.known(site_id, edition, login_url)

    return known
