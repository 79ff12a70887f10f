"""The browser of the live view: started ahead of its use, so that a page opens at once, and ended when unused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from loguru import logger

from agent.browser import Chrome, open_chrome
from agent.domain.errors import BrowserFailed, WordedError

_IDLE_SECONDS = 120.0


class SpareBrowser:
    """One browser for all pages that people have open, each in a context of its own. For one event loop."""

    def __init__(self, executable: Path | None) -> None:
        self._executable = executable
        self._loop = asyncio.get_running_loop()
        self._wanted, self._users = asyncio.Event(), 0
        self._running: asyncio.Future[Chrome] | None = None
        self._task: asyncio.Task[None] | None = None

    def expect(self) -> None:
        """Say, from any thread, that a page may be asked for soon."""
        self._loop.call_soon_threadsafe(self._begin)

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Chrome]:
        """The browser, which does not end before the block does. Raise UsageError if none is found."""
        self._users += 1
        try:
            yield await asyncio.shield(self._begin())
        finally:
            self._users -= 1
            self._wanted.set()

    async def close(self) -> None:
        """End it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _begin(self) -> "asyncio.Future[Chrome]":
        self._wanted.set()
        if self._running is None:
            self._running = self._loop.create_future()
            self._task = asyncio.create_task(self._keep(self._running))
        return self._running

    async def _keep(self, running: "asyncio.Future[Chrome]") -> None:
        try:
            async with open_chrome(self._executable, True) as chrome:
                try:
                    await chrome.start()
                except BrowserFailed as error:  # the first page will try again, and tell
                    logger.warning("the live view's browser did not start: {}", error)
                running.set_result(chrome)
                await self._unused()
                self._running = None  # from here on another one is started
        except WordedError as error:
            running.set_exception(error)
            running.exception()  # nobody may be waiting for it
        finally:
            if self._running is running:
                self._running = None
            running.cancel()

    async def _unused(self) -> None:
        while True:
            self._wanted.clear()
            try:
                await asyncio.wait_for(self._wanted.wait(), _IDLE_SECONDS)
            except TimeoutError:
                if not self._users:
                    return
