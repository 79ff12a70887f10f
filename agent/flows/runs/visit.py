"""A visit to a site in a merchant's session that changes nothing there: what a probe and a recording are made on."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from agent.browser import Chrome, open_chrome
from agent.domain.accounts import AccountKey
from agent.flows.runs.context import RunContext
from agent.flows.runs.heartbeat import HeldLease
from agent.flows.session.access import SiteAccess
from agent.flows.session.login_attempts import LoginAttempts
from agent.flows.session.session import Session
from agent.flows.session.session_store import SessionStore
from agent.ledger import Ledger
from agent.pages.live.page import LivePage


def browser_of(context: RunContext) -> AbstractAsyncContextManager[Chrome]:
    """The browser that runs already, or one of the visit's own."""
    if context.chrome is not None:
        return nullcontext(context.chrome)
    return open_chrome(context.settings.browser.executable, context.headless)


@asynccontextmanager
async def visited(
    ledger: Ledger, run_id: str, chrome: Chrome, held: HeldLease, whose: tuple[AccountKey, SiteAccess]
) -> AsyncIterator[Session]:
    """The session of an account on a site, in a page of its own; it is kept if the block ends well."""
    key, access = whose
    store = SessionStore(ledger, run_id, key, access, lease=held.lease)
    async with chrome.page(store.restore(), access.allows, held.in_force) as raw:
        session = Session(LivePage(raw, access.allows), access, login_attempts=LoginAttempts(), session_store=store)
        yield session
        await session.keep()
