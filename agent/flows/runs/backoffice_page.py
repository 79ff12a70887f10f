"""A merchant's window on the back office (会员后台), in which its accounts are worked one after another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from agent.browser import Chrome
from agent.domain.merchants import Edition, Merchant
from agent.domain.orders import Filing
from agent.flows.runs.lease import MerchantLease
from agent.flows.session.access import SiteAccess, back_office_access
from agent.flows.session.session_store import SessionStore
from agent.pages.inference.stated_total import Listed
from agent.pages.live.page import LivePage
from agent.sites import BackOffice


@dataclass(frozen=True, slots=True)
class Filings:
    """What the back office listed when it was last read, and its pages as they were found then."""

    listed: Listed[Filing]
    pages: BackOffice
    edition: Edition


@dataclass(slots=True)
class BackOfficePage:
    """One window for all accounts of a merchant. Only who holds `turns` uses it; see BackOfficeTurn.

    `access` is the way in as it is registered now. `filings` are None if they may not be so any more. `last` is whose
    turn was last. The window reaches nothing unless the merchant's lease is in force.
    """

    browser: Chrome
    back_office: BackOffice
    access: SiteAccess
    lease: MerchantLease
    filings: Filings | None = None
    last: object = None
    turns: asyncio.Lock = field(default_factory=asyncio.Lock)
    _opened: SiteAccess | None = None  # the way in for which the window was opened
    _live_page: LivePage | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def open_page(self, store: SessionStore) -> LivePage:
        """The window that is open, or a new one that holds what is kept of the session."""
        stored = store.restore()
        if self._live_page is None or self._live_page.raw.is_closed():
            self._opened = store.access
            page = self.browser.page(stored, store.access.allows, self._in_force)
            self._live_page = LivePage(await self._stack.enter_async_context(page), store.access.allows)
        return self._live_page

    def shows(self, page: LivePage) -> bool:
        """True if that is the window that is open now, by the way in that is registered."""
        return page is self._live_page and not page.raw.is_closed() and self._opened == self.access

    def _in_force(self) -> bool:
        return self.lease.held is not None and self.lease.held.in_force()

    async def reopen(self) -> None:
        """Close the window alone: the next account's holds what is kept by then."""
        self._live_page = None
        await self._stack.aclose()

    async def close(self) -> None:
        """Close the window; the next account gets a new one."""
        self.filings = None
        await self.reopen()

    async def close_unless_right(self) -> None:
        """Close the window if the log-in was changed since it was opened."""
        if self._live_page is not None and self._opened != self.access:
            await self.close()


@asynccontextmanager
async def open_back_office(
    browser: Chrome, back_office: BackOffice, merchant: Merchant, lease: MerchantLease
) -> AsyncIterator[BackOfficePage]:
    """The back office of one merchant, closed at the end of the block."""
    opened = BackOfficePage(browser, back_office, back_office_access(back_office, merchant), lease)
    try:
        yield opened
    finally:
        await opened.close()
