"""One merchant: its accounts side by side, each on its own, with one window on the back office for all in turn."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial

from loguru import logger
from playwright.async_api import Error
from sqlalchemy.exc import DBAPIError

from agent.browser import Chrome
from agent.domain.accounts import AccountKey
from agent.domain.errors import (
    AccountBusy,
    AccountError,
    BrowserEnded,
    Outcome,
    PageCrashed,
    RunStopped,
)
from agent.domain.merchants import Account, Merchant
from agent.domain.report import AccountReport
from agent.evidence.recorder import Evidence
from agent.flows.runs.account_context import AccountContext
from agent.flows.runs.account_end import end_with, keep_unexpected, worked_to_its_end
from agent.flows.runs.account_run import AccountRun
from agent.flows.runs.backoffice_page import BackOfficePage, open_back_office
from agent.flows.runs.backoffice_turn import BackOfficeTurn
from agent.flows.runs.context import OpenRun
from agent.flows.runs.heartbeat import HeldLease
from agent.flows.runs.lease import MerchantLease
from agent.flows.runs.observer import Observer
from agent.flows.runs.open_site import evidence_of, open_site
from agent.flows.runs.reschedule import plan_next
from agent.flows.session.access import SiteAccess, access_of, back_office_access
from agent.flows.session.pages_found import back_office_found, site_found
from agent.flows.session.session import Session, stopped
from agent.flows.session.session_check import prove
from agent.flows.session.session_store import BACK_OFFICE, SessionStore
from agent.flows.steps.lookup import look_up_filings, look_up_orders
from agent.flows.steps.quick_check import known_orders
from agent.ledger import LeaseLost, lease_of
from agent.pages.live.page import LivePage
from agent.settings import sites
from agent.sites import BackOffice, Site, names_of_others

# Outside Playwright: a page that hangs must not hold an account for ever.
_DEADLINE_SECONDS = 40 * 60.0


async def work_merchant(
    run: OpenRun, back_office: BackOffice, merchant: Merchant, accounts: Sequence[tuple[Account, Site]]
) -> list[AccountReport]:
    """The reports of the accounts, in their order; those that were not begun because of run.stopping() have none.

    They are worked on at the same time, as many as there are places in the run and their platforms' limits allow.
    """
    lease, in_line = MerchantLease(run), _InLine(run)
    async with open_back_office(run.browser, back_office, merchant, lease) as page, asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(in_line.taken(AccountTask(run, merchant, account, site, page)))
            for account, site in accounts
        ]
    return [report for task in tasks if (report := task.result()) is not None]


class _InLine:
    """Lets accounts begin as soon as it is their turn."""

    def __init__(self, run: OpenRun) -> None:
        self.run, most = run, run.limits.at_once if run.limits is not None else run.concurrency
        self.of_platform: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(most))

    async def taken(self, task: "AccountTask") -> AccountReport | None:
        async with self.of_platform[task.account.key.platform], self.run.places:
            return None if self.run.stopping() else await task.take()


@dataclass(slots=True)
class AccountTask:
    """One account, while it is its turn. What is registered of it is read anew once it has the lease."""

    run: OpenRun
    merchant: Merchant
    account: Account
    site: Site
    back_office_page: BackOfficePage
    work: AccountRun | None = None
    recorded: bool = False

    async def take(self) -> AccountReport:
        """Work the account; its report is recorded, and its next look planned."""
        report = await self._guarded()
        is_busy = report.reason == AccountBusy.reason
        if is_busy:  # nobody looked at it: how it ended before stands
            logger.info("{}: busy, it stays due", self.account.key)
        else:
            self._record(report)
        if not is_busy or self.run.limits is None:
            self.run.progress.account_ended(report)
        return report

    def _record(self, report: AccountReport) -> None:
        run = self.run
        if self.recorded:
            return
        self.recorded = True
        try:
            with run.ledger.begin(on=lease_of(report.account.merchant_id), run_id=run.id) as tx:
                tx.runs.record(report)
                if not run.dry_run and report.reason != LeaseLost.reason:
                    plan_next(run, tx, report, cut_short=run.stopping())
        except DBAPIError as error:
            # The others go on. What was done stands in the intents, and the account stays due.
            kind = type(error.orig).__name__
            logger.error("{}: how it ended was not recorded: {}", self.account.key, kind)

    async def _guarded(self) -> AccountReport:
        ended: list[AccountReport] = []  # the first counts: what goes wrong after the work changes nothing of its end
        with self._noting(ended):
            async with self.back_office_page.lease.of(self.account.key) as held:
                if not await self._worked(held, ended):
                    logger.warning("{}: begun anew, in a browser that runs", self.account.key)
                    ended.clear()
                    await self._worked(held, ended, anew=True)
        return ended[0]

    async def _worked(self, held: HeldLease, ended: list[AccountReport], *, anew: bool = False) -> bool:
        """Work the account and keep how it ended; return False if that is to be done `anew`, and nothing was kept."""
        async with self._turn(held, ended) as turn:
            with self._noting(ended):
                async with asyncio.timeout(_DEADLINE_SECONDS) as timeout:
                    turn.deadline.timeout = timeout
                    await self._work(turn, held, ended)
            turn.deadline.timeout = None
            if not self._is_ours(held):
                # What it saw and could not reach any more is not the account's state.
                end_with(ended[0], LeaseLost(held.lease.name))
            if not anew and self._ended_by_others(held, ended[0]):
                return False
            self._record(ended[0])  # before anything else can go wrong, or be stopped
            if self.work is not None and ended[0].outcome is Outcome.OK and not self.run.stopping():
                await self._prove(self.work, held)
            return True

    def _ended_by_others(self, held: HeldLease, report: AccountReport) -> bool:
        """True if it may have been another account that the browser ended for, and nothing was sent to any site."""
        ended = isinstance(report.error, BrowserEnded | PageCrashed) and not report.actions
        return ended and held.shared and not self.run.stopping()

    @contextmanager
    def _noting(self, ended: list[AccountReport]) -> Iterator[None]:
        """Add how the account ended, if the block raises."""
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
            with self.run.ledger.begin(on=held.lease.name) as tx:
                return tx.leases.renew(held.lease)
        except DBAPIError:
            return held.in_force()  # without the database nobody else could have taken it, either

    @asynccontextmanager
    async def _turn(self, held: HeldLease, ended: list[AccountReport]) -> AsyncIterator[BackOfficeTurn]:
        """The account's turn at the back office, given back however the account ends."""
        self._renew()
        evidence = evidence_of(self.run, self.merchant, self.account)
        turn = BackOfficeTurn(self.back_office_page, evidence, partial(self._open_back_office, evidence, held))
        try:
            yield turn
        finally:
            await turn.leave(well=bool(ended) and ended[0].outcome is Outcome.OK)

    async def _open_back_office(self, evidence: Evidence, held: HeldLease) -> Session:
        run, page, key = self.run, self.back_office_page, AccountKey(self.merchant.id, BACK_OFFICE)
        opened = await open_site(run, key, page.access, evidence, held=held, open_page=page.open_page)
        return opened.session(of=self.account.key)

    async def _work(self, turn: BackOfficeTurn, held: HeldLease, ended: list[AccountReport]) -> None:
        run, site = self.run, self.site
        async with self._on_platform(turn.evidence, held) as on_platform:
            run.progress.account_started(self.account.key)
            known = known_orders(run.ledger, self.account, site, run.clock()) if run.brief else None
            if known and on_platform is not None and run.browser.headless:
                await on_platform.page.blocker.begin()
            self.work = work = AccountRun(Observer(self._job(turn.evidence, held), on_platform, turn, known))
            with self._noting(ended):  # while its pages are open
                ended.append(await worked_to_its_end(work, run.settings.data_dir))
            await keep_unexpected(work, ended[0])

    def _renew(self) -> None:
        """What is registered now: since the run began somebody may have corrected it, by an import."""
        with self.run.ledger.read() as tx:
            (self.merchant,) = tx.merchants.find([self.merchant.id])
        self.account = next(each for each in self.merchant.accounts if each.key == self.account.key)
        self.back_office_page.access = back_office_access(self.back_office_page.back_office, self.merchant)

    async def _prove(self, work: AccountRun, held: HeldLease) -> None:
        """Of an account's first log-in, and of each that somebody took part in, who is not to be asked again soon."""
        on_platform, ledger, edition = work.observer.platform_session, self.run.ledger, self.merchant.edition
        work.turn.end()  # the others need not wait for it
        if on_platform is not None and (on_platform.helped or on_platform.is_first):
            with ledger.read() as tx:
                known = tx.orders.last_listed(self.account.key)

            async def read_orders(session: Session) -> object:
                site = await site_found(session, ledger, self.site, edition)
                return await look_up_orders(session, site, self.account.shop, known)

            await prove(self.run.browser, on_platform, read_orders, held.in_force)
        if work.turn.was_helped:
            on_back_office = await work.turn.begin()

            async def read_filings(session: Session) -> object:
                found = await back_office_found(session, ledger, self.back_office_page.back_office, edition)
                return await look_up_filings(session, found.list_url(edition) or found.login_url)

            if await prove(self.run.browser, on_back_office, read_filings, held.in_force):
                # What it holds may have been replaced by what the other window was given.
                await self.back_office_page.reopen()

    def _ended(self, error: AccountError) -> AccountReport:
        report = AccountReport(self.account.key)
        report.end_with(error)
        return report

    def _job(self, evidence: Evidence, held: HeldLease) -> AccountContext:
        others = names_of_others(self.site, sites(self.run.settings).values())
        return AccountContext(
            self.run,
            self.merchant,
            self.account,
            self.site,
            others,
            self.back_office_page.back_office,
            held.lease,
            evidence,
        )

    @asynccontextmanager
    async def _on_platform(self, evidence: Evidence, held: HeldLease) -> AsyncIterator[Session | None]:
        """The account's session on its platform, unless that is gone."""
        if self.site.gone:
            yield None
            return
        run, access = self.run, access_of(self.site, self.account)
        async with AsyncExitStack() as stack:
            open_page = partial(_open_page, stack, run.browser, access, held)
            opened = await open_site(run, self.account.key, access, evidence, held=held, open_page=open_page)
            session = opened.session(of=self.account.key)
            try:
                yield session
            finally:
                await _end_trace(session)


async def _end_trace(session: Session | None) -> None:
    if session is not None and session.tracer is not None:
        await session.tracer.end()


async def _open_page(
    stack: AsyncExitStack, browser: Chrome, access: SiteAccess, held: HeldLease, store: SessionStore
) -> LivePage:
    """A page of its own for the kept session, closed with the stack."""
    raw = browser.page(store.restore(), access.allows, held.in_force)
    return LivePage(await stack.enter_async_context(raw), access.allows)
