"""One browser for all tests that work accounts."""

from collections.abc import AsyncIterator

import pytest_asyncio

from agent.browser import open_chrome
from tests.flows.home import Home


@pytest_asyncio.fixture(scope="session", autouse=True)
async def shared_chrome() -> AsyncIterator[None]:
    async with open_chrome(None, headless=True) as chrome:
        Home.chrome = chrome
        yield
        Home.chrome = None
