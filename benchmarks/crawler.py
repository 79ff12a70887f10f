"""The same looks by a crawler of Crawlee, which opens several pages at a time (`pip install "crawlee[playwright]"`)."""

import json
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec

from playwright.async_api import BrowserContext

from agent.browser import ARGUMENTS, find_browser
from agent.browser.storage_state import StorageState
from benchmarks import minimal
from benchmarks.world import Cost, cpu_seconds, is_root

_LOCAL = """(kept => kept.forEach(each => {
    if (each.origin === location.origin) each.localStorage.forEach(item => localStorage.setItem(item.name, item.value));
}))"""


def is_there() -> bool:
    """True where Crawlee is installed; it is no part of the development lock."""
    return find_spec("crawlee") is not None


async def crawl(looks: Sequence[minimal.Look], at_once: int) -> Cost:
    """Looks at all of them. Raises RuntimeError where one failed."""
    from crawlee import ConcurrencySettings, Request
    from crawlee.crawlers import PlaywrightCrawler, PlaywrightCrawlingContext, PlaywrightPreNavCrawlingContext
    from crawlee.storage_clients import MemoryStorageClient

    crawler = PlaywrightCrawler(
        browser_type="chromium",
        headless=True,
        use_incognito_pages=True,
        use_session_pool=False,  # its sessions would carry the cookies of one account into another's page
        fingerprint_generator=None,
        browser_launch_options={
            "executable_path": str(find_browser(None)),
            "args": [*ARGUMENTS],
            "chromium_sandbox": not is_root(),
        },
        browser_new_context_options={"viewport": {"width": 2000, "height": 1800}},
        concurrency_settings=ConcurrencySettings(
            min_concurrency=at_once, desired_concurrency=at_once, max_concurrency=at_once
        ),
        request_handler_timeout=timedelta(minutes=2),
        storage_client=MemoryStorageClient(),
        configure_logging=False,
    )
    seen, used = list[int](), list[float]()

    async def restore(context: PlaywrightPreNavCrawlingContext) -> None:
        await _restore(context.page.context, looks[int(context.request.unique_key)].stored)

    async def look(context: PlaywrightCrawlingContext) -> None:
        number = int(context.request.unique_key)
        await minimal.read_both(context.page, looks[number].number, looks[number].office)
        seen.append(number)
        used.append(cpu_seconds())

    crawler.pre_navigation_hook(restore)
    crawler.router.default_handler(look)
    before = cpu_seconds()
    with Cost() as cost:
        await crawler.run([Request.from_url(each.address, unique_key=str(n)) for n, each in enumerate(looks)])
    if len({*seen}) != len(looks):
        raise RuntimeError(f"Crawlee looked at {len({*seen})} of {len(looks)}")
    cost.cpu = used[-1] - before  # what the browser has used cannot be asked for any more once it is closed
    return cost


async def _restore(context: BrowserContext, stored: StorageState) -> None:
    await context.add_cookies(stored.shared["cookies"])  # type: ignore[arg-type]
    await context.add_init_script(f"{_LOCAL}({json.dumps(stored.shared['origins'])})")
    await stored.put_into(context)
