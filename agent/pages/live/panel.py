"""A panel in the corner of a page that asks the person in front of it, with outlines around what it is about."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from typing import Any

from playwright.async_api import Error

from agent.pages.box import Box
from agent.pages.live.isolated_world import isolated_world
from agent.pages.live.page import LivePage

_SCRIPT = files("agent.pages.live").joinpath("panel.js").read_text(encoding="utf-8")
# The page's own scripts run in another world: they can neither call this, nor reach into the panel's closed tree, and a
# click that they make up is not trusted. They can take the panel away: then the terminal is left.
_WORLD, _SAYS = "fankuan", "fankuanDecided"
_REMOVE = "globalThis.fankuanPanel?.remove()"


@asynccontextmanager
async def panel(
    page: LivePage, boxes: Sequence[Box], lines: Sequence[str], buttons: Sequence[tuple[str, str]]
) -> AsyncIterator["asyncio.Future[str]"]:
    """Show the lines and a button for each word with its label, and outline the boxes (CSS pixels), during the block.

    Give the word of the button that a person presses; it never comes if nobody does, or if the page goes on.
    """
    pressed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    words = {word for word, _ in buttons}

    def said(call: dict[str, Any]) -> None:
        if call["name"] == _SAYS and call["payload"] in words and not pressed.done():
            pressed.set_result(call["payload"])

    told = json.dumps([[[b.x, b.y, b.w, b.h] for b in boxes], [*lines], [[*pair] for pair in buttons]])
    try:
        tools = await page.raw.context.new_cdp_session(page.raw)
    except Error:
        yield pressed  # the page is just going on: the terminal is left
        return
    tools.on("Runtime.bindingCalled", said)
    world: int | None = None
    try:
        with suppress(Error):
            world = await isolated_world(tools, _WORLD)
            await tools.send("Runtime.enable")
            await tools.send("Runtime.addBinding", {"name": _SAYS, "executionContextName": _WORLD})
            await tools.send("Runtime.evaluate", {"expression": f"({_SCRIPT})({told})", "contextId": world})
        yield pressed
    finally:
        with suppress(Error):
            if world is not None:
                await tools.send("Runtime.evaluate", {"expression": _REMOVE, "contextId": world})
            await tools.detach()
        pressed.cancel()
