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


async def opened(live: LivePage, shop: Shop) -> set[str]:
    """What the page asks for."""
    shop.asked.clear()
    await live.open(shop.url)
    await live.settled()
    return {*shop.asked} - {"GET /favicon.ico"}


async def test_a_page_is_opened_without_its_pictures_fonts_and_films(live: LivePage, shop: Shop) -> None:
    everything = await opened(live, shop)
    assert everything >= LEFT_OUT
    assert not live.blocker.degraded
    await live.blocker.begin()
    assert await opened(live, shop) == everything - LEFT_OUT
    assert live.blocker.degraded


async def test_it_has_them_when_it_is_opened_anew_after_that(live: LivePage, shop: Shop) -> None:
    await live.blocker.begin()
    await opened(live, shop)
    assert await live.blocker.end()
    assert await opened(live, shop) >= LEFT_OUT
    assert not live.blocker.degraded


async def test_a_page_that_has_none_is_complete(live: LivePage, shop: Shop) -> None:
    shop.html = "<!doctype html><p>words"
    await live.blocker.begin()
    await opened(live, shop)
    assert not await live.blocker.end()


ANOTHER = """<!doctype html><img src="/picture" onerror="this.src = '/another?' + Math.random()"><p>words"""


async def test_a_page_that_asks_for_another_picture_where_one_fails_comes_to_rest(live: LivePage, shop: Shop) -> None:
    shop.html = ANOTHER
    await live.blocker.begin()
    assert await opened(live, shop) == {"GET /"}
    assert live.blocker.degraded


async def test_a_page_that_does_not_come_leaves_what_is_there_incomplete(live: LivePage, shop: Shop) -> None:
    await live.blocker.begin()
    await opened(live, shop)
    with pytest.raises(Error):
        await live.open("http://127.0.0.1:1/")
    assert live.blocker.degraded
