"""Pictures, fonts and media that nobody needs are left out, and nothing else is."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Error

from agent.pages.live.page import LivePage
from tests.pages.shop import Shop, open_shop

PAGE = """<!doctype html><style>@font-face { font-family: own; src: url(/own) } p { font-family: own }</style>
<link rel="stylesheet" href="/style"><img src="/picture"><video src="/film"></video><p>words
<script src="/script.png.js"></script><script>fetch("/data?logo=a.png", {method: "POST"})</script>"""
LEFT_OUT = {"GET /picture", "GET /own", "GET /film"}


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as running:
        running.html = PAGE
        yield running


async def opened(window: LivePage, shop: Shop) -> set[str]:
    """What the page asks for."""
    shop.asked.clear()
    await window.open(shop.url)
    await window.settled()
    return {*shop.asked} - {"GET /favicon.ico"}


async def test_a_page_is_opened_without_its_pictures_fonts_and_films(window: LivePage, shop: Shop) -> None:
    everything = await opened(window, shop)
    assert everything >= LEFT_OUT
    assert not window.blocker.degraded
    await window.blocker.begin()
    assert await opened(window, shop) == everything - LEFT_OUT
    assert window.blocker.degraded


async def test_it_has_them_when_it_is_opened_anew_after_that(window: LivePage, shop: Shop) -> None:
    await window.blocker.begin()
    await opened(window, shop)
    assert await window.blocker.end()
    assert await opened(window, shop) >= LEFT_OUT
    assert not window.blocker.degraded


async def test_a_page_that_has_none_is_complete(window: LivePage, shop: Shop) -> None:
    shop.html = "<!doctype html><p>words"
    await window.blocker.begin()
    await opened(window, shop)
    assert not await window.blocker.end()


ANOTHER = """<!doctype html><img src="/picture" onerror="this.src = '/another?' + Math.random()"><p>words"""


async def test_a_page_that_asks_for_another_picture_where_one_fails_comes_to_rest(window: LivePage, shop: Shop) -> None:
    shop.html = ANOTHER
    await window.blocker.begin()
    assert await opened(window, shop) == {"GET /"}
    assert window.blocker.degraded


async def test_a_page_that_does_not_come_leaves_what_is_there_incomplete(window: LivePage, shop: Shop) -> None:
    await window.blocker.begin()
    await opened(window, shop)
    with pytest.raises(Error):
        await window.open("http://127.0.0.1:1/")
    assert window.blocker.degraded
