"""One merchant with twelve accounts, living sessions and nothing to do: so many at a time, against the script.

Two of the platforms are gone, and only the back office knows of them. Every answer of the sites takes 100 ms; the
accounts are looked at in brief, as on most days. The script reads the same pages one after another.
"""

from functools import partial
from statistics import median

from playwright.async_api import async_playwright

from agent.browser import ARGUMENTS, Chrome, find_browser, open_chrome
from agent.flows.runs.sync import run_sync
from agent.sandbox import leave_nothing_to_do
from benchmarks import minimal
from benchmarks.many import LATENCY, PLATFORMS, delay, looks_of
from benchmarks.world import Cost, Figures, Silent, World, all_well, is_root, world

ROUNDS = 3
GONE = ["paipai", "yhd"]
ACCOUNTS = len(PLATFORMS) + len(GONE)


async def of_one_merchant(at_a_time: tuple[int, ...] = (1, 4, 8)) -> Figures:
    """Accounts a minute: medians of three rounds of each, which take turns."""
    script: list[Cost] = []
    ours: dict[int, list[Cost]] = {n: [] for n in at_a_time}
    with world([[*PLATFORMS, *GONE]], leave_nothing_to_do) as here:
        async with async_playwright() as playwright, open_chrome(None, headless=True) as chrome:
            browser = await playwright.chromium.launch(
                executable_path=find_browser(None), args=ARGUMENTS, chromium_sandbox=not is_root()
            )
            for _ in range(2):  # opens the sessions, and leaves nothing to do
                await run_sync(here.context(chrome=chrome))
            here.ask(partial(delay, LATENCY))
            looks = await looks_of(here, browser)
            for _ in range(ROUNDS):
                with Cost() as cost:
                    for look in looks:
                        await minimal.look_at(browser, look)
                    for _ in GONE:
                        await minimal.look_at_office(browser, looks[0])
                script.append(cost)
                for n in at_a_time:
                    with Cost() as cost:
                        await _sync(here, chrome, n)
                    ours[n].append(cost)
            await browser.close()
    return _figures(script, ours)


async def _sync(here: World, chrome: Chrome, at_a_time: int) -> None:
    told = Silent()
    await run_sync(here.context(progress=told, chrome=chrome, concurrency=at_a_time, brief=True))
    all_well(told.reports)
    if len(told.reports) != ACCOUNTS:
        raise RuntimeError(f"{len(told.reports)} accounts of {ACCOUNTS}")


def _figures(script: list[Cost], ours: dict[int, list[Cost]]) -> Figures:
    one_by_one = median(c.wall for c in script)
    told: Figures = {
        "accounts": ACCOUNTS,
        "script, one by one: accounts a minute": round(60 * ACCOUNTS / one_by_one, 1),
    }
    for n, costs in ours.items():
        wall = median(c.wall for c in costs)
        told[f"{n} at a time: accounts a minute"] = round(60 * ACCOUNTS / wall, 1)
        told[f"{n} at a time: times the script"] = round(one_by_one / wall, 2)
        told[f"{n} at a time: CPU seconds an account"] = round(median(c.cpu for c in costs) / ACCOUNTS, 2)
    return told
