"""Pages that ask before they are left."""

import pytest

from agent.browser import open_chrome
from agent.pages.live.page import LivePage
from tests.fixtures.market import Faults, Market


@pytest.mark.parametrize("asks", ["", "onbeforeunload = () => '未保存'"], ids=["a listener", "a handler besides"])
async def test_a_page_is_left_without_its_question(asks: str) -> None:
    with Market("split-header", seed=3, orders=1, faults=Faults(habits=("leave-question",))) as market:
        async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
            live, questions = LivePage(page), list[str]()
            page.on("dialog", lambda dialog: questions.append(dialog.type))
            await live.open(f"{market.url}/login")
            await page.evaluate(f"() => {{ {asks} }}")
            await page.mouse.click(5, 5)  # Chromium lets only those ask that somebody has touched
            await live.open("about:blank")
            assert not questions


@pytest.mark.parametrize("moment", range(0, 60, 10))
async def test_a_page_that_loads_itself_anew_while_it_is_left_does_not_hang(moment: int) -> None:
    with Market("split-header", seed=3, orders=1, faults=Faults(habits=("leave-question",))) as market:
        async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
            live = LivePage(page)
            await live.open(f"{market.url}/login")
            await page.mouse.click(5, 5)
            await page.evaluate("moment => void setTimeout(() => location.reload(), moment)", moment)
            await live.open(f"{market.url}/login?again")
            assert (await live.settled()).address.startswith(f"{market.url}/login")
