"""One account, observed, planned for, acted on and verified, until nothing is left to do now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from loguru import logger
from playwright.async_api import Error

from agent.domain.doubt import Experience, Heard, Sent, Verdict, judge
from agent.domain.errors import AccountError, ChoiceUnclear, DialogDeclined, FormDiffers, Outcome
from agent.domain.listed import Meant, filed_otherwise
from agent.domain.merchants import Account, Merchant
from agent.domain.orders import Filing, FilingStatus, Order, OrderStatus, is_application
from agent.domain.plan import NEEDS_PERSON, NOT_UNDERSTOOD, PARTIAL, WRONGLY, Situation, Step, plan
from agent.domain.report import WIDEST_VIEW, AccountReport, Action, Gap, StepKind, StepResult, partly_read
from agent.domain.text import Text, fold
from agent.domain.unread import UnreadRow, stopped_alone, teach
from agent.evidence.recorder import Evidence
from agent.flows.runs.context import OpenRun
from agent.flows.session.session import Session
from agent.flows.steps.apply_refund import apply_for_refund
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.case import Case, Shown, name_of
from agent.flows.steps.confirm import confirm
from agent.flows.steps.file_order import file_order
from agent.flows.steps.filing_form import FilingForm
from agent.flows.steps.first_steps import HELD_BACK, NOT_LISTED_YET, Way
from agent.flows.steps.lookup import look_up_filings, look_up_orders, orders_filed
from agent.flows.steps.not_listed import doubts, in_doubt, not_listed, not_listed_yet, went_wrong
from agent.flows.steps.outcome import happened, order_named
from agent.flows.steps.request_refund import request_refund
from agent.flows.steps.step import StepExecutor
from agent.ledger import Intent, Lease
from agent.pages.inference.stated_total import Listed
from agent.sites import BackOffice, Site

_ATTEMPTS = 3
_STAGES = (StepKind.CONFIRM, StepKind.FILE, StepKind.REQUEST_REFUND)
# A server may still be working on what a killed run sent: what was begun is looked at only after this time.
_GRACE_SECONDS = 6.0
# A list that is rebuilt within seconds shows by then what was just done; slower ones are left to later looks.
_LOOK_AGAIN_SECONDS = (2.0, 5.0)
_TAKEN_BACK = (OrderStatus.CLOSED, OrderStatus.REFUNDING)


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
        """True where refunds are applied for without a filing. Of a platform that is gone nothing new is sent."""
        return not self.site.gone and self.backoffice.direct(self.merchant.edition)

    def way(self, kind: StepKind) -> Way:
        """How the steps of that kind are sent here. What one of them proves holds for all of the run that go so."""
        site = self.site.id if kind is StepKind.CONFIRM else self.backoffice.login_url
        return Way(site, kind, self.direct)

    def concerns(self, filing: Filing) -> bool:
        """True unless a filing is another platform's: two platforms may give the same number."""
        name = fold(filing.platform or "")
        own = {fold(n) for n in (self.site.filing_name, *self.site.filing_aliases)}
        return name in own if self.site.gone else name not in self.others


@dataclass(slots=True)
class AccountRun:
    """The loop of one account. `market` and `office` are its windows on the platform and on the back office.

    A platform that is gone has no `market`: its orders are those that were filed. `listed` is what the back office is
    known to list, if that was just read for another account; `known` the platform's orders, if a first page that shows
    the same is enough (see known_orders). Both do to see that nothing is to do, and not to do something by.
    """

    job: AccountContext
    market: Session | None
    office: Session
    listed: Listed[Filing] | None = None
    known: list[Order] | None = None
    whole: bool = True
    orders: list[Order] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    orders_missing: tuple[Text, ...] = ()
    filings_missing: tuple[Text, ...] = ()
    orders_unread: tuple[UnreadRow, ...] = ()
    filings_unread: tuple[UnreadRow, ...] = ()
    clicked: dict[int, StepAttempt] = field(default_factory=dict)
    before: Shown = field(default_factory=Shown)
    latest: set[int] = field(default_factory=set)
    attempts: dict[tuple[StepKind, str], int] = field(default_factory=dict)
    ended: dict[tuple[StepKind, str], Action] = field(default_factory=dict)

    async def run(self) -> AccountReport:
        """Does what can be done now.

        Raises AccountError where the account cannot go on; what was done is in report().
        """
        if self._open():
            self.listed = None  # how a step ended that was begun is to be seen in what is read from now on
            await self._grace()
        taken_over = self.listed is not None
        if self.market is not None and not taken_over:
            self.office.open_ahead(self.list_url)
        await self.observe(orders=True, filings=True)
        if (taken_over or not self.whole) and self._next_batch():
            self.listed = None if taken_over else self.listed
            again, self.known = not self.whole, None
            if again and self.market is not None:
                await self.market.page.blocker.end()
            await self.observe(orders=again, filings=taken_over)
        self.known = None
        self.verify()
        while not (self.job.run.dry_run or self.job.run.stopping()):
            batch = self._next_batch()
            if not batch:
                break
            await self._act(batch)
            await self._patience()
            await self._look_at(batch[0].kind)
            for pause in _LOOK_AGAIN_SECONDS:
                if not self._may_show_soon():
                    break
                await asyncio.sleep(pause)
                await self._look_at(batch[0].kind)
            self._hold_unless_shown(batch[0].kind)
        if self.clicked:
            await self._keep(self.market)
            await self._keep(self.office)
        return self.report()

    async def _look_at(self, kind: StepKind) -> None:
        filings = kind is not StepKind.CONFIRM
        self.listed = None if filings else self.listed
        await self.observe(orders=not filings, filings=filings)
        self.verify()

    def _may_show_soon(self) -> bool:
        """True if something of the last batch is missing that another look within seconds may show."""
        if any(a.reason in WRONGLY.values() for a in self.ended.values()):
            return False
        mine = [i for i in self._open() if i.id in self.latest]
        return any(i.heard is Heard.ACCEPTED for i in mine) or any(
            i.heard is Heard.UNCLEAR and not self.clicked[i.id].lost and self._lists(i.kind).shown_within is not None
            for i in mine
        )

    def _hold_unless_shown(self, kind: StepKind) -> None:
        """Sends no more of a kind once a step was accepted that is not listed, unless what was sent was right."""
        missing = [i for i in self._open() if i.id in self.latest and i.heard is Heard.ACCEPTED]
        if any(not self.clicked[i.id].wire_agrees for i in missing):
            self.job.run.firsts.stop(self.job.way(kind), NOT_LISTED_YET)
        elif missing:
            self.job.run.firsts.proven.add(self.job.way(kind))

    def _lists(self, kind: StepKind) -> Experience:
        return self.job.run.ledger.experience(self.job.account.key, kind)

    async def _keep(self, session: Session | None) -> None:
        if session is not None:
            await session.keep()

    async def settle_accounts(self) -> None:
        """After trouble: one more look, so that what was clicked is known. Trouble with that changes nothing."""
        if not self.clicked.keys() & {i.id for i in self._open()}:
            return
        self.listed = None
        try:
            await self.observe(orders=True, filings=True)
        except (AccountError, Error) as error:
            logger.warning("{}: could not look once more: {}", self.job.site.id, error)
            return
        self.verify()

    async def _grace(self) -> None:
        newest = max((i.begun_at for i in self._open()), default=None)
        if newest is not None:
            left = _GRACE_SECONDS - (self.job.run.clock() - newest).total_seconds()
            # Bounded above, too: a clock that was set back must not halt us for months.
            await asyncio.sleep(max(0.0, min(left, _GRACE_SECONDS)))

    async def _patience(self) -> None:
        """A site that answered with trouble may still do what it was asked for: looking at once would deny it."""
        mine = [i for i in self._open() if i.id in self.latest]
        if any(i.heard is Heard.UNCLEAR and not self.clicked[i.id].lost for i in mine):
            await asyncio.sleep(_GRACE_SECONDS)

    async def observe(self, *, orders: bool, filings: bool) -> None:
        """Reads what the sites hold now, and keeps it in the ledger."""
        job = self.job
        if orders and self.market is not None:
            self._tell(Text("reading orders", "读取订单"))
            orders_now = await look_up_orders(self.market, job.site, job.account.shop, self.known)
            self.whole, self.orders_missing = not orders_now.known, orders_now.missing
            self.orders_unread = orders_now.unread
            self._see(orders_now)
            if not self.clicked:
                await self._keep(self.market)  # also where the back office fails next: a person may have logged in
        if filings:
            listed = await self._listed()
            self.filings_missing = listed.missing
            self.filings_unread = tuple(u for u in listed.unread if fold(u.name) not in job.others)
            self.filings = [f for f in listed if job.concerns(f)]
            if job.site.gone:
                self._see(orders_filed(self.filings, job.site))

    async def _listed(self) -> Listed[Filing]:
        if self.listed is None:
            self._tell(Text("reading filings", "读取报备"))
            self.listed = await look_up_filings(self.office, self.list_url)
            if not self.clicked:
                await self._keep(self.office)
            job = self.job
            job.run.ledger.save_filings(job.merchant.id, self.listed, job.evidence.run_id, lease=job.lease)
        return self.listed

    def _see(self, orders: list[Order]) -> None:
        self.orders = orders
        if self.whole:
            job = self.job
            job.run.ledger.save_orders(job.account.key, orders, job.evidence.run_id, lease=job.lease)

    @property
    def list_url(self) -> str:
        return self.job.backoffice.list_url(self.job.merchant.edition) or self.job.backoffice.login_url

    @property
    def refund_url(self) -> str:
        return self.job.backoffice.refund_url or self.list_url

    def _tell(self, text: Text) -> None:
        self.job.run.progress.stage(self.job.account.key, text)

    def _open(self) -> list[Intent]:
        return self.job.run.ledger.open_intents(self.job.account.key)

    def plan(self) -> list[Step]:
        """The steps that follow from what was observed last."""
        job = self.job

        def due(day: date) -> date | None:
            return job.site.rule.due(day, job.run.settings.work_calendar).due_on if job.site.rule else None

        return plan(
            Situation(
                orders=self.orders,
                filings=self.filings,
                today=job.run.clock().date(),
                due=due,
                has_payee=job.merchant.payee is not None,
                refused_early=job.run.ledger.refund_waits(job.account.key),
                direct=job.direct,
                filed_before=self._filed_before(),
                filings_whole=not self.filings_missing,
                pending=frozenset((i.kind, i.order_key) for i in self._open()),
                happened=frozenset(job.run.ledger.happened(job.account.key)),
                held=self._held(),
                unread_filings=frozenset(row.order_no for row in self.filings_unread if row.order_no),
                unread_unnumbered=self._unnumbered_unread(),
            )
        )

    def _unnumbered_unread(self) -> bool:
        """True if an order that may be ours is not understood and shows no number: it may be taken for another one."""
        return any(row.order_no is None and not row.foreign for row in self.orders_unread)

    def _held(self) -> dict[StepKind, str]:
        """The kinds of which no more is sent for now, each with the reason."""
        firsts, job = self.job.run.firsts, self.job
        held = {kind: NOT_LISTED_YET for kind in _STAGES if self._lists(kind).unproven}
        return held | {kind: firsts.stopped[way] for kind in _STAGES if (way := job.way(kind)) in firsts.stopped}

    def _filed_before(self) -> frozenset[str]:
        seen = [f for f in self.job.run.ledger.filings_seen(self.job.merchant.id) if self.job.concerns(f)]
        return frozenset(f.order_no for f in seen if not self.job.direct or is_application(f))

    def _next_batch(self) -> list[Step]:
        """The steps of the earliest stage that has any left to do."""
        doable = [s for s in self.plan() if s.doable and name_of(s.kind, s.order) not in self.ended]
        batch = next((b for k in _STAGES if (b := [s for s in doable if s.kind is k])), [])
        # Two orders without a number can look the same (one second, one price): one at a time.
        return list({name_of(s.kind, s.order): s for s in batch}.values())

    async def _act(self, batch: Sequence[Step]) -> None:
        """Takes the steps; only the first one that was not refused, until a list has shown that it came out right."""
        job = self.job
        self.before, self.latest = Shown(self.orders, self.filings), set()
        for step in batch:
            if job.run.stopping() or self._is_first_to_be_seen(step.kind):
                return
            name = name_of(step.kind, step.order)
            self.attempts[name] = self.attempts.get(name, 0) + 1
            job.run.progress.step_started(job.account.key, step.kind, step.order.order_no)
            clicks = StepExecutor(
                job.account.key,
                step.kind,
                step.order,
                job.run.ledger,
                job.lease,
                job.evidence,
                job.run.clock,
                self._alike(step),
            )
            if step.kind is not StepKind.CONFIRM:
                self.listed = None
            try:
                done = await self._click(step, clicks)
            except DialogDeclined as error:
                # Nothing was sent, so the step is not in doubt.
                number, text = step.order.order_no, error.missing
                if isinstance(error, ChoiceUnclear | FormDiffers):
                    job.run.firsts.stop(job.way(step.kind), HELD_BACK)
                self.ended[name] = Action(step.kind, number, StepResult.FAILED, reason=error.reason, text=text)
                raise
            self.clicked[done.intent_id] = done
            self.latest.add(done.intent_id)
            if done.wire_agrees is False:
                return

    def _is_first_to_be_seen(self, kind: StepKind) -> bool:
        sent = (self.clicked[i] for i in self.latest)
        return self.job.way(kind) not in self.job.run.firsts.proven and any(c.heard is not Heard.REFUSED for c in sent)

    def _alike(self, step: Step) -> int:
        waits = (o for o in self.orders if o.status is OrderStatus.AWAITING_CONFIRMATION)
        return sum(o.key == step.order.key for o in waits) if step.kind is StepKind.CONFIRM else 1

    async def _click(self, step: Step, clicks: StepExecutor) -> StepAttempt:
        job, payee = self.job, self.job.merchant.payee
        if step.kind is StepKind.CONFIRM and self.market is not None:
            return await confirm(self.market, job.site, step.order, self.orders, clicks)
        if step.kind is StepKind.FILE:
            return await file_order(self.office, self.list_url, self._entry(step.order), clicks)
        if step.kind is StepKind.REQUEST_REFUND and payee is not None and step.filing is not None:
            # On the page that offered it: 订购返款 may list nothing of what was filed.
            return await request_refund(self.office, self.list_url, payee, step.order, step.filing, clicks=clicks)
        if step.kind is StepKind.REQUEST_REFUND and payee is not None and job.direct:
            return await apply_for_refund(self.office, self.refund_url, self._entry(step.order), payee, clicks)
        raise AssertionError(f"the plan has no such step: {step}")

    def _entry(self, order: Order) -> FilingForm:
        # Where neither the row nor the account names the shop, the merchant's name is the nearest true answer.
        shop = order.shop or self.job.account.shop or self.job.merchant.file_as or self.job.merchant.name
        return FilingForm.of(order, self.job.site.filing_name, shop)

    def verify(self) -> None:
        """Closes every intent of which the pages now say how it ended."""
        seen = [(case, self._happened(case)) for case in self._cases()]
        for case, verdict in seen:
            if verdict is True:  # first: what is listed tells how far the list can be trusted about the rest
                self._shown(case)
        verdicts = {case.intent.id: verdict for case, verdict in seen if verdict is not True}
        absent = [c.intent for c, v in seen if v is False or (v is None and c.intent.heard is Heard.ACCEPTED)]
        missing = [i.id for i in absent if i.missing_since is None]
        self.job.run.ledger.miss(missing, lease=self.job.lease)
        for case in self._cases():
            if case.intent.id in verdicts:
                self._not_shown(case, verdicts[case.intent.id])

    def _cases(self) -> list[Case]:
        return [Case(i, order_named(i.order_key, self.orders), self.clicked.get(i.id)) for i in self._open()]

    def _happened(self, case: Case) -> bool | None:
        intent, order = case.intent, case.order
        if case.kind is StepKind.CONFIRM and order is not None and order.status in _TAKEN_BACK and case.was_sent:
            return True  # it never shows as completed, and there is nothing left to confirm
        if intent.kind is StepKind.CONFIRM and intent.alike > 1 and self._unnumbered_unread():
            return None  # which of those that look alike is not understood, nobody can tell
        listed_unread = {row.order_no for row in self.filings_unread}
        return happened(
            intent.kind,
            intent.order_key,
            self.orders,
            self.filings,
            direct=self.job.direct,
            whole=not self.filings_missing and (order is None or order.order_no not in listed_unread),
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
        match judge(verdict, sent, self._lists(case.kind), self.job.run.clock()):
            case Verdict.DID_NOT if click is not None:
                self._refused(case, click)
            case Verdict.DID_NOT:
                self._shut(intent, StepResult.FAILED, "a look showed that it did not happen")
            case Verdict.PERSON:
                self._end(case, StepResult.WAITING, "not_listed", not_listed(intent, order))
            case _ if intent.heard is Heard.ACCEPTED:
                self._end(case, StepResult.UNKNOWN, NOT_LISTED_YET, not_listed_yet(intent, order))
            case _:
                self._doubt(case)

    def _doubt(self, case: Case) -> None:
        said = case.click.refused if case.click else None
        self._end(case, StepResult.UNKNOWN, "unknown", in_doubt(case.intent, case.order, said))

    def _otherwise(self, case: Case) -> Text | None:
        """What the lists show in place of a step that was sent; None if it is right, or says nothing about it."""
        if case.strays or case.order is None or not case.was_sent:
            return case.strays
        if case.kind is StepKind.FILE or (case.kind is StepKind.REQUEST_REFUND and self.job.direct):
            return self._filed_otherwise(case.intent, case.order)
        alone = self.latest == {case.intent.id}
        now = Shown(self.orders, self.filings)
        return self.before.moved_otherwise(case.kind, case.order, now) if alone else None

    def _filed_otherwise(self, intent: Intent, order: Order) -> Text | None:
        job, entry = self.job, self._entry(order)
        meant = Meant(entry.order_no, job.others, entry.shop, entry.ordered_on, entry.amount)
        before = job.run.ledger.filings_before(job.merchant.id, intent.begun_at)
        known = {o.order_no for o in self.orders if o.order_no}
        return filed_otherwise(meant, self.listed or self.filings, before, known)

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
            job.run.ledger.note_too_early(job.account.key, case.order.order_no, click.refused or "", lease=job.lease)
            self._end(case, StepResult.WAITING, "too_early")
        elif not click.passing or self.attempts.get(case.name, 0) >= _ATTEMPTS:
            self._end(case, StepResult.FAILED, "site_unavailable" if click.passing else "refused")
        else:
            self.ended.pop(case.name, None)  # it is tried again

    def _shut(self, intent: Intent, result: StepResult, said: str | None) -> None:
        self.job.run.ledger.close_intent(intent.id, result, said, lease=self.job.lease)

    def _end(self, case: Case, result: StepResult, reason: str | None, text: Text | None = None) -> None:
        said = case.click.refused if case.click and case.click.refused else None
        action = Action(
            case.kind,
            case.order.order_no if case.order else case.intent.order_key,
            result,
            reason=reason,
            text=text or (Text(said, said) if said else None),
            evidence=case.click.pictures if case.click else (),
        )
        known, self.ended[case.name] = self.ended.get(case.name), action
        if known is None or (known.result, known.reason) != (action.result, action.reason):
            self.job.run.progress.step_ended(self.job.account.key, action)

    def report(self) -> AccountReport:
        """What happened so far, and what is planned or waited for. What was begun and not closed is unknown."""
        for case in self._cases():
            if case.name not in self.ended:
                self._doubt(case)
        actions = _actions(self.plan(), self.ended, self.orders, self.job.run.dry_run)
        if self.job.site.gone:
            actions += [_incomplete(f) for f in self.filings if f.order_no not in {o.order_no for o in self.orders}]
        report = AccountReport(self.job.account.key, orders=self.orders, actions=actions, whole=self.whole)
        report.outcome, report.reason = _outcome(actions)
        report.text = doubts(actions)
        report.partial = self._gaps()
        if report.partial and report.outcome in (Outcome.OK, Outcome.NEEDS_HUMAN):
            report.outcome, report.reason = Outcome.UNKNOWN, PARTIAL
            report.text, report.cure = partly_read(report.partial), WIDEST_VIEW
        report.unread = (*self.orders_unread, *self.filings_unread)
        self._tell_unread(report)
        return report

    def _tell_unread(self, report: AccountReport) -> None:
        """What is not understood and may be ours ends the account as failed, after all else was done."""
        own = [row for row in report.unread if not row.foreign]
        if own and report.outcome is not Outcome.FAILED:
            told, doubt = stopped_alone(own), report.text
            report.outcome, report.reason = Outcome.FAILED, NOT_UNDERSTOOD
            report.cure = teach(str(self.job.account.key))
            report.text = Text(f"{told.en} {doubt.en}", f"{told.zh}{doubt.zh}") if doubt else told

    def _gaps(self) -> tuple[Gap, ...]:
        both = (("orders", self.orders_missing), ("filings", self.filings_missing))
        return tuple(Gap(name, missing) for name, gaps in both for missing in gaps)


def _actions(
    steps: Sequence[Step], ended: dict[tuple[StepKind, str], Action], orders: Sequence[Order], dry_run: bool
) -> list[Action]:
    planned = {name_of(s.kind, s.order): _action(s, dry_run) for s in steps}
    found = []
    for order in orders:
        for kind in _STAGES:
            name = name_of(kind, order)
            action = ended.get(name) or planned.get(name)
            if action is not None:
                due = planned[name].due_on if name in planned else None
                found.append(action if action.due_on else _with_due(action, due, order))
    listed = {name_of(kind, order) for order in orders for kind in _STAGES}
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
