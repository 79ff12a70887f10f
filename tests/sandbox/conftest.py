import os
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Page, async_playwright

from agent.browser import ARGUMENTS, find_browser
from agent.sandbox import Sandbox
from tests.sandbox.clients import Member, Seller, selling, working


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


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(None), args=ARGUMENTS, chromium_sandbox=os.geteuid() != 0
        )
        page = await browser.new_page(viewport={"width": 1600, "height": 1400})
        page.set_default_timeout(10_000)
        yield page
        await browser.close()
