"""Opens a page, lets it post, and waits to be killed."""

import asyncio
import sys

from agent.browser import open_chrome


async def main(address: str) -> None:
    async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
        await page.goto(address)
        await page.evaluate("fetch('/post', {method: 'POST', body: 'x'}).catch(() => 0)")


asyncio.run(main(sys.argv[1]))
