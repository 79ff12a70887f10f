"""Pages that ask before they are left."""

from collections.abc import Awaitable

import pytest
from playwright.async_api import Dialog, Error

from agent.browser import open_chrome
from tests.fixtures.market import Faults, Market


@pytest.mark.parametrize("asks", ["addEventListener", "onbeforeunload"])
async def test_a_page_is_left_without_its_question(asks: str) -> None:
    with Market("split-header", seed=3, orders=1, faults=Faults(habits=("leave-question",))) as market:
        async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
            questions: list[str] = []
            page.on("dialog", lambda dialog: questions.append(dialog.type))
            await page.goto(f"{market.url}/login")
            if asks == "onbeforeunload":
                await page.evaluate("onbeforeunload = () => '未保存'")
            await page.mouse.click(5, 5)  # Chromium lets only those ask that somebody has touched
            await page.goto("about:blank")
            assert not questions


@pytest.mark.parametrize("moment", range(0, 60, 10))
async def test_a_page_that_loads_itself_anew_while_it_is_left_does_not_hang(moment: int) -> None:
    with Market("split-header", seed=3, orders=1, faults=Faults(habits=("leave-question",))) as market:
        async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
            page.on("dialog", _agree)
            await page.goto(f"{market.url}/login")
            await page.mouse.click(5, 5)
            await page.evaluate("moment => void setTimeout(() => location.reload(), moment)", moment)
            assert "Timeout" not in await _said(page.goto(f"{market.url}/login?again", timeout=5000))


async def _said(going: Awaitable[object]) -> str:
    """What kept a page from being opened, empty if nothing did: one that crosses another may be given up for it."""
    try:
        await going
    except Error as error:
        return error.message
    return ""


async def _agree(dialog: Dialog) -> None:
    await dialog.accept()
