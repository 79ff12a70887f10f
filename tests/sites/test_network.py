"""Which hosts an account's browser may talk to, and that a browser keeps to it."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import Error

from agent.browser import Chrome, find_browser, open_chrome
from agent.pages.live.page import LivePage
from agent.sites import BUILT_IN, Site
from agent.sites.network import Network
from tests.pages.shop import open_shop

TAOBAO = Network.of(["https://fuwu.taobao.com/ser/x.htm"], ["alicdn.com"])


@pytest.mark.parametrize(
    "address",
    [
        "https://fuwu.taobao.com/", "https://h5api.m.taobao.com/h5/?x=1", "https://taobao.com", "http://TAOBAO.com:8080/",
        "https://g.alicdn.com/a.js", "https://taobao.com./", "data:image/png;base64,AA", "about:blank", "blob:https://x/1",
    ],
)  # fmt: skip
def test_its_own_domains_and_those_that_it_needs_are_allowed(address: str) -> None:
    assert TAOBAO.allows(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://login.taobao.com.evil.example/", "https://evil.example/?taobao.com", "https://eviltaobao.com/",
        "https://taobao.com@evil.example/", "https://taobao.com:x@evil.example/", "https://xn--tobao-3ve.com/",
        "http://127.0.0.1/", "http://localhost:9/", "https://evil.example/#taobao.com", "https://taobao.com.cn/",
        "https://evil.example\\.taobao.com@x/",
    ],
)  # fmt: skip
def test_look_alikes_are_not(address: str) -> None:
    assert not TAOBAO.allows(address)


def test_a_site_on_this_machine_may_use_all_of_it_and_nothing_else() -> None:
    local = Network.of(["http://127.0.0.1:8801/login"])
    allowed = ("http://localhost:9000/a", "http://127.0.0.1/x", "http://[::1]:8/")
    assert [local.allows(a) for a in allowed] == [True] * 3
    assert not local.allows("https://cdn.example/x.js")


def test_names_below_a_public_suffix_are_taken_whole() -> None:
    shop = Network.of(["https://a.shop.com.cn/login"])
    assert (shop.allows("https://b.shop.com.cn/"), shop.allows("https://other.com.cn/")) == (True, False)


@given(st.from_regex(r"[a-z0-9-]{1,12}(\.[a-z0-9-]{1,12}){0,3}", fullmatch=True))
def test_no_other_host_is_allowed(host: str) -> None:
    ours = host == "taobao.com" or host.endswith((".taobao.com", ".alicdn.com")) or host == "alicdn.com"
    assert TAOBAO.allows(f"https://{host}/x") is ours


@pytest.mark.parametrize("site", [s for s in BUILT_IN.values() if not s.gone], ids=lambda s: s.id)
def test_every_platform_may_reach_its_own_pages_and_log_in_hosts(site: Site) -> None:
    network = Network.of((site.login_url, site.orders_url), (*site.login_hosts, *site.network))
    own = [site.login_url, *(f"https://{h}/" for h in site.login_hosts)]
    assert all(network.allows(address) for address in own)


BROWSERS = {found for headless in (True, False) if (found := find_browser(None, headless=headless))}


@pytest_asyncio.fixture(scope="module", params=sorted(BROWSERS), ids=lambda path: path.name)
async def chrome(request: pytest.FixtureRequest) -> AsyncIterator[Chrome]:
    """A headless shell as well as a full browser, where both are there: each is kept to the proxy in its own way."""
    async with open_chrome(request.param, headless=True) as running:
        yield running


WAYS = {
    "a request": "fetch(there, {mode: 'no-cors'}).finally(done)",
    "a request that asks before": "fetch(there, {method: 'POST', headers: {'X-Own': '1'}}).finally(done)",
    "a redirect": "fetch('/away', {mode: 'no-cors'}).finally(done)",
    "a picture": "const image = new Image(); image.onload = image.onerror = done; image.src = there",
    "a WebSocket": "const ws = new WebSocket(there.replace('http', 'ws')); ws.onopen = ws.onerror = done",
    "a worker": """
        const code = `fetch("${there}", {mode: "no-cors"}).finally(() => postMessage(1))`;
        new Worker(URL.createObjectURL(new Blob([code]))).onmessage = done""",
}


@pytest.mark.parametrize("way", WAYS)
async def test_there_is_no_way_to_a_host_that_is_not_listed(way: str, chrome: Chrome) -> None:
    async with open_shop() as shop, open_shop() as stranger:
        shop.html = stranger.html = "<!doctype html><p>a page"
        shop.away = stranger.url.replace("127.0.0.1", "localhost")
        go = f"there => new Promise(over => {{ const done = () => over(); {WAYS[way]} }}).catch(() => 0)"
        listed: Callable[[str], bool] = Network(frozenset({"127.0.0.1"})).allows
        for allows, reached in ((listed, False), (lambda _: True, True)):
            async with chrome.page(allows=allows) as page:
                live = LivePage(page, allows)
                await live.open(shop.url)
                await page.evaluate(go, shop.away)
                assert (stranger.asked != []) is reached
                assert reached or [e for e in live.traffic.exchanges if e.lost] == []


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_no_page_of_a_host_that_is_not_listed_opens(scheme: str, chrome: Chrome) -> None:
    async with open_shop() as stranger, chrome.page(allows=Network(frozenset({"127.0.0.1"})).allows) as page:
        stranger.html = "<!doctype html><p>a stranger's page"
        with suppress(Error):  # a full Chrome says by it that nothing came, a headless shell by an empty page
            await page.goto(f"{scheme}://localhost:{stranger.port}/")
        assert stranger.asked == []
        assert "stranger" not in await page.inner_text("body")


GATHER = """async port => {
    const pc = new RTCPeerConnection({iceServers: [{urls: `stun:127.0.0.1:${port}`}]});
    pc.createDataChannel("x");
    const complete = () => pc.iceGatheringState === "complete";
    const over = new Promise(done => pc.onicegatheringstatechange = () => complete() && done());
    await pc.setLocalDescription(await pc.createOffer());
    await over;
}"""


async def test_a_call_between_browsers_is_no_way_out_either(chrome: Chrome) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.setblocking(False)
        async with chrome.page() as page:
            await page.evaluate(GATHER, stranger.getsockname()[1])
        with pytest.raises(BlockingIOError):
            stranger.recv(100)
