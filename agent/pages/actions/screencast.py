"""What a window shows as it goes on, with the secrets in it covered: for a person who looks from elsewhere."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from agent.browser import is_over
from agent.pages.actions.paint import covered_jpeg
from agent.pages.actions.screenshots import covered
from agent.pages.box import Box

_PICTURE = {"format": "jpeg", "quality": 75}
_WANTED = {**_PICTURE, "everyNthFrame": 1}
_AGAIN_SECONDS, _PICTURE_SECONDS, _DETACH_SECONDS = 0.1, 3.0, 2.0


class Screencast:
    """The newest picture of a window, and how many there were. It is renewed only as quickly as it can be covered."""

    def __init__(self, page: Page, secrets: Collection[str], session: CDPSession) -> None:
        self._page, self._secrets, self._session = page, secrets, session
        self._waiting: dict[str, Any] | None = None
        self._came = asyncio.Event()
        self._answers: set[asyncio.Future[Any]] = set()
        self._places: list[Box] | None = None
        self.number, self.jpeg = 0, b""
        self.renewed = asyncio.Event()
        session.on("Page.screencastFrame", self._note)

    def _note(self, told: dict[str, Any]) -> None:
        if self._waiting is not None:
            self._answer(self._waiting)
        self._waiting = told
        self._came.set()

    def _taken(self) -> dict[str, Any] | None:
        told, self._waiting = self._waiting, None
        return told

    def _answer(self, told: dict[str, Any]) -> None:
        """Have the next one sent: of those that nobody answered, the browser sends a few and then no more."""
        sent = asyncio.ensure_future(self._session.send("Page.screencastFrameAck", {"sessionId": told["sessionId"]}))
        self._answers.add(sent)
        sent.add_done_callback(self._answered)

    def _answered(self, sent: "asyncio.Future[Any]") -> None:
        self._answers.discard(sent)
        if not sent.cancelled():
            sent.exception()  # the page may be gone by now

    async def run(self) -> None:
        """Renew the picture until the page is gone."""
        with suppress(Error):  # the page is gone
            while True:
                await self._came.wait()
                self._came.clear()
                if (told := self._taken()) is not None:
                    await self._renew(b64decode(told["data"]))
                    self._answer(told)

    async def look(self) -> bool:
        """See what is to be covered now. Return True if it is the same, and known, as at the look before."""
        try:
            now = await covered(self._page, self._secrets)
        except Error as error:
            if is_over(error):
                raise
            now = None
        same, self._places = now is not None and now == self._places, now
        return same

    async def _renew(self, taken: bytes | None) -> None:
        """Show a picture for which the same was to be covered before and after it was taken.

        What a frame shows that was taken while the page scrolled, or was replaced, nobody can tell: it is not shown,
        and another picture is taken until both looks agree.
        """
        while not await self.look() or taken is None:
            if self._places is None:
                await asyncio.sleep(_AGAIN_SECONDS)
            taken = await self._photographed()
        size = self._page.viewport_size
        places, width = self._places or [], float(size["width"]) if size else 0.0
        self.jpeg, self.number = await asyncio.to_thread(covered_jpeg, taken, width, places), self.number + 1
        self.renewed.set()
        self.renewed = asyncio.Event()

    async def _photographed(self) -> bytes | None:
        """A picture taken now; None if the document is being replaced."""
        try:
            async with asyncio.timeout(_PICTURE_SECONDS):
                told = await self._session.send("Page.captureScreenshot", _PICTURE)
        except TimeoutError:
            return None
        except Error as error:
            if is_over(error):
                raise
            return None
        return b64decode(told["data"])


@asynccontextmanager
async def screencast(page: Page, secrets: Collection[str]) -> AsyncIterator[Screencast]:
    """Show the window, whose size is fixed, for as long as the block lasts. Nothing is shown that was not covered."""
    session = await page.context.new_cdp_session(page)
    cast = Screencast(page, secrets, session)
    await cast.look()
    running = asyncio.ensure_future(cast.run())
    try:
        await session.send("Page.startScreencast", _WANTED)
        yield cast
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(session.detach(), _DETACH_SECONDS)
