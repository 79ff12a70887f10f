"""Leaves out what a look at a list seldom needs: pictures, fonts and media (图片、字体、视频)."""

import asyncio
from contextlib import suppress
from typing import Any

from playwright.async_api import CDPSession, Error, Page

_LEFT_OUT = ("Image", "Font", "Media")
_IS_PNG = [{"name": "Content-Type", "value": "image/png"}]
# One transparent pixel.
_NOTHING = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


class ResourceBlocker:
    """Whether one page leaves them out. Frames of other sites load them all the same.

    `degraded` is true if the document that is open went without some. It is good for nothing then but to see that
    nothing has changed: a pager or a challenge may be a picture, and the evidence shows what a person would have seen.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None
        self._refusing: set[asyncio.Task[None]] = set()
        self.degraded = False

    async def begin(self) -> None:
        """From the next document on."""
        if self._session is not None:
            return
        self._session = session = await self._page.context.new_cdp_session(self._page)

        def paused(event: dict[str, Any]) -> None:
            self.degraded = True
            task = asyncio.ensure_future(_answer(session, event["requestId"], event["resourceType"]))
            self._refusing.add(task)
            task.add_done_callback(self._refusing.discard)

        session.on("Fetch.requestPaused", paused)
        # By what a request is for: an address tells neither a picture without an ending nor data with one.
        await session.send("Fetch.enable", {"patterns": [{"resourceType": kind} for kind in _LEFT_OUT]})

    async def end(self) -> bool:
        """From the next document on everything is loaded. True if the one that is open is degraded."""
        if self._session is not None:
            session, self._session = self._session, None
            with suppress(Error):  # a page that is gone is told by whoever works it
                await session.detach()
        return self.degraded


async def _answer(session: CDPSession, request: str, kind: str) -> None:
    """Picture by one in which nothing is to be seen: many a page asks for another one wherever a picture fails."""
    how: str = "failRequest"
    what: dict[str, Any] = {"errorReason": "BlockedByClient"}
    if kind == "Image":
        how, what = "fulfillRequest", {"responseCode": 200, "responseHeaders": _IS_PNG, "body": _NOTHING}
    with suppress(Error):  # the page went on
        await session.send(f"Fetch.{how}", {"requestId": request, **what})
