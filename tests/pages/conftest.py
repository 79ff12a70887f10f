"""A browser for the tests of this folder, started once, and a small page in it for each test."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize

from agent.browser.proxy import open_proxy
from agent.pages.live.page import LivePage
from tests.pages.shop import Shop, open_shop
from tests.support.browser import launched


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as running:
        yield running


@pytest_asyncio.fixture
async def small(browser: Browser) -> AsyncIterator[Page]:
    """A page of 800 x 600 in a context of its own, on the agent's way to the network."""
    async with open_proxy(lambda _: True) as proxy:
        size = ViewportSize(width=800, height=600)
        context = await browser.new_context(viewport=size, locale="zh-CN", proxy={"server": proxy})
        yield await context.new_page()
        await context.close()


@pytest_asyncio.fixture
async def live(small: Page) -> LivePage:
    return LivePage(small)


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    """A server of one page that keeps count of what is posted."""
    async with open_shop() as one:
        yield one
