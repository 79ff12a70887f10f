"""The panel in a page's corner asks a person; the page's own scripts cannot answer for one."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page

from agent.pages.box import Box
from agent.pages.live.page import LivePage
from agent.pages.live.panel import panel

BUTTONS = [("go_on", "继续"), ("stop", "停止")]
# What a page that wants to answer for the person could try.
CHEATS = """() => {
  const host = [...document.documentElement.children].at(-1), tried = [];
  tried.push(typeof fankuanDecided, typeof fankuanPanel, String(host.shadowRoot));
  for (const at of [host, document.body]) at.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
  host.click();
  return tried;
}"""


async def middle_of(page: Page, label: str) -> tuple[float, float]:
    """Where a button of the closed tree is drawn, as only a browser's own tools can tell."""
    tools = await page.context.new_cdp_session(page)
    await tools.send("DOM.enable")
    document = await tools.send("DOM.getFlattenedDocument", {"depth": -1, "pierce": True})

    def says(node: dict[str, Any]) -> bool:
        return bool(node.get("nodeValue") == label)

    (text,) = [node for node in document["nodes"] if says(node)]
    box = (await tools.send("DOM.getBoxModel", {"nodeId": text["parentId"]}))["model"]["border"]
    return (box[0] + box[4]) / 2, (box[1] + box[5]) / 2


async def test_a_person_who_presses_a_button_has_answered(live: LivePage) -> None:
    await live.raw.set_content("<p>订单 3391899276382420635</p><button>确认</button>")
    before = await live.raw.content()
    async with panel(live, [Box(10, 10, 100, 30)], ["m1/taobao"], BUTTONS) as pressed:
        await live.raw.mouse.click(*await middle_of(live.raw, "继续"))
        assert await asyncio.wait_for(pressed, 10) == "go_on"
    assert await live.raw.content() == before


async def test_the_page_cannot_answer(live: LivePage) -> None:
    await live.raw.set_content("<p>订单</p>")
    async with panel(live, [], ["m1/taobao"], BUTTONS) as pressed:
        assert await live.raw.evaluate(CHEATS) == ["undefined", "undefined", "null"]
        await middle_of(live.raw, "停止")
        assert not pressed.done()


async def test_a_page_that_goes_on_leaves_the_question_open(live: LivePage) -> None:
    await live.raw.set_content("<p>订单</p>")
    async with panel(live, [], ["m1/taobao"], BUTTONS) as pressed:
        await live.raw.goto("about:blank")
        assert not pressed.done()
    with pytest.raises(asyncio.CancelledError):
        await pressed
