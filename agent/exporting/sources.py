"""Where rows come from: the ledger, read in pieces while a file is written."""

from collections.abc import Iterator

from agent.exporting.orders import Names
from agent.ledger import Ledger
from agent.ledger.audit import AuditEntry
from agent.settings import Settings, sites

_ACTS_AT_ONCE = 1000


def names_of(settings: Settings, ledger: Ledger) -> Names:
    """Return what merchants and platforms are called, and where refunds go."""
    with ledger.read() as tx:
        everyone, merchants = tx.merchants.registered(), tx.merchants.find()
    return Names(
        {merchant.id: merchant.name for merchant in everyone},
        {name: site.title for name, site in sites(settings).items()},
        {merchant.id: merchant.payee for merchant in merchants},
    )


def acts(ledger: Ledger, who: str | None = None) -> Iterator[AuditEntry]:
    """Yield each act of the audit trail, or each of one who acted, the newest first."""
    before = None
    while True:
        with ledger.read() as tx:
            found = tx.audit.entries(_ACTS_AT_ONCE, before, who)
        yield from found
        if len(found) < _ACTS_AT_ONCE:
            return
        before = found[-1].id
