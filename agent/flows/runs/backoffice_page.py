"""A merchant's window on the back office (会员后台), in which its accounts are worked one after another."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from agent.browser import Chrome
from agent.domain.merchants import Merchant
from agent.domain.orders import Filing
from agent.flows.runs.lease import HeldLease
from agent.flows.session.access import SiteAccess, back_office_access
from agent.flows.session.session_store import SessionStore
from agent.pages.inference.stated_total import Listed
from agent.pages.live.page import LivePage
from agent.sites import BackOffice


@dataclass(slots=True)
class BackOfficePage:
    """`listed` is what the back office listed when an account's look ended; None if that may not be so any more.

    `held` is the lease in force: the window reaches nothing without one.
    """

    browser: Chrome
    back_office: BackOffice
    access: SiteAccess
    held: HeldLease | None = None
    listed: Listed[Filing] | None = None
    _live_page: LivePage | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def open_page(self, store: SessionStore) -> LivePage:
        """The window that is open, or a new one that holds what is kept of the session."""
        storage = store.restore()
        if self._live_page is None or self._live_page.raw.is_closed():
            page = self.browser.page(storage, self.access.allows, self._in_force)
            self._live_page = LivePage(await self._stack.enter_async_context(page), self.access.allows)
        return self._live_page

    def _in_force(self) -> bool:
        return self.held is not None and self.held.in_force()

    @asynccontextmanager
    async def worked_under(self, held: HeldLease) -> AsyncIterator[None]:
        """Let the window reach the site while the block lasts and the lease is in force."""
        self.held = held
        try:
            yield
        finally:
            self.held = None

    async def lead_to(self, access: SiteAccess) -> None:
        """Close the window if the log-in was changed meanwhile."""
        if access != self.access:
            self.access = access
            await self.close()

    async def reopen(self) -> None:
        """Close the window alone: the next account's holds what is kept by then."""
        self._live_page = None
        await self._stack.aclose()

    async def close(self) -> None:
        """Close the window; the next account gets a new one."""
        self.listed = None
        await self.reopen()


@asynccontextmanager
async def open_back_office(
    browser: Chrome, back_office: BackOffice, merchant: Merchant
) -> AsyncIterator[BackOfficePage]:
    """The back office of one merchant, closed at the end of the block."""
    opened = BackOfficePage(browser, back_office, back_office_access(back_office, merchant))
    try:
        yield opened
    finally:
        await opened.close()
