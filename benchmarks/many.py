"""Accounts with living sessions and nothing to do, whose sites answer after 100 ms: the service against the script."""

import asyncio

from playwright.async_api import async_playwright

from agent.browser import ARGUMENTS, find_browser, open_chrome
from agent.flows.sync import run_sync
from agent.scheduler import Service
from benchmarks import minimal
from benchmarks.world import Cost, Figures, Silent, World, all_well, is_root, now, world

LATENCY = 0.1


async def accounts(count: int, concurrencies: tuple[int, ...] = (1, 2, 4)) -> Figures:
    """Accounts a minute, and CPU seconds an account."""
    told: Figures = {}
    with world([["weimob"]] * count) as here:
        for _ in range(2):  # sessions are opened, and the work is done
            async with open_chrome(None, headless=True) as chrome:
                await run_sync(
                    here.settings, here.ledger, clock=now, watch=Silent(), started_by="benchmark", chrome=chrome
                )
        here.box.faults.latency = LATENCY
        script = await _script(here)
        told["script, one by one: accounts a minute"] = round(60 * count / script.wall, 1)
        told["script: CPU seconds an account"] = round(script.cpu / count, 2)
        for concurrency in concurrencies:
            cost = await _service(here, concurrency)
            told[f"service, {concurrency} at a time: accounts a minute"] = round(60 * count / cost.wall, 1)
            told[f"service, {concurrency} at a time: times the script"] = round(script.wall / cost.wall, 2)
            told[f"service, {concurrency} at a time: CPU seconds an account"] = round(cost.cpu / count, 2)
    return told


async def _script(here: World) -> Cost:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(None), args=ARGUMENTS, chromium_sandbox=not is_root()
        )
        merchants = here.box.state.merchants
        states = [await minimal.log_in(browser, here.box.url, merchant) for merchant in merchants]
        with Cost() as cost:
            for merchant, state in zip(merchants, states, strict=True):
                office = "/newc/SelfService/Filing" if merchant.files else "/newc/Refund"
                await minimal.look(browser, here.box.url, state, office)
        await browser.close()
    return cost


async def _service(here: World, concurrency: int) -> Cost:
    for merchant in here.box.state.merchants:
        here.ledger.look_at_once(merchant.id)
    stop, watch = asyncio.Event(), _Enough(len(here.box.state.merchants))
    watch.stop = stop

    async def tell() -> None: ...

    with Cost() as cost:
        await Service(here.settings, here.ledger, now, watch, "benchmark", tell, concurrency).alone(stop)
    all_well(watch.reports)
    return cost


class _Enough(Silent):
    """Stops the service once so many accounts have ended."""

    stop: asyncio.Event

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted = wanted

    def account_ended(self, report: "object") -> None:
        super().account_ended(report)  # type: ignore[arg-type]
        if len(self.reports) >= self.wanted:
            self.stop.set()
