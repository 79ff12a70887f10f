"""Which hosts an account's browser may talk to, and that a browser keeps to it."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import Error, Page

from agent.browser import Chrome, open_chrome
from agent.pages.window import Window
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


@pytest_asyncio.fixture(scope="module")
async def chrome() -> AsyncIterator[Chrome]:
    async with open_chrome(None, headless=True) as running:
        yield running


PAGE = """<!doctype html><p>here</p>
<script>
  const seen = [];
  for (const host of ["localhost", "elsewhere.test"])
    fetch(`http://${host}:${location.port}/data`, {mode: "no-cors"})
      .then(() => seen.push(host), () => seen.push("no " + host));
</script>"""


async def asked(page: Page) -> list[str]:
    await page.wait_for_function("seen.length === 2")
    found: list[str] = sorted(await page.evaluate("seen"))
    return found


async def test_no_redirect_and_no_socket_leads_elsewhere() -> None:
    async with open_shop() as shop:
        shop.html = "<!doctype html><p>elsewhere"
        here = Network(frozenset({"127.0.0.1"}))
        async with open_chrome(None, headless=True, hosts=here.hosts) as chrome, chrome.page() as page:
            await page.goto(shop.url)
            for asked in (f"fetch('http://localhost:{shop.port}/', {{mode: 'no-cors'}})", _socket(shop.port)):
                with pytest.raises(Error):
                    await page.evaluate(asked)
            with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
                await page.goto(f"http://localhost:{shop.port}/")


def _socket(port: int) -> str:
    return (
        f"new Promise((done, failed) => {{ const s = new WebSocket('ws://localhost:{port}/');"
        " s.onopen = done; s.onerror = () => failed(new Error('no')); })"
    )


async def test_a_browser_asks_no_host_that_is_not_listed(chrome: Chrome) -> None:
    async with open_shop() as shop:
        shop.html = PAGE
        network = Network.of([shop.url])
        async with chrome.page(forbidden=network.forbidden) as page:
            window = Window(page)
            await window.open(shop.url)
            assert await asked(page) == ["localhost", "no elsewhere.test"]
            lost = Counter(e.lost for e in window.traffic.exchanges)
            assert lost[True] == 0  # what we have blocked ourselves is no trouble of the site's
