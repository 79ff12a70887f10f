"""A console for the tests of a file, with a user of each role; and a browser to look at it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from agent.domain.roles import Role
from tests.console.looking import SIZES
from tests.console.site import Site, running
from tests.support.browser import launched


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("console")
    with running(folder) as made:
        for role in Role:
            made.add_user(role.value, role)
        yield made


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as running:
        yield running


@pytest_asyncio.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page in English that fails the test if the browser had anything to complain of."""
    context = await browser.new_context(locale="en-US", viewport=SIZES[1])
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda told: complaints.append(told.text) if "Content Security" in told.text else None)
    yield opened
    await context.close()
    assert complaints == []
