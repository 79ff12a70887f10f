"""What a transaction of the ledger gives: one repository a subject."""

from collections.abc import Collection
from functools import cached_property

from agent.ledger.audit import Audit
from agent.ledger.authorizations import Authorizations
from agent.ledger.challenges import Challenges
from agent.ledger.console_sessions import ConsoleSessions
from agent.ledger.evidence import Evidence
from agent.ledger.filings import Filings
from agent.ledger.health import Health
from agent.ledger.intents import Intents
from agent.ledger.leases import Leases
from agent.ledger.log_ins import LogIns
from agent.ledger.merchants import Merchants
from agent.ledger.notices import Notices
from agent.ledger.order_stages import OrderStages
from agent.ledger.orders import Orders
from agent.ledger.overview import Direct, DueOn, known_orders
from agent.ledger.page_shapes import PageShapes
from agent.ledger.refunds import Refunds
from agent.ledger.registration import Registrations
from agent.ledger.reseal import reseal
from agent.ledger.run_log import RunLog
from agent.ledger.runs import Runs
from agent.ledger.schedule import Schedule
from agent.ledger.sessions import Sessions
from agent.ledger.tokens import Tokens
from agent.ledger.transaction import Transaction
from agent.ledger.users import Users
from agent.ledger.values import KnownOrder
from agent.ledger.ways import Ways
from agent.ledger.workers import Workers


class UnitOfWork(Transaction):
    """The repositories of one transaction: what is changed through them happens together, or not at all."""

    @cached_property
    def audit(self) -> Audit:
        """See Audit."""
        return Audit(self)

    @cached_property
    def authorizations(self) -> Authorizations:
        """See Authorizations."""
        return Authorizations(self)

    @cached_property
    def challenges(self) -> Challenges:
        """See Challenges."""
        return Challenges(self)

    @cached_property
    def console_sessions(self) -> ConsoleSessions:
        """See ConsoleSessions."""
        return ConsoleSessions(self)

    @cached_property
    def evidence(self) -> Evidence:
        """See Evidence."""
        return Evidence(self)

    @cached_property
    def filings(self) -> Filings:
        """See Filings."""
        return Filings(self)

    @cached_property
    def health(self) -> Health:
        """See Health."""
        return Health(self)

    @cached_property
    def intents(self) -> Intents:
        """See Intents."""
        return Intents(self)

    @cached_property
    def leases(self) -> Leases:
        """See Leases."""
        return Leases(self)

    @cached_property
    def log_ins(self) -> LogIns:
        """See LogIns."""
        return LogIns(self)

    @cached_property
    def merchants(self) -> Merchants:
        """See Merchants."""
        return Merchants(self)

    @cached_property
    def notices(self) -> Notices:
        """See Notices."""
        return Notices(self)

    @cached_property
    def order_stages(self) -> OrderStages:
        """See OrderStages."""
        return OrderStages(self)

    @cached_property
    def orders(self) -> Orders:
        """See Orders."""
        return Orders(self)

    @cached_property
    def page_shapes(self) -> PageShapes:
        """See PageShapes."""
        return PageShapes(self)

    @cached_property
    def refunds(self) -> Refunds:
        """See Refunds."""
        return Refunds(self)

    @cached_property
    def run_log(self) -> RunLog:
        """See RunLog."""
        return RunLog(self)

    @cached_property
    def runs(self) -> Runs:
        """See Runs."""
        return Runs(self)

    @cached_property
    def schedule(self) -> Schedule:
        """See Schedule."""
        return Schedule(self)

    @cached_property
    def sessions(self) -> Sessions:
        """See Sessions."""
        return Sessions(self)

    @cached_property
    def registrations(self) -> Registrations:
        """See Registrations."""
        return Registrations(self)

    @cached_property
    def tokens(self) -> Tokens:
        """See Tokens."""
        return Tokens(self)

    @cached_property
    def users(self) -> Users:
        """See Users."""
        return Users(self)

    @cached_property
    def ways(self) -> Ways:
        """See Ways."""
        return Ways(self)

    @cached_property
    def workers(self) -> Workers:
        """See Workers."""
        return Workers(self)

    def known_orders(self, due_on: DueOn, direct: Direct, merchants: Collection[str]) -> list[KnownOrder]:
        """Return every order of these merchants, by account and time. See long_reads.known_orders()."""
        return known_orders(self, due_on, direct, merchants)

    def reseal(self) -> int:
        """Seal every secret anew with the vault's first key, and return their number."""
        return reseal(self)
