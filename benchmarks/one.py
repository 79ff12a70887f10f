"""One account with a living session and nothing to do, against the script that somebody would write by hand."""

from playwright.async_api import async_playwright

from agent.browser import ARGUMENTS, Chrome, find_browser, open_chrome
from agent.flows.runs.sync import run_sync
from benchmarks import minimal
from benchmarks.world import Cost, Figures, Silent, World, all_well, beside, is_root, world

ROUNDS = 9


async def idle() -> Figures:
    """Medians of nine looks of each kind, which take turns; all have a browser that runs already."""
    with world([["weimob"]]) as here:
        (merchant,) = here.box.state.merchants
        office = "/newc/SelfService/Filing" if merchant.files else "/newc/Refund"
        async with async_playwright() as playwright, open_chrome(None, headless=True) as chrome:
            browser = await playwright.chromium.launch(
                executable_path=find_browser(None), args=ARGUMENTS, chromium_sandbox=not is_root()
            )
            state = await minimal.log_in(browser, here.box.url, merchant)
            for _ in range(3):  # until nothing is left to do
                await look(here, chrome)
            ours, brief, theirs = [], [], []
            for _ in range(ROUNDS):
                with Cost() as cost:
                    await minimal.look(browser, here.box.url, state, office)
                theirs.append(cost)
                with Cost() as cost:
                    await look(here, chrome)
                ours.append(cost)
                with Cost() as cost:
                    await look(here, chrome, brief=True)
                brief.append(cost)
            await browser.close()
    scheduled = {
        f"on schedule: {what}": figure for what, figure in beside(brief, theirs).items() if "script" not in what
    }
    return {**beside(ours, theirs), **scheduled}


async def look(here: World, chrome: Chrome, *, brief: bool = False) -> None:
    """One sync of all accounts; `brief` as the schedule does it, which ends where nothing has changed."""
    told = Silent()
    await run_sync(here.context(progress=told, chrome=chrome, brief=brief))
    all_well(told.reports)
