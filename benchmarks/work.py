"""One account with five orders to confirm and ten to file, pictures of each included, against the script without."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from playwright.async_api import async_playwright

from agent.browser import ARGUMENTS, Chrome, find_browser, open_chrome
from agent.flows.runs.sync import run_sync
from agent.sandbox import Sandbox
from agent.sandbox.core.model import AWAITING, COMPLETED
from agent.settings import sites
from benchmarks import minimal
from benchmarks.world import Cost, Figures, Silent, World, all_well, beside, is_root, stored_session, world

ROUNDS = 3
_CONFIRMS, _FILINGS = 5, 10


async def to_do() -> Figures:
    """Medians of three rounds of each, which take turns, in sessions that live and browsers that run already."""
    ours, theirs = [], []
    async with async_playwright() as playwright, open_chrome(None, headless=True) as chrome:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(None), args=ARGUMENTS, chromium_sandbox=not is_root()
        )
        for _ in range(ROUNDS):
            with world([["jd"]], _fill) as here:
                await _sync(here, chrome, dry_run=True)
                (merchant,) = here.box.state.merchants
                shop = merchant.shops["jd"]
                service = next(order.service for order in shop.orders if order.ours)
                address, office = sites(here.settings)["jd"].order_list, here.box.backoffice_filing_url
                with Cost() as cost:
                    account = minimal.Look(stored_session(here, merchant.id, "jd"), address, "", office)
                    await minimal.work(browser, account, service, shop.name)
                theirs.append(cost)
                _check_done(here)
            with world([["jd"]], _fill) as here:
                await _sync(here, chrome, dry_run=True)
                with Cost() as cost:
                    await _sync(here, chrome)
                ours.append(cost)
                _check_done(here)
        await browser.close()
    return {"orders confirmed": _CONFIRMS, "orders filed": _FILINGS, **beside(ours, theirs)}


def _fill(box: Sandbox) -> None:
    (merchant,) = box.state.merchants
    shop = merchant.shops["jd"]
    sample = next(order for order in shop.orders if order.ours)
    merchant.filings.clear()
    shop.orders[:] = [
        replace(
            sample,
            key=f"c{number:012x}",
            number=f"{31000000000 + number}",
            ordered_at=sample.ordered_at - timedelta(days=1, minutes=number),
            status=AWAITING if number < _CONFIRMS else COMPLETED,
            initial_status=AWAITING if number < _CONFIRMS else COMPLETED,
        )
        for number in range(_FILINGS)
    ]


async def _sync(here: World, chrome: Chrome, *, dry_run: bool = False) -> None:
    told = Silent()
    await run_sync(here.context(progress=told, chrome=chrome, dry_run=dry_run))
    all_well(told.reports)


def _check_done(here: World) -> None:
    """Raises RuntimeError where anything was left out, or done twice: then nothing was measured."""
    done = Counter((e["kind"], e["order_no"]) for e in here.ask(Sandbox.truth)["log"] if e["applied"])
    if {*done.values()} != {1} or len(done) != _CONFIRMS + _FILINGS:
        raise RuntimeError(f"not what was to be done: {done}")
