"""Memory: what each further account at the same time takes, and what is left behind after many."""

import asyncio
import os
from contextlib import AsyncExitStack

import psutil

from agent.browser import Chrome, open_chrome
from agent.pages.window import Window
from benchmarks import minimal
from benchmarks.one import look
from benchmarks.world import Figures, World, world

AT_ONCE = 6
SYNCS = 200


async def of_accounts() -> Figures:
    """MB of proportional memory (PSS): all processes, each shared page counted once."""
    with world([["weimob"]]) as here:
        async with open_chrome(None, headless=True) as chrome:
            one = await _with_open(here, chrome, 1)
            several = await _with_open(here, chrome, AT_ONCE)
            for _ in range(20):
                await look(here, chrome)
            early = await _settled()
            for _ in range(SYNCS):
                await look(here, chrome)
            late = await _settled()
    return {
        "MB for each further account at the same time": round((several - one) / (AT_ONCE - 1)),
        f"MB more after {SYNCS} syncs in one browser": round(late - early, 1),
    }


async def _with_open(here: World, chrome: Chrome, count: int) -> float:
    """MB with so many accounts whose two pages, of the platform and of the back office, are open and were read."""
    async with AsyncExitStack() as stack:
        for _ in range(count):
            for path in (minimal.ORDERS, "/newc/Account/Login"):
                window = Window(await stack.enter_async_context(chrome.page()))
                await window.open(here.box.url + path)
                await window.settled()
        return await _settled()


async def _settled() -> float:
    await asyncio.sleep(3)  # what was closed is given back by and by
    family = [psutil.Process(os.getpid()), *psutil.Process(os.getpid()).children(recursive=True)]
    return sum(process.memory_full_info().pss for process in family) / 1e6
