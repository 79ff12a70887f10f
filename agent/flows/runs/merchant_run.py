"""One merchant: its accounts one after another, each on its own, with one window on the back office for all."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
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
    Outcome,
    RunStopped,
)
from agent.domain.merchants import Account, Merchant
from agent.domain.report import AccountReport
from agent.evidence.recorder import Evidence
from agent.flows.runs.account_context import AccountContext
from agent.flows.runs.account_end import end_with, worked_to_its_end
from agent.flows.runs.account_run import AccountRun
from agent.flows.runs.account_state import AccountState
from agent.flows.runs.backoffice_page import BackOfficePage, open_back_office
from agent.flows.runs.context import OpenRun
from agent.flows.runs.lease import HeldLease, merchant_lease
from agent.flows.runs.open_site import OpenSite, evidence_of, open_site
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
    """The reports of the accounts, in their order; those that were not begun because of run.stopping() have none."""
    reports: list[AccountReport] = []
    async with open_back_office(run.browser, back_office, merchant) as page:
        for account, site in accounts:
            if not run.stopping():
                reports.append(await AccountTask(run, merchant, account, site, page).take())
    return reports


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
        if report.outcome is not Outcome.OK:
            await self.back_office_page.close()  # whatever state it was left in is nothing to go on from
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
        run = self.run
        ended: list[AccountReport] = []  # the first counts: what goes wrong after the work changes nothing of its end
        with self._noting(ended):
            async with merchant_lease(run, self.account.key) as held:
                with self._noting(ended):
                    async with asyncio.timeout(_DEADLINE_SECONDS):
                        await self._work(held, ended)
                if not self._is_ours(held):
                    # What it saw and could not reach any more is not the account's state.
                    end_with(ended[0], LeaseLost(held.lease.name))
                self._record(ended[0])  # before anything else can go wrong, or be stopped
                if self.work is not None and ended[0].outcome is Outcome.OK and not run.stopping():
                    await self._prove(self.work, held)
        return ended[0]

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

    async def _work(self, held: HeldLease, ended: list[AccountReport]) -> None:
        run, site = self.run, self.site
        await self._renew()
        evidence = evidence_of(run, self.merchant, self.account)
        async with self._sessions(evidence, held) as (on_platform, on_back_office):
            run.progress.account_started(self.account.key)
            known = known_orders(run.ledger, self.account, site, run.clock()) if run.brief else None
            if known and on_platform is not None and run.browser.headless:
                await on_platform.page.blocker.begin()
            work = AccountRun(
                self._job(evidence, held),
                on_platform,
                on_back_office,
                known,
                AccountState(self.back_office_page.listed),
            )
            ended.append(await worked_to_its_end(work, run.settings.data_dir))
            self.back_office_page.listed = work.state.listed
        self.work = work

    async def _renew(self) -> None:
        """What is registered now: since the run began somebody may have corrected it, by an import."""
        with self.run.ledger.read() as tx:
            (self.merchant,) = tx.merchants.find([self.merchant.id])
        self.account = next(each for each in self.merchant.accounts if each.key == self.account.key)
        await self.back_office_page.lead_to(back_office_access(self.back_office_page.back_office, self.merchant))

    async def _prove(self, work: AccountRun, held: HeldLease) -> None:
        """Of an account's first log-in, and of each that somebody took part in, who is not to be asked again soon."""
        on_platform, ledger, edition = work.platform_session, self.run.ledger, self.merchant.edition
        if on_platform is not None and (on_platform.helped or on_platform.is_first):
            with ledger.read() as tx:
                known = tx.orders.last_listed(self.account.key)

            async def read_orders(session: Session) -> object:
                site = await site_found(session, ledger, self.site, edition)
                return await look_up_orders(session, site, self.account.shop, known)

            await prove(self.run.browser, on_platform, read_orders, held.in_force)
        if work.back_office_session.helped:

            async def read_filings(session: Session) -> object:
                found = await back_office_found(session, ledger, self.back_office_page.back_office, edition)
                return await look_up_filings(session, found.list_url(edition) or found.login_url)

            if await prove(self.run.browser, work.back_office_session, read_filings, held.in_force):
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
    async def _sessions(self, evidence: Evidence, held: HeldLease) -> AsyncIterator[tuple[Session | None, Session]]:
        """The account's sessions on its platform, unless that is gone, and on the back office."""
        run, key, opened = self.run, AccountKey(self.merchant.id, BACK_OFFICE), self.back_office_page
        async with AsyncExitStack() as stack, opened.worked_under(held):
            access = None if self.site.gone else access_of(self.site, self.account)
            back_office = open_site(run, key, opened.access, evidence, held=held, open_page=opened.open_page)
            if access is None:
                one, other = None, (await back_office).session(of=self.account.key)
            else:
                open_page = partial(_open_page, stack, run.browser, access, held)
                platform = open_site(run, self.account.key, access, evidence, held=held, open_page=open_page)
                one, other = (site.session(of=self.account.key) for site in await _both(platform, back_office))
            try:
                yield one, other
            finally:
                await _end_traces(one, other)


async def _end_traces(*sessions: Session | None) -> None:
    for session in sessions:
        if session is not None and session.tracer is not None:
            await session.tracer.end()


async def _open_page(
    stack: AsyncExitStack, browser: Chrome, access: SiteAccess, held: HeldLease, store: SessionStore
) -> LivePage:
    """A page of its own for the kept session, closed with the stack."""
    raw = browser.page(store.restore(), access.allows, held.in_force)
    return LivePage(await stack.enter_async_context(raw), access.allows)


async def _both(
    first: Coroutine[None, None, OpenSite], second: Coroutine[None, None, OpenSite]
) -> tuple[OpenSite, OpenSite]:
    """What both give, at the same time. Where one fails, the other is ended before this raises."""
    tasks = asyncio.ensure_future(first), asyncio.ensure_future(second)
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
