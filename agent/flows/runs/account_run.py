"""One account, observed, planned for, acted on and verified, until nothing is left to do now."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from loguru import logger
from playwright.async_api import Error

from agent.domain.doubt import Heard
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, SiteRefused
from agent.domain.login_errors import AgreementAsked, Challenge, ShopNotNamed
from agent.domain.orders import OrderStatus
from agent.domain.page_errors import ChoiceUnclear, DialogDeclined, FormDiffers, PageChanged, StepSkipped
from agent.domain.plan import WRONGLY, Step
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.flows.runs.account_context import AccountContext
from agent.flows.runs.account_report import Reporting
from agent.flows.runs.account_state import AccountState, Trouble
from agent.flows.runs.backoffice_turn import BackOfficeTurn
from agent.flows.runs.failure_notes import keep_failure
from agent.flows.runs.grace import GRACE_SECONDS, let_settle
from agent.flows.runs.observer import Observer
from agent.flows.runs.planning import STAGES, Planning
from agent.flows.runs.shop_to_file import shop_to_file
from agent.flows.runs.verify import Verification
from agent.flows.steps.apply_refund import apply_for_refund
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.case import Shown, name_of
from agent.flows.steps.confirm import confirm
from agent.flows.steps.file_order import file_order
from agent.flows.steps.first_steps import HELD_BACK, NOT_LISTED_YET
from agent.flows.steps.request_refund import request_refund
from agent.flows.steps.step import StepExecutor
from agent.ledger import LeaseLost

# A list that is rebuilt within seconds shows by then what was just done; slower ones are left to later looks.
_LOOK_AGAIN_SECONDS = (2.0, 5.0)


@dataclass(slots=True)
class AccountRun:
    """The loop of one account.

    What was listed in the back office for another account, and the known orders of the platform, do to see that nothing
    is to do, and not to do something by. `trouble` is what ended the account, with a picture.
    """

    observer: Observer
    trouble: Trouble | None = None

    @property
    def job(self) -> AccountContext:
        return self.observer.job

    @property
    def state(self) -> AccountState:
        return self.observer.state

    @property
    def turn(self) -> BackOfficeTurn:
        return self.observer.turn

    @property
    def verification(self) -> Verification:
        return Verification(self.job, self.state)

    @property
    def planning(self) -> Planning:
        return Planning(self.job, self.state)

    async def run(self) -> AccountReport:
        """Do what can be done now.

        Raise AccountError if the account cannot go on; what was done is in report().
        """
        await self.observer.find_orders()
        try:
            return await self._run()
        except (PageChanged, SiteRefused):
            if self.state.clicked or not await self.observer.is_lost():
                raise
        await self.observer.find_anew()
        return await self._run()

    async def _run(self) -> AccountReport:
        if self.observer.platform_session is None:
            # All that there is to see is there, and it is pictured if it is not understood.
            await self.observer.have_turn()
        await self._look_first()
        while batch := self._wanted():
            await self._take_turn_with(batch[0].kind)
        if self.state.clicked:
            for session in self.observer.sessions:
                await session.keep()
        return self.report()

    async def _look_first(self) -> None:
        """See how both sites are now; once more, and whole, if anything is to do by what was only taken over."""
        observer, state, begun = self.observer, self.state, bool(self.job.open_intents())
        if begun:  # how a step ended that was begun is to be seen in what is read from now on
            await self._grace()
        await observer.see_both(fresh=begun)
        if (state.taken_over or not state.whole) and self._next_batch():
            if not state.whole and observer.platform_session is not None:
                observer.known = None
                await observer.platform_session.page.blocker.end()
                await observer.see_orders()
            if state.taken_over:
                await observer.see_filings(fresh=True)
        observer.known = None
        self.verification.verify()

    async def _take_turn_with(self, kind: StepKind) -> None:
        """Take the next batch, if it is of that kind still once nobody else sends the first of these steps."""
        if kind is not StepKind.CONFIRM:
            await self.observer.have_turn()
            if self.turn.others_came or self.state.taken_over:
                # What they have sent must not be taken for what came of ours.
                await self.observer.see_filings(fresh=True)
                self.verification.verify()
        async with AsyncExitStack() as stack:
            with self.turn.deadline.halted():
                await stack.enter_async_context(self.job.run.firsts.turn(self.job.way(kind)))
            batch = self._wanted()
            if not batch or batch[0].kind is not kind:
                return
            try:
                await self._act(batch)
                await self._look_after(kind)
            except AccountError as error:
                await self.in_trouble(error)  # the next one must know what came of the first
                raise

    async def _look_after(self, kind: StepKind) -> None:
        """See what came of a batch; again within seconds for as long as that may show more."""
        await self._patience()
        await self._look_at(kind)
        for pause in _LOOK_AGAIN_SECONDS:
            if not self._may_show_soon():
                break
            await asyncio.sleep(pause)
            await self._look_at(kind)
        self._hold_unless_shown(kind)

    async def _look_at(self, kind: StepKind) -> None:
        if kind is StepKind.CONFIRM:
            await self.observer.see_orders()
        else:
            await self.observer.see_filings(fresh=True)
        self.verification.verify()

    def _may_show_soon(self) -> bool:
        """True if something of the last batch is missing that another look within seconds may show."""
        if any(a.reason in WRONGLY.values() for a in self.state.ended.values()):
            return False
        mine = [i for i in self.job.open_intents() if i.id in self.state.latest]
        return any(i.heard is Heard.ACCEPTED for i in mine) or any(
            i.heard is Heard.UNCLEAR
            and not self.state.clicked[i.id].lost
            and self.job.experience(i.kind).shown_within is not None
            for i in mine
        )

    def _hold_unless_shown(self, kind: StepKind) -> None:
        """Send no more of a kind once a step was accepted that is not listed, unless what was sent was right."""
        missing = [i for i in self.job.open_intents() if i.id in self.state.latest and i.heard is Heard.ACCEPTED]
        if any(not self.state.clicked[i.id].wire_agrees for i in missing):
            self.job.run.firsts.stop(self.job.way(kind), NOT_LISTED_YET)
        elif missing:
            self.job.run.firsts.proven.add(self.job.way(kind))

    async def in_trouble(self, error: AccountError) -> None:
        """Picture the page, leave for a person what it asks for, and see what came of what was sent. Once an error."""
        at = self.observer.at
        if at is None or (self.trouble is not None and self.trouble.error is error):
            return
        pictures = await keep_failure(self.observer, at, error)
        if isinstance(error, Challenge | ShopNotNamed | AgreementAsked):
            picture = next((place for place in pictures if place.endswith(".png")), None)
            at.leave(error.kind, error.message, picture)
        self.trouble = Trouble(error, pictures, at.asked)
        if not isinstance(error, LeaseLost):  # what is open then is another's to judge
            await self._settle_accounts()

    async def _settle_accounts(self) -> None:
        """After trouble: one more look, so that what was clicked is known. Trouble with that changes nothing."""
        mine = {i.kind for i in self.job.open_intents() if i.id in self.state.clicked}
        if not mine:
            return
        try:
            await self.observer.see_orders()
            if mine != {StepKind.CONFIRM}:
                await self.observer.see_filings(fresh=True)
        except (AccountError, Error) as error:
            logger.warning("{}: could not look once more: {}", self.job.site.id, error)
            return
        self.verification.verify()

    async def _grace(self) -> None:
        newest = max((i.begun_at for i in self.job.open_intents()), default=None)
        if newest is not None:
            await let_settle(newest, self.job.run.clock())

    async def _patience(self) -> None:
        """A site that answered with trouble may still do what it was asked for: looking at once would deny it."""
        mine = [i for i in self.job.open_intents() if i.id in self.state.latest]
        if any(i.heard is Heard.UNCLEAR and not self.state.clicked[i.id].lost for i in mine):
            await asyncio.sleep(GRACE_SECONDS)

    def _wanted(self) -> list[Step]:
        """What is to be done now."""
        return [] if self.job.run.dry_run or self.job.run.stopping() else self._next_batch()

    def _next_batch(self) -> list[Step]:
        """The steps of the earliest stage that has any left to do."""
        left = [s for s in self.planning.plan() if s.doable and s.order.key not in self.state.left_out]
        doable = [s for s in left if name_of(s.kind, s.order) not in self.state.ended]
        batch = next((b for k in STAGES if (b := [s for s in doable if s.kind is k])), [])
        # Two orders without a number can look the same (one second, one price): one at a time.
        return list({name_of(s.kind, s.order): s for s in batch}.values())

    async def _act(self, batch: Sequence[Step]) -> None:
        """Take the steps; only the first one that was not refused, until a list has shown that it came out right."""
        job = self.job
        self.state.before, self.state.latest = Shown(self.state.orders, self.state.filings), set()
        for step in batch:
            if job.run.stopping() or self._is_first_to_be_seen(step.kind):
                return
            name = name_of(step.kind, step.order)
            self.state.attempts[name] = self.state.attempts.get(name, 0) + 1
            job.run.progress.step_started(job.account.key, step.kind, step.order.order_no)
            if step.kind is not StepKind.CONFIRM:
                self.turn.page.filings = None
            try:
                done = await self._take(step)
            except StepSkipped as skipped:
                self._leave_out(step, skipped)
                continue
            self.state.clicked[done.intent_id] = done
            self.state.latest.add(done.intent_id)
            if done.wire_agrees is False:
                return

    def _leave_out(self, step: Step, skipped: StepSkipped) -> None:
        """Note that a person said no to a step, or to all of its order."""
        text = explained(skipped).message
        waits = Action(step.kind, step.order.order_no, StepResult.WAITING, reason=skipped.reason, text=text)
        self.state.ended[name_of(step.kind, step.order)] = waits
        if skipped.whole_order:
            self.state.left_out.add(step.order.key)

    async def _take(self, step: Step) -> StepAttempt:
        """Take one step. Raise DialogDeclined if it was broken off: it failed, unless something was sent by then."""
        try:
            return await self._click(step, self._executor(step))
        except DialogDeclined as error:
            number, text = step.order.order_no, error.missing
            if isinstance(error, ChoiceUnclear | FormDiffers):
                self.job.run.firsts.stop(self.job.way(step.kind), HELD_BACK)
            if any((i.kind, i.order_key) == (step.kind, step.order.key) for i in self.job.open_intents()):
                raise  # it is in doubt
            failed = Action(step.kind, number, StepResult.FAILED, reason=error.reason, text=text)
            self.state.ended[name_of(step.kind, step.order)] = failed
            raise

    def _executor(self, step: Step) -> StepExecutor:
        job = self.job
        return StepExecutor(
            job.account.key,
            step.kind,
            step.order,
            job.run.ledger,
            job.lease,
            job.evidence,
            job.run.clock,
            self._alike(step),
            job.run.overseer,
        )

    def _is_first_to_be_seen(self, kind: StepKind) -> bool:
        sent = (self.state.clicked[i] for i in self.state.latest)
        return self.job.way(kind) not in self.job.run.firsts.proven and any(c.heard is not Heard.REFUSED for c in sent)

    def _alike(self, step: Step) -> int:
        waits = (o for o in self.state.orders if o.status is OrderStatus.AWAITING_CONFIRMATION)
        return sum(o.key == step.order.key for o in waits) if step.kind is StepKind.CONFIRM else 1

    async def _click(self, step: Step, executor: StepExecutor) -> StepAttempt:
        job, payee, session = self.job, self.job.merchant.payee, self.turn.session
        on_platform = self.observer.platform_session
        if step.kind is StepKind.CONFIRM and on_platform is not None:
            self.observer.at = on_platform
            return await confirm(on_platform, job.site, step.order, self.state.orders, executor)
        if session is None or not self.turn.mine:
            raise AssertionError("nothing is sent in the back office but in the account's turn")
        self.observer.at = session
        if step.kind is StepKind.FILE:
            return await file_order(
                session, self.job.form_url, self.job.entry(step.order, shop_to_file(self.job, self.state)), executor
            )
        if step.kind is StepKind.REQUEST_REFUND and payee is not None and step.filing is not None:
            # On the page that offered it: 订购返款 may list nothing of what was filed.
            return await request_refund(session, self.job.list_url, payee, step.order, step.filing, executor=executor)
        if step.kind is StepKind.REQUEST_REFUND and payee is not None and job.direct:
            return await apply_for_refund(
                session,
                self.job.refund_url,
                self.job.entry(step.order, shop_to_file(self.job, self.state)),
                payee,
                executor,
            )
        raise AssertionError(f"the plan has no such step: {step}")

    def report(self) -> AccountReport:
        """What happened so far, and what is planned or waited for. What was begun and not closed is unknown."""
        return Reporting(self.job, self.state, self.verification, self.planning).report()
