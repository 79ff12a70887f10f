"""Playwright's trace of a session, for debugging: never of a log-in, and without secrets (跟踪)."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger
from playwright.async_api import Error, Page

Keep = Callable[[bytes], Awaitable[None]]


class Tracer:
    """Traces a page from when somebody is logged in until the next log-in, or the end; then from that on anew.

    `keep` is given each trace as a zip that still holds secrets.
    """

    def __init__(self, page: Page, keep: Keep) -> None:
        self._page, self._keep, self._runs = page, keep, False

    async def begin(self) -> None:
        """To be called whenever a page is about to be opened by somebody who is logged in."""
        if self._runs:
            return
        # No moving pictures: in one nothing could be covered.
        await self._page.context.tracing.start(snapshots=True, screenshots=False, sources=False)
        self._runs = True

    async def end(self) -> None:
        """To be called before a log-in, and at the end."""
        if not self._runs:
            return
        self._runs = False
        with TemporaryDirectory() as folder:
            path = Path(folder) / "trace.zip"
            try:
                await self._page.context.tracing.stop(path=path)
            except Error as error:
                logger.warning("a trace was lost: {}", error.message.splitlines()[0][:120])
                return
            await self._keep(await asyncio.to_thread(path.read_bytes))
