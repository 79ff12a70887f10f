"""Merchants with ten accounts each, living sessions and nothing to do: the service against the script, one by one.

The service looks at them in brief, as on most days; the script reads the first page alike, pictures and fonts included.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from playwright.async_api import Browser, async_playwright

from agent.browser import ARGUMENTS, find_browser, open_chrome
from agent.domain.accounts import AccountKey
from agent.domain.report import AccountReport
from agent.domain.schedule import DueReason, Next
from agent.flows.runs.sync import run_sync
from agent.sandbox import Sandbox, leave_nothing_to_do
from agent.scheduler import Service
from agent.settings import sites
from benchmarks import crawler, minimal
from benchmarks.world import Cost, Figures, Silent, World, all_well, cpu_seconds, is_root, now, stored_session, world

LATENCY = 0.1
_CRAWLED = 4
PLATFORMS = [
    *("taobao", "jd", "pinduoduo", "weimob", "youzan"),
    *("douyin", "suning", "1688", "alibaba", "aliexpress"),
]


async def accounts(count: int, concurrencies: Sequence[int] = (1, 2, 4, 8)) -> Figures:
    """Accounts a minute, and CPU seconds an account; every answer of the sites takes 100 ms."""
    told: Figures = {"accounts": count}
    with world([PLATFORMS] * (count // len(PLATFORMS)), leave_nothing_to_do) as here:
        async with open_chrome(None, headless=True) as chrome:  # opens the sessions
            await run_sync(here.context(chrome=chrome))
        here.ask(partial(delay, LATENCY))
        script, looks = await _script(here, count)
        told["script, one by one: accounts a minute"] = round(60 * count / script.wall, 1)
        told["script: CPU seconds an account"] = round(script.cpu / count, 2)
        if crawler.is_there():
            cost = await crawler.crawl(looks, _CRAWLED)
            told[f"Crawlee, {_CRAWLED} at a time: accounts a minute"] = round(60 * count / cost.wall, 1)
            told[f"Crawlee, {_CRAWLED} at a time: CPU seconds an account"] = round(cost.cpu / count, 2)
        before = here.ask(log_ins)
        for concurrency in concurrencies:
            cost = await _service(here, concurrency, count)
            told[f"service, {concurrency} at a time: accounts a minute"] = round(60 * count / cost.wall, 1)
            told[f"service, {concurrency} at a time: times the script"] = round(script.wall / cost.wall, 2)
            told[f"service, {concurrency} at a time: CPU seconds an account"] = round(cost.cpu / count, 2)
        told["log-ins of the service meanwhile"] = here.ask(log_ins) - before
    return told


def log_ins(box: Sandbox) -> int:
    """How often somebody has logged in, on all sites together."""
    logins = (login for m in box.state.merchants for login in (m.backoffice, *(s.login for s in m.shops.values())))
    return sum(login.ok for login in logins)


def delay(seconds: float, box: Sandbox) -> None:
    box.faults.latency = seconds


async def _script(here: World, count: int) -> tuple[Cost, list[minimal.Look]]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(None), args=ARGUMENTS, chromium_sandbox=not is_root()
        )
        looks = await looks_of(here, browser)
        if len(looks) != count:
            raise RuntimeError(f"{count} accounts, and the script knows {len(looks)}")
        with Cost() as cost:
            for look in looks:
                await minimal.look_at(browser, look)
        await browser.close()
    return cost, looks


async def looks_of(here: World, browser: Browser) -> list[minimal.Look]:
    """One for each account; the number to wait for is the same for all accounts of a platform: the newest shown."""
    known, found = sites(here.settings), []
    for merchant in here.box.state.merchants:
        office = here.box.backoffice_filing_url if merchant.files else here.box.backoffice_refund_url
        for platform, shop in merchant.shops.items():
            kept = stored_session(here, merchant.id, platform)
            address = known[platform].order_list
            numbers = [order.number for order in shop.orders]
            number = await minimal.first_shown(browser, kept, address, numbers)
            found.append(minimal.Look(kept, address, number, office))
    return found


async def _service(here: World, concurrency: int, count: int) -> Cost:
    for merchant in here.box.state.merchants:
        for platform in merchant.shops:
            with here.ledger.read() as tx:
                left = tx.schedule.history(AccountKey(merchant.id, platform))
            with here.ledger.begin() as tx:
                tx.schedule.plan(AccountKey(merchant.id, platform), left, Next(now(), DueReason.REGULAR))
    stop, before = asyncio.Event(), cpu_seconds()
    watch = _Enough(count, stop)

    async def tell() -> None: ...

    with Cost() as cost:
        await Service(here.settings, here.ledger, now, watch, "benchmark", tell, concurrency).alone(stop)
    all_well(watch.reports)
    cost.cpu = watch.cpu - before  # what the browser has used cannot be asked for any more once it is closed
    return cost


class _Enough(Silent):
    """Stops the service once so many accounts have ended; `cpu` is what all have used until then, in seconds."""

    def __init__(self, wanted: int, stop: asyncio.Event) -> None:
        super().__init__()
        self.wanted, self.stop, self.cpu = wanted, stop, 0.0

    def account_ended(self, report: AccountReport) -> None:
        super().account_ended(report)
        if len(self.reports) >= self.wanted:
            self.cpu = cpu_seconds()
            self.stop.set()
