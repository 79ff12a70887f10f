"""Which orders are asked for, and the test that each order passes or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agent.domain.errors import UsageError
from agent.domain.stage import Stage
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.domain.accounts import AccountKey
    from agent.ledger import KnownOrder, Ledger
    from agent.settings import Settings

_TROUBLED = {Stage.UNKNOWN, Stage.NEEDS_PERSON}
_LISTED = Text("See: fankuan merchants list", "请查看：fankuan merchants list")
_BEFORE_REQUEST = {Stage.AWAITING_CONFIRMATION, Stage.CONFIRMED, Stage.FILED, Stage.REFUNDABLE}


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What is asked for; an empty field asks for nothing. `due_within` counts days from `today` (Asia/Shanghai)."""

    today: date
    merchants: Sequence[str] = ()
    platforms: Sequence[str] = ()
    stages: Sequence[Stage] = ()
    problems: bool = False
    due_within: int | None = None
    accounts: "Sequence[AccountKey]" = ()
    active: bool = False

    def check(self, settings: "Settings", ledger: "Ledger") -> None:
        """Raise UsageError if a merchant, a platform or an account is named that does not exist."""
        from agent.settings import sites
        from agent.settings.problems import instead_of

        with ledger.read() as tx:
            registered = tx.merchants.registered()
        # Who was removed may be named, too: what is known of the money stays.
        merchants = {each.id for each in registered}
        known = {account for each in registered for account in each.shops}
        for name in {*self.merchants} - merchants:
            raise _unknown(Text(f"merchant “{name}”", f"商家“{name}”"), _LISTED)
        for account in {*self.accounts} - known:
            raise _unknown(Text(f"account “{account}”", f"账号“{account}”"), _LISTED)
        for name in {*self.platforms} - {*sites(settings)}:
            raise _unknown(Text(f"platform “{name}”", f"平台“{name}”"), instead_of(name, sites(settings)))

    def passes(self, known: "KnownOrder") -> bool:
        """True for an order that is asked for."""
        gone = self.active and known.removed
        return not gone and self.is_of(known.account) and self._stands(known) and self._is_due(known)

    def is_of(self, account: "AccountKey") -> bool:
        """True for an account that is asked for."""
        asked = not self.merchants or account.merchant_id in self.merchants
        named = not self.accounts or account in self.accounts
        return asked and named and (not self.platforms or account.platform in self.platforms)

    def _stands(self, known: "KnownOrder") -> bool:
        troubled = not self.problems or known.stage in _TROUBLED
        return troubled and (not self.stages or known.stage in self.stages)

    def _is_due(self, known: "KnownOrder") -> bool:
        if self.due_within is None:
            return True
        until = self.today + timedelta(days=self.due_within)
        return known.stage in _BEFORE_REQUEST and known.due_on is not None and known.due_on <= until


def _unknown(what: Text, cure: Text) -> UsageError:
    return UsageError(Text(f"There is no {what.en}. {cure.en}", f"没有{what.zh}。{cure.zh}"))
