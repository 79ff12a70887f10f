"""What one account's run is given, and what follows from that alone."""

from dataclasses import dataclass

from agent.domain.doubt import Experience
from agent.domain.merchants import Account, Merchant
from agent.domain.orders import Filing, Order
from agent.domain.report import StepKind
from agent.evidence.recorder import Evidence
from agent.flows.runs.context import OpenRun
from agent.flows.steps.filing_form import FilingForm
from agent.flows.steps.first_steps import Way
from agent.ledger import Intent, Lease
from agent.sites import BackOffice, Site, may_be_called


@dataclass(frozen=True, slots=True)
class AccountContext:
    """What one account's run is given. `others` are the back office's names, folded, of all other platforms."""

    run: OpenRun
    merchant: Merchant
    account: Account
    site: Site
    others: frozenset[str]
    backoffice: BackOffice
    lease: Lease
    evidence: Evidence

    @property
    def direct(self) -> bool:
        """True if refunds are applied for without a filing. Of a platform that is gone nothing new is sent."""
        return not self.site.gone and self.backoffice.direct(self.merchant.edition)

    def way(self, kind: StepKind) -> Way:
        """How the steps of that kind are sent here. What one of them proves holds for all of the run that go so."""
        site = self.site.id if kind is StepKind.CONFIRM else self.backoffice.login_url
        return Way(site, kind, self.direct)

    def concerns(self, filing: Filing) -> bool:
        """True unless a filing is another platform's: two platforms may give the same number."""
        return may_be_called(self.site, filing.platform, self.others)

    @property
    def list_url(self) -> str:
        """Where the back office lists the filings, or the applications of those who file none."""
        return self.backoffice.list_url(self.merchant.edition) or self.backoffice.login_url

    @property
    def form_url(self) -> str:
        """Where an order is filed, if that is a page of its own."""
        return self.backoffice.form_url or self.list_url

    @property
    def refund_url(self) -> str:
        """Where a refund is applied for."""
        return self.backoffice.refund_url or self.list_url

    def entry(self, order: Order, shop: str | None) -> FilingForm:
        """What is filled in for an order. `shop` is the one to file under if its row names none."""
        return FilingForm.of(order, self.site.filing_name, order.shop or shop or self.merchant.name)

    def open_intents(self) -> list[Intent]:
        """What was begun and is not known to have ended."""
        with self.run.ledger.read() as tx:
            return tx.intents.open_of(self.account.key)

    def experience(self, kind: StepKind) -> Experience:
        """What is known of how soon the account's lists show a step of that kind."""
        with self.run.ledger.read() as tx:
            return tx.intents.experience(self.account.key, kind)
