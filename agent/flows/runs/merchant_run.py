"""One merchant: its accounts one after another, each on its own, with one window on the back office for all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from loguru import logger
from playwright.async_api import Error
from sqlalchemy.exc import DBAPIError

from agent.browser import Chrome, why_ended
from agent.browser.storage_state import StorageState
from agent.domain.accounts import AccountKey
from agent.domain.errors import (
    AccountBusy,
    AccountError,
    AgreementAsked,
    Challenge,
    Outcome,
    PageStuck,
    RunStopped,
    ShopNotNamed,
)
from agent.domain.merchants import Account, Merchant
from agent.domain.plan import NOT_UNDERSTOOD
from agent.domain.report import AccountReport
from agent.evidence.recorder import Evidence
from agent.flows.runs.account_run import AccountContext, AccountRun
from agent.flows.runs.backoffice_page import BackOfficePage, open_back_office
from agent.flows.runs.lease import HeldLease, merchant_lease
from agent.flows.runs.progress import RunProgress
from agent.flows.runs.reschedule import plan_next
from agent.flows.runs.stops import keep_stop, stop_of
from agent.flows.session.access import SiteAccess, access_of, back_office_access
from agent.flows.session.handoff import Handoff, Picture, Tell
from agent.flows.session.login_attempts import LoginAttempts
from agent.flows.session.pages_found import back_office_found, site_found
from agent.flows.session.session import Session, stopped
from agent.flows.session.session_check import prove
from agent.flows.session.session_store import BACK_OFFICE, SessionStore
from agent.flows.steps.first_steps import Firsts
from agent.flows.steps.lookup import look_up_filings, look_up_orders
from agent.flows.steps.not_listed import doubts
from agent.flows.steps.quick_check import known_orders
from agent.ledger import LeaseLost, Ledger, Limits
from agent.pages.live.page import LivePage
from agent.settings import Settings, sites
from agent.sites import BackOffice, Site, names_of_others

Opened = Callable[[StorageState | None], Awaitable[LivePage]]
# Outside Playwright: a page that hangs must not hold an account for ever.
_DEADLINE_SECONDS = 40 * 60.0


@dataclass(slots=True)
class RunContext:
    """One run of the command."""

    id: str
    settings: Settings
    back_office: BackOffice
    ledger: Ledger
    clock: Callable[[], datetime]
    watch: RunProgress
    dry_run: bool
    started_by: str
    chrome: Chrome
    slots: asyncio.Semaphore
    login_attempts: LoginAttempts
    patience: timedelta
    tell: Tell
    limits: Limits | None
    stopping: Callable[[], bool]
    brief: bool
    firsts: Firsts = field(default_factory=Firsts)

    def handoff(self, account: AccountKey, access: SiteAccess, picture: Picture) -> Handoff:
        """Where a person is asked on behalf of one log-in."""
        return Handoff(
            ledger=self.ledger,
            run_id=self.id,
            account=account,
            clock=self.clock,
            patience=self.patience,
            tell=self.tell,
            picture=picture,
            dry_run=self.dry_run,
            totp=access.credentials.totp,
        )


async def work_merchant(
    run: RunContext, merchant: Merchant, accounts: Sequence[tuple[Account, Site]]
) -> list[AccountReport]:
    """The reports of the accounts, in their order; those that were not begun because of run.stopping() have none."""
    reports: list[AccountReport] = []
    async with run.slots, open_back_office(run.chrome, back_office_access(run.back_office, merchant)) as office:
        for account, site in accounts:
            if not run.stopping():
                reports.append(await AccountTask(run, merchant, account, site, office).take())
    return reports


@dataclass(slots=True)
class AccountTask:
    """One account, while it is its turn. What is registered of it is read anew once it has the lease."""

    run: RunContext
    merchant: Merchant
    account: Account
    site: Site
    office: BackOfficePage
    work: AccountRun | None = None
    recorded: bool = False

    async def take(self) -> AccountReport:
        """Works the account; its report is recorded, and its next look planned."""
        report = await self._guarded()
        if self._stays_due(report):
            logger.info("{}: busy, it stays due", self.account.key)
        else:
            self._record(report)
            self.run.watch.account_ended(report)
        if report.outcome is not Outcome.OK:
            await self.office.close()  # whatever state it was left in is nothing to go on from
        return report

    def _stays_due(self, report: AccountReport) -> bool:
        return report.reason == AccountBusy.reason and self.run.limits is not None

    def _record(self, report: AccountReport) -> None:
        run = self.run
        if self.recorded:
            return
        self.recorded = True
        try:
            with run.ledger.begin(run_id=run.id) as tx:
                tx.runs.record(report)
                if not run.dry_run and report.reason not in (AccountBusy.reason, LeaseLost.reason):
                    plan_next(run.settings, tx, report, run.clock(), cut_short=run.stopping())
        except DBAPIError as error:
            # The others go on. What was done stands in the intents, and the account stays due.
            kind = type(error.orig).__name__
            logger.error("{}: how it ended was not recorded: {}", self.account.key, kind)

    async def _guarded(self) -> AccountReport:
        run = self.run
        ended: list[AccountReport] = []  # the first counts: what goes wrong after the work changes nothing of its end
        with self._noting(ended):
            async with merchant_lease(run.settings, run.ledger, self.account.key, run.limits) as held:
                with self._noting(ended):
                    async with asyncio.timeout(_DEADLINE_SECONDS):
                        await self._work(held, ended)
                if not self._is_ours(held):
                    # What it saw and could not reach any more is not the account's state.
                    _end_with(ended[0], LeaseLost(held.lease.name))
                self._record(ended[0])  # before anything else can go wrong, or be stopped
                if self.work is not None and ended[0].outcome is Outcome.OK and not run.stopping():
                    await self._prove(self.work, held)
        return ended[0]

    @contextmanager
    def _noting(self, ended: list[AccountReport]) -> Iterator[None]:
        """Adds how the account ended, where the block raises."""
        try:
            yield
        except AccountError as error:
            ended.append(self._ended(error))
        except TimeoutError:
            ended.append(self._ended(RunStopped(f"not done after {_DEADLINE_SECONDS / 60:.0f} minutes")))
        except Error as error:
            ended.append(self._ended(stopped(error)))
        except Exception as error:  # noqa: BLE001
            # A mistake of ours in one account must not end the others; it is told as what it is.
            logger.opt(exception=error).error("{}: unexpected", self.account.key)
            ended.append(self._ended(RunStopped(f"unexpected {type(error).__name__}")))

    def _is_ours(self, held: HeldLease) -> bool:
        try:
            with self.run.ledger.begin() as tx:
                return tx.leases.renew(held.lease)
        except DBAPIError:
            return held.in_force()  # without the database nobody else could have taken it, either

    async def _work(self, held: HeldLease, ended: list[AccountReport]) -> None:
        run, site = self.run, self.site
        await self._renew()
        evidence = Evidence.of(
            run.settings, run.ledger, self.merchant, self.account, run_id=run.id, started_by=run.started_by
        )
        async with self._sessions(evidence, held) as (market, office):
            run.watch.account_started(self.account.key)
            known = known_orders(run.ledger, self.account, site, run.clock()) if run.brief else None
            if known and market is not None and run.chrome.headless:
                await market.page.blocker.begin()
            work = AccountRun(self._job(evidence, held), market, office, self.office.listed, known)
            ended.append(await _worked(work, run.settings.data_dir))
            self.office.listed = work.listed
        self.work = work

    async def _renew(self) -> None:
        """What is registered now: since the run began somebody may have corrected it, by an import."""
        with self.run.ledger.read() as tx:
            (self.merchant,) = tx.merchants.find([self.merchant.id])
        self.account = next(each for each in self.merchant.accounts if each.key == self.account.key)
        await self.office.lead_to(back_office_access(self.run.back_office, self.merchant))

    async def _prove(self, work: AccountRun, held: HeldLease) -> None:
        """Of an account's first log-in, and of each that somebody took part in, who is not to be asked again soon."""
        market, shop = work.market, self.account.shop
        if market is not None and (market.helped or market.is_first):
            with self.run.ledger.read() as tx:
                known = tx.orders.last_listed(self.account.key)

            async def read(session: Session) -> object:
                site = await site_found(session, self.run.ledger, self.site, self.merchant.edition)
                return await look_up_orders(session, site, shop, known)

            await prove(self.run.chrome, market, read, held.in_force)
        if work.office.helped:

            async def read_filings(session: Session) -> object:
                run, edition = self.run, self.merchant.edition
                office = await back_office_found(session, run.ledger, run.back_office, edition)
                return await look_up_filings(session, office.list_url(edition) or office.login_url)

            if await prove(self.run.chrome, work.office, read_filings, held.in_force):
                await self.office.reopen()  # what it holds may have been replaced by what the other window was given

    def _ended(self, error: AccountError) -> AccountReport:
        report = AccountReport(self.account.key)
        report.end_with(error)
        return report

    def _job(self, evidence: Evidence, held: HeldLease) -> AccountContext:
        run = self.run
        return AccountContext(
            merchant=self.merchant,
            account=self.account,
            site=self.site,
            others=names_of_others(self.site, sites(run.settings).values()),
            backoffice=run.back_office,
            ledger=run.ledger,
            lease=held.lease,
            evidence=evidence,
            clock=run.clock,
            watch=run.watch,
            calendar=run.settings.work_calendar,
            firsts=run.firsts,
            dry_run=run.dry_run,
            stopping=run.stopping,
        )

    @asynccontextmanager
    async def _sessions(self, evidence: Evidence, held: HeldLease) -> AsyncIterator[tuple[Session | None, Session]]:
        run, site, office = self.run, self.site, self.office
        async with AsyncExitStack() as stack:

            async def opened(stored: StorageState | None) -> LivePage:
                allows = access_of(site, self.account).allows
                page = run.chrome.page(stored, allows, held.in_force)
                return LivePage(await stack.enter_async_context(page), allows)

            office.held = held
            try:
                access = None if site.gone else access_of(site, self.account)
                back_office = self._session(
                    AccountKey(self.merchant.id, BACK_OFFICE), office.access, evidence, held, office.page
                )
                if access is None:
                    yield None, await back_office
                else:
                    yield await _both(self._session(self.account.key, access, evidence, held, opened), back_office)
            finally:
                office.held = None

    async def _session(
        self,
        account: AccountKey,
        access: SiteAccess,
        evidence: Evidence,
        held: HeldLease,
        opened: Callable[[StorageState | None], Awaitable[LivePage]],
    ) -> Session:
        run = self.run
        session_store = SessionStore(run.ledger, run.id, account, access, lease=held.lease)
        page = await opened(session_store.restore())
        handoff = run.handoff(account, access, partial(evidence.take_challenge, page))
        return Session(page, access, login_attempts=run.login_attempts, session_store=session_store, handoff=handoff)


async def _both(
    first: Coroutine[None, None, Session], second: Coroutine[None, None, Session]
) -> tuple[Session, Session]:
    """What both give, at the same time. Where one fails, the other is ended before this raises."""
    tasks = asyncio.ensure_future(first), asyncio.ensure_future(second)
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _worked(work: AccountRun, data_dir: Path) -> AccountReport:
    try:
        report = await work.run()
        if any(not row.foreign for row in report.unread):
            report.evidence = await work.job.evidence.take_failure((work.market or work.office).page, NOT_UNDERSTOOD)
        _keep_stop(work, report, None, data_dir)
        return report
    except AccountError as error:
        session = max((s for s in (work.market, work.office) if s is not None), key=lambda s: s.opened_at)
        pictures = await work.job.evidence.take_failure(session.page, error.reason)
        if isinstance(error, Challenge | ShopNotNamed | AgreementAsked):
            session.leave(error.kind, error.said, pictures[0] if pictures else None)
        if not isinstance(error, LeaseLost):  # what is open then is another's to judge
            await work.settle_accounts()
        report = work.report()
        _end_with(report, error)
        report.evidence = pictures
        _keep_stop(work, report, error, data_dir)
        return report
    except Error as error:
        report = work.report()
        _end_with(report, _stuck(work, error) or stopped(error))
        return report


def _keep_stop(work: AccountRun, report: AccountReport, error: AccountError | None, data_dir: Path) -> None:
    job = work.job
    if (stop := stop_of(report, job.site.id, error)) is not None:
        keep_stop(data_dir, str(job.account.key), stop)


def _stuck(work: AccountRun, error: Error) -> PageStuck | None:
    """What is to be told where one of the account's pages had to be ended, whichever call was cut short by that."""
    sessions = sorted((s for s in (work.market, work.office) if s is not None), key=lambda s: -s.opened_at)
    pages = [s.page.raw for s in sessions]
    ended = [(page, why_ended(page)) for page in pages] + [(page, why_ended(page, error)) for page in pages]
    return next((PageStuck(page.url, why) for page, why in ended if why), None)


def _end_with(report: AccountReport, error: AccountError) -> None:
    """Ends the report with an error; what was sent and is in doubt is told all the same."""
    report.end_with(error)
    report.text = error.message.then(doubts(report.actions))
