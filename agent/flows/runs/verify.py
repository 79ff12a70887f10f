"""Closes what was begun by what the lists say now, and tells what else came of it."""

from dataclasses import dataclass

from agent.domain.doubt import Heard, Sent, Verdict, judge
from agent.domain.listed import Meant, filed_otherwise
from agent.domain.orders import Order, OrderStatus
from agent.domain.plan import WRONGLY
from agent.domain.report import Action, StepKind, StepResult
from agent.domain.text import Text
from agent.flows.runs.account_context import AccountContext
from agent.flows.runs.account_state import AccountState
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.case import Case, Shown
from agent.flows.steps.first_steps import HELD_BACK, NOT_LISTED_YET
from agent.flows.steps.not_listed import in_doubt, not_listed, not_listed_yet, went_wrong
from agent.flows.steps.outcome import happened
from agent.ledger import Intent

_ATTEMPTS = 3
_TAKEN_BACK = (OrderStatus.CLOSED, OrderStatus.REFUNDING)


@dataclass(frozen=True, slots=True)
class Verification:
    """The intents of one account, and what its lists show of them."""

    job: AccountContext
    state: AccountState

    def verify(self) -> None:
        """Close every intent of which the pages now say how it ended."""
        seen = [(case, self._happened(case)) for case in self.cases()]
        for case, verdict in seen:
            if verdict is True:  # first: what is listed tells how far the list can be trusted about the rest
                self._shown(case)
        verdicts = {case.intent.id: verdict for case, verdict in seen if verdict is not True}
        absent = [c.intent for c, v in seen if v is False or (v is None and c.intent.heard is Heard.ACCEPTED)]
        missing = [i.id for i in absent if i.missing_since is None]
        if missing:
            with self.job.run.ledger.begin(self.job.lease) as tx:
                tx.intents.miss(missing)
        for case in self.cases():
            if case.intent.id in verdicts:
                self._not_shown(case, verdicts[case.intent.id])

    def cases(self) -> list[Case]:
        """What is still open."""
        return self.state.cases(self.job.open_intents())

    def _happened(self, case: Case) -> bool | None:
        intent, order = case.intent, case.order
        if case.kind is StepKind.CONFIRM and order is not None and order.status in _TAKEN_BACK and case.was_sent:
            return True  # it never shows as completed, and there is nothing left to confirm
        if intent.kind is StepKind.CONFIRM and intent.alike > 1 and self.state.has_unnumbered_unread:
            return None  # which of those that look alike is not understood, nobody can tell
        listed_unread = {row.order_no for row in self.state.filings_unread}
        return happened(
            intent.kind,
            intent.order_key,
            self.state.orders,
            self.state.filings,
            direct=self.job.direct,
            whole=not self.state.filings_missing and (order is None or order.order_no not in listed_unread),
            alike=intent.alike,
        )

    def _shown(self, case: Case) -> None:
        if wrong := self._otherwise(case):
            self._wrong(case, wrong)
            return
        self._shut(case.intent, StepResult.ALREADY if case.click is None else StepResult.DONE, None)
        self._end(case, StepResult.ALREADY if case.click is None else StepResult.DONE, None)
        if case.click is not None:
            self.job.run.firsts.proven.add(self.job.way(case.kind))

    def _not_shown(self, case: Case, verdict: bool | None) -> None:
        if wrong := self._otherwise(case):
            self._wrong(case, wrong)
            return
        intent, order, click = case.intent, case.order, case.click
        settled = click is None or (click.refused is not None and not click.lost)
        sent = Sent(intent.begun_at, intent.heard, intent.heard_at, intent.missing_since, settled)
        match judge(verdict, sent, self.job.experience(case.kind), self.job.run.clock()):
            case Verdict.DID_NOT if click is not None:
                self._refused(case, click)
            case Verdict.DID_NOT:
                self._shut(intent, StepResult.FAILED, "a look showed that it did not happen")
            case Verdict.PERSON:
                self._end(case, StepResult.WAITING, "not_listed", not_listed(intent, order))
            case _ if intent.heard is Heard.ACCEPTED:
                self._end(case, StepResult.UNKNOWN, NOT_LISTED_YET, not_listed_yet(intent, order))
            case _:
                self.doubt(case)

    def doubt(self, case: Case) -> None:
        """Tell that nobody knows how a step ended."""
        refusal = case.click.refused if case.click else None
        self._end(case, StepResult.UNKNOWN, "unknown", in_doubt(case.intent, case.order, refusal))

    def _otherwise(self, case: Case) -> Text | None:
        """What the lists show in place of a step that was sent; None if it is right, or says nothing about it."""
        if case.strays or case.order is None or not case.was_sent:
            return case.strays
        if case.kind is StepKind.FILE or (case.kind is StepKind.REQUEST_REFUND and self.job.direct):
            return self._filed_otherwise(case.intent, case.order)
        alone = self.state.latest == {case.intent.id}
        now = Shown(self.state.orders, self.state.filings)
        return self.state.before.moved_otherwise(case.kind, case.order, now) if alone else None

    def _filed_otherwise(self, intent: Intent, order: Order) -> Text | None:
        # Not what would be sent now: that can come from the very row that is to be judged.
        job, entry = self.job, self.job.entry(order, intent.shop)
        meant = Meant(entry.order_no, job.others, intent.shop or entry.shop, entry.ordered_on, entry.amount)
        with job.run.ledger.read() as tx:
            before = tx.filings.seen_before(job.merchant.id, intent.begun_at)
        known = {o.order_no for o in self.state.orders if o.order_no}
        return filed_otherwise(meant, self.state.listed or self.state.filings, before, known)

    def _wrong(self, case: Case, difference: Text) -> None:
        """It came out otherwise than it was meant: it stays open, and no more of its kind is sent in this run."""
        self.job.run.firsts.stop(self.job.way(case.kind), HELD_BACK)
        result = StepResult.WAITING if case.click is None else StepResult.FAILED
        self._end(case, result, WRONGLY[case.kind], went_wrong(case.intent, case.order, difference))

    def _refused(self, case: Case, click: StepAttempt) -> None:
        """The site said no, and the page shows that nothing happened."""
        self._shut(case.intent, StepResult.FAILED, click.refused)
        if click.too_early and case.order is not None and case.order.order_no:
            job = self.job
            with job.run.ledger.begin(job.lease) as tx:
                tx.refunds.note_too_early(job.account.key, case.order.order_no, click.refused or "")
            self._end(case, StepResult.WAITING, "too_early")
        elif not click.passing or self.state.attempts.get(case.name, 0) >= _ATTEMPTS:
            self._end(case, StepResult.FAILED, "site_unavailable" if click.passing else "refused")
        else:
            self.state.ended.pop(case.name, None)  # it is tried again

    def _shut(self, intent: Intent, result: StepResult, text: str | None) -> None:
        with self.job.run.ledger.begin(self.job.lease) as tx:
            tx.intents.close(intent.id, result, text)

    def _end(self, case: Case, result: StepResult, reason: str | None, text: Text | None = None) -> None:
        refusal = case.click.refused if case.click and case.click.refused else None
        action = Action(
            case.kind,
            case.order.order_no if case.order else case.intent.order_key,
            result,
            reason=reason,
            text=text or (Text(refusal, refusal) if refusal else None),
            evidence=case.click.pictures if case.click else (),
        )
        known, self.state.ended[case.name] = self.state.ended.get(case.name), action
        if known is None or (known.result, known.reason) != (action.result, action.reason):
            self.job.run.progress.step_ended(self.job.account.key, action)
