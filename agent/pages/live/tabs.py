"""The tabs and windows that a page opens while it is worked; they are closed when that is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from playwright.async_api import Error, Page

from agent.pages.live.page import LivePage

_MOST = 3
_CLOSE_SECONDS = 5.0


class Tabs:
    """What one window has opened, a window each. Beyond three they are advertising, and closed at once."""

    def __init__(self, opener: LivePage) -> None:
        self._opener = opener
        self._closing: set[asyncio.Task[None]] = set()
        self._all: list[LivePage] = []

    @property
    def open(self) -> list[LivePage]:
        return [page for page in self._all if not page.raw.is_closed()]

    def opened(self, page: Page) -> None:
        if len(self._all) < _MOST:
            self._all.append(LivePage(page, self._opener.allows, self._opener))
            return
        task = asyncio.ensure_future(_close(page))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close what is still open."""
        await asyncio.gather(*self._closing, *(_close(page.raw) for page in self.open))


@asynccontextmanager
async def tabs_of(opener: LivePage) -> AsyncIterator[Tabs]:
    """What `opener` opens inside the block, closed at its end whatever happens."""
    tabs, context = Tabs(opener), opener.raw.context
    context.on("page", tabs.opened)
    try:
        yield tabs
    finally:
        context.remove_listener("page", tabs.opened)
        await tabs.close()


async def _close(page: Page) -> None:
    with suppress(Error, TimeoutError):  # it has gone by itself, or its renderer hangs and goes with the context
        async with asyncio.timeout(_CLOSE_SECONDS):
            await page.close()
