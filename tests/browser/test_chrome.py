"""Several browsers in one process: each ends with what is its own, and with nothing else."""

import asyncio
from contextlib import AsyncExitStack

import psutil

from agent.browser import open_chrome


def _running() -> set[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    return {each for each in found if each.status() != psutil.STATUS_ZOMBIE}


async def test_a_browser_that_ends_takes_no_other_one_with_it() -> None:
    before = _running()
    async with open_chrome(None, True) as first, AsyncExitStack() as stack:
        second = await stack.enter_async_context(open_chrome(None, True))
        async with first.page() as page:
            async with second.page() as other:
                assert await other.evaluate("6 * 7") == 42
            await stack.aclose()
            assert await page.evaluate("6 * 7") == 42
    assert _running() <= before


async def test_browsers_that_start_at_the_same_time_end_one_by_one() -> None:
    before = _running()

    async def used(ending: asyncio.Event, ended: asyncio.Event) -> None:
        async with open_chrome(None, True) as chrome, chrome.page() as page:
            ended.set()
            await ending.wait()
            assert await page.evaluate("6 * 7") == 42

    at_once, later, opened, other = (asyncio.Event() for _ in range(4))
    async with asyncio.TaskGroup() as tasks:
        quick = tasks.create_task(used(at_once, opened))
        tasks.create_task(used(later, other))
        await opened.wait()
        await other.wait()
        at_once.set()
        await quick
        later.set()
    assert _running() <= before
