from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from agent.sandbox import Sandbox
from tests.pages.conftest import browser
from tests.sandbox.clients import Member, Seller, selling, working

__all__ = ["box", "browser", "member", "page", "seller"]


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def seller(box: Sandbox) -> Iterator[Seller]:
    with selling(box) as client:
        yield client


@pytest.fixture
def member(box: Sandbox) -> Iterator[Member]:
    with working(box) as client:
        yield client


@pytest_asyncio.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1600, "height": 1400})
    page = await context.new_page()
    page.set_default_timeout(10_000)
    yield page
    await context.close()
