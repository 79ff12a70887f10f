"""A person logs in (人工登录) while the program watches; the session then serves the runs that nobody watches."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass

from loguru import logger
from playwright.async_api import Error

from agent.browser import Chrome, open_chrome
from agent.browser.storage_state import StorageState
from agent.domain.accounts import AccountKey
from agent.domain.errors import AccountBusy, AccountError, Outcome, SiteUnavailable, UsageError
from agent.domain.login_errors import AgreementAsked, SessionExpired, ShopNotNamed
from agent.domain.orders import Order
from agent.domain.report import AccountReport
from agent.domain.text import Text
from agent.flows.runs.context import OpenRun, RunContext
from agent.flows.runs.heartbeat import HeldLease
from agent.flows.runs.lease import merchant_lease
from agent.flows.runs.open_site import OpenSite, evidence_of, open_site
from agent.flows.runs.selection import Named, named_account
from agent.flows.session.access import access_of
from agent.flows.session.pages_found import site_found
from agent.flows.session.password_login import is_log_in
from agent.flows.session.session import Session, stopped
from agent.flows.session.session_check import reused
from agent.flows.session.session_store import SessionStore
from agent.flows.steps.lookup import look_up_orders
from agent.ledger import OWN_ROWS
from agent.pages.inference.challenges import challenge
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot
from agent.sites import Site

_LOOK_EVERY = 0.5
_BUSY_SECONDS = 1.0
Look = Callable[[PageSnapshot], Awaitable[bool | None]]


@dataclass(frozen=True, slots=True)
class ManualLogin:
    """The window in which the person logs in, and `unseen`, a browser in which the session is proven afterwards."""

    opened: OpenSite
    unseen: Chrome
    named: Named
    alive: Callable[[], bool]

    @property
    def page(self) -> LivePage:
        return self.opened.page

    @property
    def site(self) -> Site:
        return self.named.site

    async def show(self) -> None:
        """Open the log-in page."""
        try:
            await self.page.open(self.site.login_url)
        except Error as error:
            raise SiteUnavailable(self.site.login_url, error.message.splitlines()[0][:120]) from None

    async def logged_in(self, look: Look) -> list[Order]:
        """The orders that the new session shows, once somebody is logged in.

        `look` is given the page time and again, and may say that somebody is logged in, or is not; if it returns None,
        the page decides. Raise TimeoutError if nobody is in time.
        """
        deadline = time.monotonic() + self.opened.handoff.patience.total_seconds()
        tried = None
        while time.monotonic() < deadline:
            snapshot = await self.page.look()
            told = await look(snapshot)
            storage = await StorageState.of(self.page.raw)
            seems_so = storage != tried and not is_log_in(snapshot) and challenge(snapshot) is None
            if seems_so if told is None else told:
                tried = storage
                logger.info("{}: it looks as if somebody had logged in; another window tries it", self.site.title)
                try:
                    return await self.prove(storage)
                except (SessionExpired, ShopNotNamed, AgreementAsked) as error:
                    # Not yet: sites set cookies before anyone has logged in, too, or ask for more afterwards.
                    logger.info("{}: it was not so: {}", self.site.title, error.reason)
            await asyncio.sleep(_LOOK_EVERY)
        raise TimeoutError

    async def prove(self, storage: StorageState) -> list[Order]:
        """Read the orders in a context that knows `storage` alone, and keep the session if that succeeds."""
        async with reused(self.unseen, self.opened.access, storage, self.alive) as session:
            orders = await self.read(session)
            await self.opened.session_store.keep(session.page.raw)
            return orders

    async def read(self, session: Session) -> list[Order]:
        """The orders that a session shows."""
        site = await site_found(session, self.opened.run.ledger, self.site, self.named.merchant.edition)
        return await look_up_orders(session, site, self.named.account.shop)


Way = Callable[[ManualLogin], Awaitable[list[Order]]]


def never() -> bool:
    """Wait for nobody."""
    return False


async def log_in_attended(
    context: RunContext,
    name: AccountKey,
    way: Way,
    *,
    chrome: Chrome | None = None,
    waits: Callable[[], bool] = never,
) -> AccountReport:
    """Let a person log in by `way`, and keep the session once a browser that nobody sees reads the orders in it.

    The person is waited for as long as the run has patience. Without `chrome` a browser is started. While something
    else works on the merchant, `waits` is asked whether to wait for its end. Raise UsageError for an account that is
    not known, a platform that has no site any more, and if there is no browser. What goes wrong on the site is in the
    report.
    """
    named = named_account(context.settings, context.ledger, name)
    if named.site.gone:
        title = named.site.title
        raise UsageError(Text(f"{title} has no site any more.", f"{title}已停止服务，无需登录。"))
    report = AccountReport(named.account.key, Outcome.OK)
    with context.ledger.begin(on=OWN_ROWS) as tx:
        run_id = tx.runs.start(dry_run=True, started_by=context.started_by)
    try:
        async with (
            _leased(context, named.account.key, waits) as held,
            _entrance(context, run_id, named, held, chrome) as it,
        ):
            await it.show()
            report.orders = await way(it)
    except AccountError as error:
        report.end_with(error)
    except TimeoutError:
        report.outcome, report.reason, report.text = Outcome.NEEDS_HUMAN, "not_logged_in", _NOBODY
    except Error as error:
        ended = stopped(error)
        report.end_with(ended)
        report.outcome = Outcome.FAILED
    finally:
        with context.ledger.begin(on=OWN_ROWS, run_id=run_id) as tx:
            tx.runs.finish()
    return report


@asynccontextmanager
async def _leased(context: RunContext, account: AccountKey, waits: Callable[[], bool]) -> AsyncIterator[HeldLease]:
    """The merchant's lease, as soon as it is free. Raise AccountBusy if it is not and nobody waits for it."""
    async with AsyncExitStack() as stack:
        while (held := await _taken(stack, context, account)) is None:
            if not waits():
                raise AccountBusy(account.merchant_id)
            await asyncio.sleep(_BUSY_SECONDS)
        yield held


async def _taken(stack: AsyncExitStack, context: RunContext, account: AccountKey) -> HeldLease | None:
    try:
        return await stack.enter_async_context(merchant_lease(context, account))
    except AccountBusy:
        return None


@asynccontextmanager
async def _entrance(
    context: RunContext, run_id: str, named: Named, held: HeldLease, chrome: Chrome | None
) -> AsyncIterator[ManualLogin]:
    executable, headed = context.settings.browser.executable, context.headed
    access = access_of(named.site, named.account)
    async with AsyncExitStack() as stack:
        own = open_chrome(executable, not headed)
        seen = await stack.enter_async_context(own if chrome is None else nullcontext(chrome))

        async def open_page(_: SessionStore) -> LivePage:
            # In a window that a person sees, the person decides: a puzzle may come from anywhere.
            raw = seen.page() if headed else seen.page(None, access.allows, held.in_force)
            return LivePage(await stack.enter_async_context(raw))

        run = OpenRun.of(context, run_id, seen)
        evidence = evidence_of(run, named.merchant, named.account)
        opened = await open_site(run, named.account.key, access, evidence, held=held, open_page=open_page)
        unseen = await stack.enter_async_context(open_chrome(executable, True)) if headed else seen
        yield ManualLogin(opened, unseen, named, held.in_force)


_NOBODY = Text(
    "Nobody logged in within the time. Run it again when someone is there.",
    "限定时间内无人登录，请安排人员后重新运行。",
)
