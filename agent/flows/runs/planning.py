"""What is to be done on an account, as it was observed last: the plan is pure, its facts are gathered here."""

from dataclasses import dataclass
from datetime import date

from agent.domain.orders import is_application
from agent.domain.plan import Situation, Step, plan
from agent.domain.report import StepKind
from agent.flows.runs.account_context import AccountContext
from agent.flows.runs.account_state import AccountState
from agent.flows.runs.shop_to_file import shop_to_file
from agent.flows.steps.first_steps import NOT_LISTED_YET
from agent.ledger import UnitOfWork

STAGES = (StepKind.CONFIRM, StepKind.FILE, StepKind.REQUEST_REFUND)


@dataclass(frozen=True, slots=True)
class Planning:
    """The facts of one account that decide what comes next."""

    job: AccountContext
    state: AccountState

    def plan(self) -> list[Step]:
        """The steps that follow from what was observed last."""
        job = self.job

        def due(day: date) -> date | None:
            return job.site.rule.due(day, job.run.settings.work_calendar).due_on if job.site.rule else None

        with job.run.ledger.read() as tx:
            situation = Situation(
                orders=self.state.orders,
                filings=self.state.filings,
                today=job.run.clock().date(),
                due=due,
                has_payee=job.merchant.payee is not None,
                refused_early=tx.refunds.waits(job.account.key),
                direct=job.direct,
                filed_before=self._filed_before(tx),
                filings_whole=not self.state.filings_missing,
                pending=frozenset((i.kind, i.order_key) for i in tx.intents.open_of(job.account.key)),
                happened=frozenset(tx.intents.happened(job.account.key)),
                held=self._held(tx),
                unread_filings=frozenset(row.order_no for row in self.state.filings_unread if row.order_no),
                unread_unnumbered=self.state.has_unnumbered_unread,
                shop_known=shop_to_file(job, self.state) is not None,
            )
        return plan(situation)

    def _held(self, tx: UnitOfWork) -> dict[StepKind, str]:
        """The kinds of which no more is sent for now, each with the reason."""
        firsts, job = self.job.run.firsts, self.job
        unproven = [kind for kind in STAGES if tx.intents.experience(job.account.key, kind).unproven]
        held = dict.fromkeys(unproven, NOT_LISTED_YET)
        return held | {kind: firsts.stopped[way] for kind in STAGES if (way := job.way(kind)) in firsts.stopped}

    def _filed_before(self, tx: UnitOfWork) -> frozenset[str]:
        seen = [f for f in tx.filings.seen(self.job.merchant.id) if self.job.concerns(f)]
        return frozenset(f.order_no for f in seen if not self.job.direct or is_application(f))
