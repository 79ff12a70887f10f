"""The tabs and windows that a page opens while it is worked; they are closed when that is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from agent.pages.live.page import LivePage

_MOST = 3
_CLOSE_SECONDS = 5.0
# How long a site's first answer to a tab is waited for.
_COMES_SECONDS = 20.0


class Tabs:
    """What one window has opened, a window each. Beyond three they are advertising, and closed at once."""

    def __init__(self, opener: LivePage) -> None:
        self._opener = opener
        self._closing: set[asyncio.Task[None]] = set()
        self._all: list[LivePage] = []
        self._came: list[Page] = []
        self._targets: set[str] = set()
        self._moved = asyncio.Event()

    @property
    def open(self) -> list[LivePage]:
        return [page for page in self._all if not page.raw.is_closed()]

    async def arrived(self) -> list[LivePage]:
        """Return what is open, once everything that the browser has opened is there; after 20 s what is.

        Playwright tells of a tab only with the site's first answer to it. The browser itself tells of it before the
        click that opened it is over.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_COMES_SECONDS):
                while len(self._targets) > sum(not page.is_closed() for page in self._came):
                    self._moved.clear()
                    await self._moved.wait()
        return self.open

    async def announce(self, session: CDPSession) -> None:
        """Hear from now on of each target that the browser opens or closes in the context of that session."""
        own = (await session.send("Target.getTargetInfo"))["targetInfo"].get("browserContextId")
        known = {one["targetId"] for one in (await session.send("Target.getTargets"))["targetInfos"]}

        def created(event: dict[str, Any]) -> None:
            told = event["targetInfo"]
            if told["type"] == "page" and told["targetId"] not in known and told.get("browserContextId") == own:
                self._targets.add(told["targetId"])

        def destroyed(event: dict[str, Any]) -> None:
            self._targets.discard(event["targetId"])
            self._moved.set()

        session.on("Target.targetCreated", created)
        session.on("Target.targetDestroyed", destroyed)
        await session.send("Target.setDiscoverTargets", {"discover": True})

    def opened(self, page: Page) -> None:
        self._came.append(page)
        self._moved.set()
        if len(self._all) < _MOST:
            self._all.append(LivePage(page, self._opener.allows, self._opener))
            return
        task = asyncio.ensure_future(_close(page))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self, session: CDPSession) -> None:
        """Close what is still open, and what has not come yet."""
        await asyncio.gather(*self._closing, *(_close(page.raw) for page in self.open))
        for target in [*self._targets]:
            with suppress(Error):  # it has gone meanwhile
                await session.send("Target.closeTarget", {"targetId": target})


@asynccontextmanager
async def tabs_of(opener: LivePage) -> AsyncIterator[Tabs]:
    """What `opener` opens inside the block, closed at its end whatever happens."""
    tabs, context = Tabs(opener), opener.raw.context
    session = await context.new_cdp_session(opener.raw)
    context.on("page", tabs.opened)
    try:
        await tabs.announce(session)
        yield tabs
    finally:
        context.remove_listener("page", tabs.opened)
        with suppress(Error, TimeoutError):  # the window itself has gone, or its renderer does not answer any more
            async with asyncio.timeout(_CLOSE_SECONDS):
                await tabs.close(session)
                await session.detach()


async def _close(page: Page) -> None:
    with suppress(Error, TimeoutError):  # it has gone by itself, or its renderer hangs and goes with the context
        async with asyncio.timeout(_CLOSE_SECONDS):
            await page.close()
