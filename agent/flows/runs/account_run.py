"""One account, observed, planned for, acted on and verified, until nothing is left to do now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from loguru import logger
from playwright.async_api import Error
from sqlalchemy.exc import DBAPIError

from agent.domain.doubt import Heard
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, SiteRefused
from agent.domain.orders import Filing, Order, OrderStatus
from agent.domain.page_errors import ChoiceUnclear, DialogDeclined, FormDiffers, PageChanged, StepSkipped
from agent.domain.plan import WRONGLY, Step
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.domain.text import Text, fold
from agent.flows.runs.account_context import AccountContext
from agent.flows.runs.account_pages import AccountPages
from agent.flows.runs.account_report import Reporting
from agent.flows.runs.account_state import AccountState
from agent.flows.runs.grace import GRACE_SECONDS, let_settle
from agent.flows.runs.planning import STAGES, Planning
from agent.flows.runs.shop_to_file import shop_to_file
from agent.flows.runs.verify import Verification
from agent.flows.session.session import Session
from agent.flows.session.session_store import BACK_OFFICE
from agent.flows.steps.apply_refund import apply_for_refund
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.case import Shown, name_of
from agent.flows.steps.confirm import confirm
from agent.flows.steps.file_order import file_order
from agent.flows.steps.first_steps import HELD_BACK, NOT_LISTED_YET
from agent.flows.steps.lookup import look_up_filings, look_up_orders, order_list_of, orders_filed
from agent.flows.steps.request_refund import request_refund
from agent.flows.steps.step import StepExecutor
from agent.pages import vocabulary
from agent.pages.inference.page_shape import shape_of
from agent.pages.inference.page_state import FILINGS, ListKind
from agent.pages.inference.stated_total import Listed

# What every reader knows of rows: that it shows for the first time is no change of the page.
_FAMILIAR = frozenset(
    word for words in (*vocabulary.ORDER_STATUS.values(), *vocabulary.FILING_STATUS.values()) for word in words
) | {*vocabulary.CONFIRM, *vocabulary.REFUND, *vocabulary.MORE_ACTIONS}
# A list that is rebuilt within seconds shows by then what was just done; slower ones are left to later looks.
_LOOK_AGAIN_SECONDS = (2.0, 5.0)


@dataclass(slots=True)
class AccountRun:
    """The loop of one account.

    A platform that is gone has no `platform_session`: its orders are those that were filed. The state's `listed` is
    what the back office is known to list, if that was just read for another account; `known` the platform's orders, if
    a first page that shows the same is enough (see known_orders). Both do to see that nothing is to do, and not to do
    something by.
    """

    job: AccountContext
    platform_session: Session | None
    back_office_session: Session
    known: list[Order] | None = None
    state: AccountState = field(default_factory=AccountState)

    @property
    def sessions(self) -> list[Session]:
        """Those that the account has, the one that was opened last first."""
        both = (self.platform_session, self.back_office_session)
        return sorted((s for s in both if s is not None), key=lambda s: -s.opened_at)

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
        job, session = self.job, self.back_office_session
        edition, ledger = job.merchant.edition, job.run.ledger
        pages = AccountPages(job.site, job.backoffice, edition, ledger, self.platform_session, session)
        await self._find(pages)
        try:
            return await self._run()
        except (PageChanged, SiteRefused):
            if self.state.clicked or not await pages.are_gone():
                raise
        await self._find(pages, anew=True)
        return await self._run()

    async def _find(self, pages: AccountPages, *, anew: bool = False) -> None:
        if pages.are_missing:
            self._tell(Text("finding the pages", "查找所需页面"))
        site, back_office = await pages.found(anew=anew)
        self.job = replace(self.job, site=site, backoffice=back_office)

    async def _run(self) -> AccountReport:
        await self._look_first()
        while not (self.job.run.dry_run or self.job.run.stopping()) and (batch := self._next_batch()):
            await self._act(batch)
            await self._look_after(batch[0].kind)
        if self.state.clicked:
            await self._keep(self.platform_session)
            await self._keep(self.back_office_session)
        return self.report()

    async def _look_first(self) -> None:
        """See how both sites are now; once more, and whole, if anything is to do by what was only taken over."""
        state = self.state
        if self.job.open_intents():
            state.listed = None  # how a step ended that was begun is to be seen in what is read from now on
            await self._grace()
        taken_over = state.listed is not None
        if self.platform_session is not None and not taken_over:
            self.back_office_session.open_ahead(self.job.list_url)
        await self.observe(orders=True, filings=True)
        if (taken_over or not state.whole) and self._next_batch():
            state.listed = None if taken_over else state.listed
            again, self.known = not state.whole, None
            if again and self.platform_session is not None:
                await self.platform_session.page.blocker.end()
            await self.observe(orders=again, filings=taken_over)
        self.known = None
        self.verification.verify()

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
        filings = kind is not StepKind.CONFIRM
        self.state.listed = None if filings else self.state.listed
        await self.observe(orders=not filings, filings=filings)
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

    async def _keep(self, session: Session | None) -> None:
        if session is not None:
            await session.keep()

    async def settle_accounts(self) -> None:
        """After trouble: one more look, so that what was clicked is known. Trouble with that changes nothing."""
        if not self.state.clicked.keys() & {i.id for i in self.job.open_intents()}:
            return
        self.state.listed = None
        try:
            await self.observe(orders=True, filings=True)
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

    async def observe(self, *, orders: bool, filings: bool) -> None:
        """Read what the sites hold now, and keep it in the ledger."""
        job = self.job
        if orders and self.platform_session is not None:
            self._tell(Text("reading orders", "读取订单"))
            orders_now = await look_up_orders(self.platform_session, job.site, job.account.shop, self.known)
            self.state.whole, self.state.orders_missing = not orders_now.known, orders_now.missing
            self.state.orders_unread = orders_now.unread
            self.state.shown_shop = orders_now.shop
            self._see(orders_now)
            if self.state.whole:
                await self._note_shape(self.platform_session, "orders", order_list_of(job.site), job.site.id)
            if not self.state.clicked:
                await self._keep(
                    self.platform_session
                )  # also where the back office fails next: a person may have logged in
        if filings:
            listed = await self._listed()
            self.state.filings_missing = listed.missing
            self.state.filings_unread = tuple(u for u in listed.unread if fold(u.name) not in job.others)
            self.state.filings = [f for f in listed if job.concerns(f)]
            if job.site.gone:
                self._see(orders_filed(self.state.filings, job.site))

    async def _listed(self) -> Listed[Filing]:
        if self.state.listed is None:
            self._tell(Text("reading filings", "读取报备"))
            self.state.listed = await look_up_filings(self.back_office_session, self.job.list_url)
            if not self.state.clicked:
                await self._keep(self.back_office_session)
            job = self.job
            with job.run.ledger.begin(job.lease, run_id=job.evidence.run_id) as tx:
                tx.filings.save(job.merchant.id, self.state.listed)
            page = "applications" if job.direct else "filings"
            await self._note_shape(self.back_office_session, page, FILINGS, BACK_OFFICE)
        return self.state.listed

    async def _note_shape(self, session: Session, page: str, kind: ListKind, site_id: str) -> None:
        """Keep what the page that was just read looks like, and tell what is different from earlier looks.

        Trouble with that changes nothing: the list itself was read, and what comes next may be to verify a click.
        """
        try:
            shape = shape_of(await session.page.look(), kind, self.job.merchant.names())
            if shape is None:
                return
            # All accounts of the site keep the same row: they wait for each other, and for nobody else.
            with self.job.run.ledger.begin(on=f"page_shapes:{site_id}", run_id=self.job.evidence.run_id) as tx:
                told = tx.page_shapes.note(site_id, page, shape, _FAMILIAR)
        except (AccountError, Error, DBAPIError) as error:
            logger.warning("{}: what the page of {} looks like was not kept: {}", site_id, page, type(error).__name__)
            return
        for text in told:
            logger.warning("{}: the page of {} changed: {}", site_id, page, text.en)

    def _see(self, orders: list[Order]) -> None:
        self.state.orders = orders
        if self.state.whole:
            job = self.job
            with job.run.ledger.begin(job.lease, run_id=job.evidence.run_id) as tx:
                tx.orders.save(job.account.key, orders)

    def _tell(self, text: Text) -> None:
        self.job.run.progress.stage(self.job.account.key, text)

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
                self.state.listed = None
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
        job, payee, session = self.job, self.job.merchant.payee, self.back_office_session
        if step.kind is StepKind.CONFIRM and self.platform_session is not None:
            return await confirm(self.platform_session, job.site, step.order, self.state.orders, executor)
        if step.kind is StepKind.FILE:
            return await file_order(
                session, self.job.form_url, self.job.entry(step.order, shop_to_file(self.job, self.state)), executor
            )
        if step.kind is StepKind.REQUEST_REFUND and payee is not None and step.filing is not None:
            # On the page that offered it: 订购返款 may list nothing of what was filed.
            return await request_refund(
                self.back_office_session, self.job.list_url, payee, step.order, step.filing, executor=executor
            )
        if step.kind is StepKind.REQUEST_REFUND and payee is not None and job.direct:
            return await apply_for_refund(
                self.back_office_session,
                self.job.refund_url,
                self.job.entry(step.order, shop_to_file(self.job, self.state)),
                payee,
                executor,
            )
        raise AssertionError(f"the plan has no such step: {step}")

    def report(self) -> AccountReport:
        """What happened so far, and what is planned or waited for. What was begun and not closed is unknown."""
        return Reporting(self.job, self.state, self.verification, self.planning).report()
