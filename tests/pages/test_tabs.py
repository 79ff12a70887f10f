"""Tabs that a page opens, which the browser knows of long before a site has answered to them."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from agent.pages.live.page import LivePage
from agent.pages.live.tabs import Tabs, tabs_of
from tests.pages.mall import Mall, open_mall

OPENS = "<!doctype html><button onclick=\"window.open('/order')\">open</button>"
CLOSES = "const tab = window.open('/order'); setTimeout(() => tab.close(), 50)"
PAGES = {
    "/": OPENS,
    "/link": '<!doctype html><a href="/order" target="_blank" rel="noopener"><button>open</button></a>',
    "/frame": '<!doctype html><iframe src="http://localhost:PORT/" width="600" height="300"></iframe>',
    "/closes": f'<!doctype html><button onclick="{CLOSES}">open</button>',
    "/five": "<!doctype html><button onclick=\"for (let i = 0; i < 5; i++) window.open('/?' + i)\">open</button>",
    "/nothing": "<!doctype html><button>open</button>",
    "/order": "<!doctype html><p>the order",
}


@pytest_asyncio.fixture
async def mall() -> AsyncIterator[Mall]:
    """A site that does not answer to the order's page yet."""
    async with open_mall(dict(PAGES)) as running:
        running.pages["/frame"] = PAGES["/frame"].replace("PORT", str(running.port))
        running.held["/order"] = asyncio.Event()
        yield running
        running.held["/order"].set()


async def pressed(live: LivePage, address: str) -> None:
    """Open a page, and press the only button on it."""
    await live.open(address)
    snapshot = await live.settled(3.0)
    part, node = next((p, n) for p in snapshot.parts for n in p.shot.nodes if n.tag == "button")
    await live.click(part, node)
    await live.settled(3.0)


async def is_waited_for(tabs: Tabs, mall: Mall) -> bool:
    """Whether the tab is waited for that the site has not answered to, and is there once it has."""
    waiting = asyncio.ensure_future(tabs.arrived())
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    mall.held["/order"].set()
    [tab] = await waiting
    return not done and [n.text for n in (await tab.settled(3.0)).texts()] == ["the order"]


async def test_a_window_is_waited_for_until_the_site_has_answered(live: LivePage, mall: Mall) -> None:
    async with tabs_of(live) as tabs:
        await pressed(live, f"{mall.url}/")
        assert tabs.open == []
        assert await is_waited_for(tabs, mall)


async def test_so_is_the_tab_of_a_link_that_has_no_opener(live: LivePage, mall: Mall) -> None:
    async with tabs_of(live) as tabs:
        await pressed(live, f"{mall.url}/link")
        assert await is_waited_for(tabs, mall)


async def test_so_is_a_tab_that_a_frame_of_another_site_has_opened(live: LivePage, mall: Mall) -> None:
    async with tabs_of(live) as tabs:
        await pressed(live, f"{mall.url}/frame")
        assert await is_waited_for(tabs, mall)


async def test_a_tab_that_closes_before_it_has_come_is_not_waited_for(live: LivePage, mall: Mall) -> None:
    async with tabs_of(live) as tabs, asyncio.timeout(5.0):
        await pressed(live, f"{mall.url}/closes")
        assert await tabs.arrived() == []


async def test_nothing_is_waited_for_where_nothing_was_opened(live: LivePage, mall: Mall) -> None:
    async with tabs_of(live) as tabs, asyncio.timeout(5.0):
        await pressed(live, f"{mall.url}/nothing")
        assert await tabs.arrived() == []


async def test_tabs_of_others_who_share_the_browser_are_not_waited_for(
    browser: Browser, live: LivePage, mall: Mall
) -> None:
    context = await browser.new_context()
    try:
        async with tabs_of(live) as tabs, asyncio.timeout(15.0):
            await pressed(LivePage(await context.new_page()), f"{mall.url}/")
            assert await tabs.arrived() == []
    finally:
        await context.close()


async def test_tabs_are_closed_at_the_end_and_too_many_at_once(live: LivePage, mall: Mall) -> None:
    async with tabs_of(live) as tabs:
        await pressed(live, f"{mall.url}/five")
        assert 0 < len(await tabs.arrived()) <= 3
    assert live.raw.context.pages == [live.raw]


async def test_a_tab_that_never_came_is_closed_too(live: LivePage, mall: Mall) -> None:
    async with tabs_of(live):
        await pressed(live, f"{mall.url}/")
    session = await live.raw.context.new_cdp_session(live.raw)
    own = (await session.send("Target.getTargetInfo"))["targetInfo"]
    told = (await session.send("Target.getTargets"))["targetInfos"]
    alike = [t for t in told if (t["type"], t["browserContextId"]) == ("page", own["browserContextId"])]
    assert [t["targetId"] for t in alike] == [own["targetId"]]
