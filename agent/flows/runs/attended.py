"""A person logs in (人工登录) while the program watches; the session then serves the runs that nobody watches."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from loguru import logger
from playwright.async_api import Error

from agent.browser import Chrome, open_chrome
from agent.browser.storage_state import StorageState
from agent.domain.accounts import AccountKey
from agent.domain.errors import AccountError, Outcome, SessionExpired, SiteUnavailable, UsageError
from agent.domain.merchants import Account, Edition, Merchant
from agent.domain.orders import Order
from agent.domain.report import AccountReport
from agent.domain.text import Text
from agent.evidence.recorder import Evidence
from agent.flows.runs.lease import HeldLease, merchant_lease
from agent.flows.runs.selection import named_account
from agent.flows.session.access import SiteAccess, access_of
from agent.flows.session.handoff import Handoff, Tell
from agent.flows.session.pages_found import site_found
from agent.flows.session.password_login import is_log_in
from agent.flows.session.session import Session, stopped
from agent.flows.session.session_check import reused
from agent.flows.session.session_store import SessionStore
from agent.flows.steps.lookup import look_up_orders
from agent.ledger import Ledger
from agent.pages.inference.page_state import challenge
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot
from agent.settings import Settings
from agent.sites import Site

_LOOK_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class ManualLogin:
    """The window in which the person logs in, and `unseen`, a browser in which the session is proven afterwards."""

    page: LivePage
    unseen: Chrome
    site: Site
    account: Account
    edition: Edition
    access: SiteAccess
    ledger: Ledger
    session_store: SessionStore
    handoff: Handoff
    evidence: Evidence
    alive: Callable[[], bool]

    async def show(self) -> None:
        """Opens the log-in page."""
        try:
            await self.page.open(self.site.login_url)
        except Error as error:
            raise SiteUnavailable(self.site.login_url, error.message.splitlines()[0][:120]) from None

    async def logged_in(self, look: Callable[[PageSnapshot], Awaitable[None]]) -> list[Order]:
        """The orders that the new session shows, once somebody is logged in; `look` is given the page time and again.

        Raises TimeoutError where nobody is in time.
        """
        deadline = time.monotonic() + self.handoff.patience.total_seconds()
        tried = None
        while time.monotonic() < deadline:
            snapshot = await self.page.look()
            await look(snapshot)
            stored = await StorageState.of(self.page.raw)
            if stored != tried and not is_log_in(snapshot) and challenge(snapshot) is None:
                tried = stored
                logger.info("{}: it looks as if somebody had logged in; another window tries it", self.site.title)
                try:
                    return await self.prove(stored)
                except SessionExpired:
                    pass  # not yet: sites set cookies before anyone has logged in, too
            await asyncio.sleep(_LOOK_EVERY)
        raise TimeoutError

    async def prove(self, stored: StorageState) -> list[Order]:
        """Reads the orders in a context that knows `stored` alone, and keeps the session where that succeeds."""
        async with reused(self.unseen, self.access, stored, self.alive) as session:
            orders = await self.read(session)
            await self.session_store.keep(session.page.raw)
            return orders

    async def read(self, session: Session) -> list[Order]:
        """The orders that a session shows."""
        site = await site_found(session, self.ledger, self.site, self.edition)
        return await look_up_orders(session, site, self.account.shop)


Way = Callable[[ManualLogin], Awaitable[list[Order]]]


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is there to log in: `patience` is how long they are waited for, `tell` is called with what they are asked."""

    clock: Callable[[], datetime]
    started_by: str
    tell: Tell
    patience: timedelta = timedelta(minutes=10)


async def log_in_attended(
    settings: Settings,
    ledger: Ledger,
    name: AccountKey,
    *,
    way: Way,
    there: Attendance,
    headed: bool,
) -> AccountReport:
    """Lets a person log in by `way`, and keeps the session once a browser that nobody sees reads the orders in it.

    Raises UsageError for an account that is not known, a platform that has no site any more, and where there is no
    browser. What goes wrong on the site is in the report.
    """
    merchant, account, site = named_account(settings, ledger, name)
    if site.gone:
        raise UsageError(Text(f"{site.title} has no site any more.", f"{site.title}已停止服务，无需登录。"))
    report = AccountReport(account.key, Outcome.OK)
    with ledger.begin() as tx:
        run_id = tx.runs.start(dry_run=True, started_by=there.started_by)
    try:
        async with merchant_lease(settings, ledger, account.key) as held, AsyncExitStack() as stack:
            entrance = await _entrance(
                stack, settings, ledger, (merchant, account, site), held, run_id=run_id, there=there, headed=headed
            )
            await entrance.show()
            report.orders = await way(entrance)
    except AccountError as error:
        report.end_with(error)
    except TimeoutError:
        report.outcome, report.reason, report.text = Outcome.NEEDS_HUMAN, "not_logged_in", _NOBODY
    except Error as error:
        ended = stopped(error)
        report.end_with(ended)
        report.outcome = Outcome.FAILED
    finally:
        with ledger.begin(run_id=run_id) as tx:
            tx.runs.finish()
    return report


async def _entrance(
    stack: AsyncExitStack,
    settings: Settings,
    ledger: Ledger,
    named: tuple[Merchant, Account, Site],
    held: HeldLease,
    *,
    run_id: str,
    there: Attendance,
    headed: bool,
) -> ManualLogin:
    merchant, account, site = named
    executable, access = settings.browser.executable, access_of(site, account)
    seen = await stack.enter_async_context(open_chrome(executable, not headed))
    # In a window that a person sees, the person decides: a puzzle may come from anywhere.
    raw = seen.page() if headed else seen.page(None, access.allows, held.in_force)
    page = LivePage(await stack.enter_async_context(raw))
    unseen = await stack.enter_async_context(open_chrome(executable, True)) if headed else seen
    evidence = Evidence.of(settings, ledger, merchant, account, run_id=run_id, started_by=there.started_by)

    async def picture() -> str | None:
        return await evidence.take_challenge(page)

    handoff = Handoff(
        ledger=ledger,
        run_id=run_id,
        account=account.key,
        clock=there.clock,
        patience=there.patience,
        tell=there.tell,
        picture=picture,
        totp=access.credentials.totp,
    )
    session_store = SessionStore(ledger, run_id, account.key, access, lease=held.lease)
    return ManualLogin(
        page=page,
        unseen=unseen,
        site=site,
        account=account,
        edition=merchant.edition,
        access=access,
        ledger=ledger,
        session_store=session_store,
        handoff=handoff,
        evidence=evidence,
        alive=held.in_force,
    )


_NOBODY = Text(
    "Nobody logged in within the time. Run it again when someone is there.",
    "在限定时间内无人登录，请在有人时重新运行。",
)
