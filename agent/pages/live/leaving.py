"""Leaves a page without the question that it would ask (未保存，确定离开？)."""

import asyncio
from contextlib import suppress
from typing import Any

from playwright.async_api import CDPSession, Error, Page

_SECONDS = 2.0
_REMOVE = "function(handler, capture) { this.removeEventListener('beforeunload', handler, capture); }"


async def forget_question(page: Page) -> None:
    """Take away what the page's main document would do before it is left; without effect if it is just going anyway.

    A question that meets a navigation of the page's own hangs Chromium for good: a second one is asked of a document
    that is not active yet, and nobody can answer that.
    """
    with suppress(Error, TimeoutError):
        async with asyncio.timeout(_SECONDS):
            session = await page.context.new_cdp_session(page)
            await _remove(session)
            await session.detach()


async def _remove(session: CDPSession) -> None:
    # Handlers are told only of an object that belongs to a group.
    asked = {"expression": "onbeforeunload = null, window", "objectGroup": "leaving"}
    page = (await session.send("Runtime.evaluate", asked))["result"]["objectId"]
    for listener in (await session.send("DOMDebugger.getEventListeners", {"objectId": page}))["listeners"]:
        if listener["type"] == "beforeunload" and (handler := listener.get("handler")):
            await session.send("Runtime.callFunctionOn", _call(page, handler["objectId"], listener["useCapture"]))


def _call(page: str, handler: str, capture: bool) -> dict[str, Any]:
    arguments = [{"objectId": handler}, {"value": capture}]
    return {"objectId": page, "functionDeclaration": _REMOVE, "arguments": arguments}
