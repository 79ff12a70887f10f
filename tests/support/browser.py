"""A browser as the agent starts it, for tests of pages that need no agent."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from agent.browser import ARGUMENTS, find_browser


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """The browser, ended with the block."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(None), args=ARGUMENTS, chromium_sandbox=os.geteuid() != 0
        )
        yield browser
        await browser.close()
