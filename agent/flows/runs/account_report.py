"""What is told of an account's run: what happened, what is planned or waited for, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from agent.domain.errors import Outcome
from agent.domain.orders import Filing, FilingStatus, Order
from agent.domain.plan import NEEDS_PERSON, NOT_UNDERSTOOD, PARTIAL, SHOP_UNKNOWN, Step
from agent.domain.report import WIDEST_VIEW, AccountReport, Action, Gap, StepKind, StepResult, partly_read
from agent.domain.text import Text
from agent.domain.unread import stopped_alone, teach
from agent.flows.runs.account_context import AccountContext
from agent.flows.runs.account_state import AccountState
from agent.flows.runs.planning import STAGES, Planning
from agent.flows.runs.shop_to_file import sending
from agent.flows.runs.verify import Verification
from agent.flows.steps.case import name_of
from agent.flows.steps.not_listed import doubts
from agent.flows.steps.outcome import order_named


@dataclass(frozen=True, slots=True)
class Reporting:
    """What is told of one account."""

    job: AccountContext
    state: AccountState
    verification: Verification
    planning: Planning

    def report(self) -> AccountReport:
        """What happened so far, and what is planned or waited for. What was begun and not closed is unknown."""
        for case in self.verification.cases():
            if case.name not in self.state.ended:
                self.verification.doubt(case)
        actions = _actions(self.planning.plan(), self.state.ended, self.state.orders, self.job.run.dry_run)
        actions = [self._with_sending(action) for action in actions]
        if self.job.site.gone:
            actions += [
                _incomplete(f) for f in self.state.filings if f.order_no not in {o.order_no for o in self.state.orders}
            ]
        report = AccountReport(self.job.account.key, orders=self.state.orders, actions=actions, whole=self.state.whole)
        report.outcome, report.reason = _outcome(actions)
        report.text = doubts(actions)
        report.partial = self._gaps()
        if report.partial and report.outcome in (Outcome.OK, Outcome.NEEDS_HUMAN):
            report.outcome, report.reason = Outcome.UNKNOWN, PARTIAL
            report.text, report.cure = partly_read(report.partial), WIDEST_VIEW
        report.unread = (*self.state.orders_unread, *self.state.filings_unread)
        self._tell_unread(report)
        return report

    def _with_sending(self, action: Action) -> Action:
        """The action with what it would send, if it is planned or waits for its shop."""
        if action.result is not StepResult.PLANNED and action.reason != SHOP_UNKNOWN:
            return action
        order = order_named(action.order_no, self.state.orders) if action.order_no else None
        return replace(action, sends=sending(self.job, self.state, action, order)) if order else action

    def _tell_unread(self, report: AccountReport) -> None:
        """What is not understood and may be ours ends the account as failed, after all else was done."""
        own = [row for row in report.unread if not row.foreign]
        if own and report.outcome is not Outcome.FAILED:
            told, doubt = stopped_alone(own), report.text
            report.outcome, report.reason = Outcome.FAILED, NOT_UNDERSTOOD
            report.cure = teach(str(self.job.account.key))
            report.text = Text(f"{told.en} {doubt.en}", f"{told.zh}{doubt.zh}") if doubt else told

    def _gaps(self) -> tuple[Gap, ...]:
        both = (("orders", self.state.orders_missing), ("filings", self.state.filings_missing))
        return tuple(Gap(name, missing) for name, gaps in both for missing in gaps)


def _actions(
    steps: Sequence[Step], ended: dict[tuple[StepKind, str], Action], orders: Sequence[Order], dry_run: bool
) -> list[Action]:
    planned = {name_of(s.kind, s.order): _action(s, dry_run) for s in steps}
    found = []
    for order in orders:
        for kind in STAGES:
            name = name_of(kind, order)
            action = ended.get(name) or planned.get(name)
            if action is not None:
                due = planned[name].due_on if name in planned else None
                found.append(action if action.due_on else _with_due(action, due, order))
    listed = {name_of(kind, order) for order in orders for kind in STAGES}
    return found + [action for name, action in ended.items() if name not in listed]


def _with_due(action: Action, due_on: date | None, order: Order) -> Action:
    number = order.order_no or action.order_no
    return Action(action.kind, number, action.result, due_on, action.reason, action.text, action.evidence)


def _incomplete(filing: Filing) -> Action:
    """What becomes of a filing that makes no order, for no platform can be asked for what it lacks."""
    if filing.status in (FilingStatus.REQUESTED, FilingStatus.PAID_OUT):
        return Action(StepKind.REQUEST_REFUND, filing.order_no, StepResult.ALREADY)
    return Action(StepKind.REQUEST_REFUND, filing.order_no, StepResult.WAITING, reason="filing_incomplete")


def _action(step: Step, dry_run: bool) -> Action:
    result = step.result
    if result is StepResult.PLANNED and not dry_run:
        result = StepResult.WAITING  # for the step of the same order that did not succeed
    return Action(step.kind, step.order.order_no, result, step.due_on, step.reason)


def _outcome(actions: Sequence[Action]) -> tuple[Outcome, str | None]:
    for result, outcome in ((StepResult.FAILED, Outcome.FAILED), (StepResult.UNKNOWN, Outcome.UNKNOWN)):
        bad = next((a for a in actions if a.result is result), None)
        if bad is not None:
            return outcome, bad.reason
    waits = next((a for a in actions if a.reason in NEEDS_PERSON), None)
    return (Outcome.NEEDS_HUMAN, waits.reason) if waits else (Outcome.OK, None)
