"""Memory: what each further account at the same time takes, and what is left behind after many."""

import asyncio
import os
from contextlib import AsyncExitStack

import psutil

from agent.browser import Chrome, open_chrome
from agent.domain.report import AccountReport
from agent.pages.live.page import LivePage
from agent.sandbox import Sandbox, leave_nothing_to_do
from agent.scheduler import Service
from benchmarks import minimal
from benchmarks.many import PLATFORMS
from benchmarks.world import Figures, Silent, World, all_well, now, world

AT_ONCE = 6
MERCHANTS, ROUNDS = 20, 10


async def of_accounts() -> Figures:
    """MB of proportional memory (PSS): all processes, each shared page counted once."""
    with world([["weimob"]]) as here:
        async with open_chrome(None, headless=True) as chrome:
            one = await _with_open(here, chrome, 1)
            several = await _with_open(here, chrome, AT_ONCE)
    after = await _rounds()
    return {
        "MB for each further account at the same time": round((several - one) / (AT_ONCE - 1)),
        **{f"MB after {number} syncs of one service": round(mb) for number, mb in after.items()},
    }


async def _rounds() -> dict[int, float]:
    """MB of a service that works on, by the number of syncs it has done; measured while it has nothing to do."""
    found: dict[int, float] = {}
    with world([PLATFORMS] * MERCHANTS, leave_nothing_to_do) as here:
        watch, stop = _Rounds(MERCHANTS * len(PLATFORMS)), asyncio.Event()

        async def tell() -> None: ...

        service = Service(here.settings, here.ledger, now, watch, "benchmark", tell, 2)
        working = asyncio.create_task(service.alone(stop))
        for _ in range(ROUNDS):
            await watch.ended.wait()
            watch.ended.clear()
            found[watch.count] = await _settled(here)
            for merchant in here.box.state.merchants:
                with here.ledger.begin() as tx:
                    tx.schedule.at_once(merchant.id)
        stop.set()
        await working
    return found


class _Rounds(Silent):
    """Keeps no reports; `ended` is set each time that so many accounts have ended."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted, self.count, self.ended = wanted, 0, asyncio.Event()

    def account_ended(self, report: AccountReport) -> None:
        all_well([report])
        self.count += 1
        if self.count % self.wanted == 0:
            self.ended.set()


async def _with_open(here: World, chrome: Chrome, count: int) -> float:
    """MB with so many accounts whose two pages, of the platform and of the back office, are open and were read."""
    async with AsyncExitStack() as stack:
        for _ in range(count):
            for path in (minimal.ORDERS, "/newc/Account/Login"):
                window = LivePage(await stack.enter_async_context(chrome.page()))
                await window.open(here.box.url + path)
                await window.settled()
        return await _settled(here)


def _pid(_: Sandbox) -> int:
    return os.getpid()


async def _settled(here: World) -> float:
    await asyncio.sleep(3)  # what was closed is given back by and by
    ours, sites = psutil.Process(os.getpid()), here.ask(_pid)
    family = [ours, *(process for process in ours.children(recursive=True) if process.pid != sites)]
    return sum(process.memory_full_info().pss for process in family) / 1e6
