"""A password is typed on the site's own pages alone, wherever a log-in page may lead."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import pytest
from playwright.async_api import Route
from pydantic import SecretStr

from agent.browser import open_chrome
from agent.domain.accounts import AccountKey
from agent.domain.error_wording import explained
from agent.domain.login_errors import BadPassword, ForeignLogin
from agent.domain.merchants import Account, Credentials, Edition, Merchant
from agent.flows.session.access import SiteAccess, access_of, back_office_access
from agent.flows.session.login_attempts import LoginAttempts
from agent.flows.session.origins import origin_of, origins
from agent.flows.session.session import Session
from agent.pages.live.page import LivePage
from agent.sites import BUILT_IN, BackOffice

LOGIN = Credentials("demo", SecretStr("s3cret-pass"))
FORM = """<!doctype html><meta charset=utf-8><h1>登录</h1>
<form method=post action="/dologin"><p>账号 <input name=u><p>密码 <input type=password name=p>
<p><button>登录</button></form>"""
FRAMED = "<!doctype html><meta charset=utf-8><h1>商家中心</h1><iframe width=600 height=500 {}></iframe>"
WRONG = "<!doctype html><meta charset=utf-8><p>密码错误</p>" + FORM
Pages = dict[str, str]


@pytest.fixture
async def live() -> AsyncIterator[LivePage]:
    async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
        yield LivePage(page)


async def typed_on(
    live: LivePage, access: SiteAccess, pages: Pages
) -> tuple[list[str], ForeignLogin | BadPassword | None]:
    """Opens the door where the web consists of `pages`, by the beginning of their address, and no password is right.

    Gives the hosts that were sent one, and how it ended.
    """
    sent: list[str] = []

    async def answer(route: Route) -> None:
        asked = route.request
        if asked.method == "POST" and "s3cret" in (asked.post_data or ""):
            sent.append(asked.url.partition("/dologin")[0])
            await route.fulfill(body=WRONG, content_type="text/html")
            return
        body = next((b for start, b in pages.items() if asked.url.startswith(start)), None)
        if body is None:
            await route.fulfill(status=404)
        elif body.startswith("-> "):  # followed by the page itself: a redirect that was answered by hand would not be
            told = f"<script>location.href = '{body[3:]}'</script>"
            await route.fulfill(body=told, content_type="text/html")
        else:
            await route.fulfill(body=body, content_type="text/html")

    await live.raw.route("**/*", answer)
    try:
        await Session(live, access, login_attempts=LoginAttempts()).open("https://orders.example/")
    except (ForeignLogin, BadPassword) as error:
        return sent, error
    return sent, None


def access(platform: str) -> SiteAccess:
    return access_of(BUILT_IN[platform], Account(AccountKey("m1", platform), LOGIN, None))


def back_office(login_url: str) -> SiteAccess:
    merchant = Merchant("m1", "锦绣家居", Edition.CLOUD, LOGIN, None, ())
    return back_office_access(BackOffice("会员后台", login_url, "https://desk.example/filing", None), merchant)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://login.taobao.com.evil.example",
        "https://xn--login-taobao-6x3e.com",
        "https://login.taobao.com:8443",
        "http://login.taobao.com",
    ],
)
async def test_a_log_in_page_that_leads_to_another_origin_gets_nothing(live: LivePage, elsewhere: str) -> None:
    pages = {"https://login.taobao.com/": f"-> {elsewhere}/signin", f"{elsewhere}/": FORM}
    sent, error = await typed_on(live, access("taobao"), pages)
    assert isinstance(error, ForeignLogin)
    assert (sent, error.reason, error.outcome.value) == ([], "foreign_login", "failed")
    assert elsewhere in explained(error).text.en
    assert elsewhere in explained(error).text.zh
    boxes = await live.raw.locator("input").evaluate_all("boxes => boxes.map(b => b.value)")
    assert boxes == ["", ""]


async def test_a_form_in_a_frame_of_another_origin_gets_nothing(live: LivePage) -> None:
    framed = FRAMED.format("src='https://evil.example/signin'")
    pages = {"https://login.taobao.com/": framed, "https://evil.example/": FORM}
    sent, error = await typed_on(live, access("taobao"), pages)
    assert (sent, type(error)) == ([], ForeignLogin)


@pytest.mark.parametrize("how", ["srcdoc", "about:blank"])
async def test_a_frame_without_an_address_inside_a_foreign_one_is_foreign(live: LivePage, how: str) -> None:
    pages = {
        "https://login.taobao.com/": FRAMED.format("src='https://evil.example/signin'"),
        "https://evil.example/": without_address(how),
    }
    sent, error = await typed_on(live, access("taobao"), pages)
    assert (sent, type(error)) == ([], ForeignLogin)


@pytest.mark.parametrize("how", ["srcdoc", "about:blank"])
async def test_a_frame_without_an_address_is_part_of_the_page_around_it(live: LivePage, how: str) -> None:
    sent, error = await typed_on(live, access("taobao"), {"https://login.taobao.com/": without_address(how)})
    assert (sent, type(error)) == (["https://login.taobao.com"], BadPassword)


def without_address(how: str) -> str:
    """A page with its form in a frame that has no address of its own."""
    form = FORM.replace('"', "'").replace("\n", " ")
    if how == "srcdoc":
        return FRAMED.format(f'srcdoc="{form}"')
    written = f'const d = document.querySelector("iframe").contentDocument; d.write("{form}"); d.close()'
    return f"{FRAMED.format('')}<script>{written}</script>"


async def test_the_frame_that_the_platform_is_known_for_gets_it(live: LivePage) -> None:
    pages = {
        "https://passport.shop.jd.com/": FRAMED.format("src='https://passport.jd.com/common/loginPage'"),
        "https://passport.jd.com/": FORM,
    }
    sent, error = await typed_on(live, access("jd"), pages)
    assert (sent, type(error)) == (["https://passport.jd.com"], BadPassword)


async def test_the_back_office_has_its_own_pages_alone(live: LivePage) -> None:
    pages = {"https://desk.example/login": "-> https://evil.example/signin", "https://evil.example/": FORM}
    sent, error = await typed_on(live, back_office("https://desk.example/login"), pages)
    assert (sent, type(error)) == ([], ForeignLogin)


async def test_the_back_office_may_send_on_from_http_to_https(live: LivePage) -> None:
    pages = {"http://newc.wdgj.com/": "-> https://newc.wdgj.com/Account/Login", "https://newc.wdgj.com/": FORM}
    sent, error = await typed_on(live, back_office("http://newc.wdgj.com/Account/Login"), pages)
    assert (sent, type(error)) == (["https://newc.wdgj.com"], BadPassword)


class TestOrigins:
    @pytest.mark.parametrize(
        ("address", "origin"),
        [
            ("https://Login.Taobao.com/x?y#z", "https://login.taobao.com"),
            ("https://login.taobao.com:443/", "https://login.taobao.com"),
            ("http://127.0.0.1:8801/login", "http://127.0.0.1:8801"),
            ("http://[::1]:8801/", "http://[::1]:8801"),
            ("https://淘宝.example/", "https://xn--pbt173b.example"),
            ("https://login.taobao.com@evil.example/", None),
            ("https://demo@login.taobao.com/", None),
            ("https://login.taobao.com:x/", None),
            ("about:blank", None),
            ("data:text/html,x", None),
            ("blob:https://login.taobao.com/1", None),
            ("", None),
        ],
    )
    def test_are_scheme_host_and_port(self, address: str, origin: str | None) -> None:
        assert origin_of(address) == origin

    def test_are_those_of_the_settings_and_of_the_declaration(self) -> None:
        found = origins("https://a.example/in", ["https://b.example:8443/orders", None], ["c.example"])
        assert found == {"https://a.example", "https://b.example:8443", "https://c.example"}

    def test_plain_http_counts_where_the_log_in_page_is_so_itself(self) -> None:
        assert origins("http://a.example/in") == {"http://a.example", "https://a.example"}
        assert origins("https://a.example/in", ["http://b.example/"]) == {"https://a.example", "https://b.example"}
        assert origins("http://127.0.0.1:8801/in") == {"http://127.0.0.1:8801"}

    def test_a_platform_that_is_pointed_elsewhere_needs_no_declared_host(self) -> None:
        site = replace(BUILT_IN["jd"], login_url="http://127.0.0.1:8801/in", orders_url="http://127.0.0.1:8801/o")
        assert "http://127.0.0.1:8801" in access_of(site, Account(AccountKey("m1", "jd"), LOGIN, None)).trusted

    @pytest.mark.parametrize("platform", [p for p, site in BUILT_IN.items() if not site.gone])
    def test_every_platform_declares_the_host_of_its_own_log_in_page(self, platform: str) -> None:
        site = BUILT_IN[platform]
        assert origin_of(site.login_url) in {f"https://{host}" for host in site.login_hosts}


# one log-in, several merchants


@contextmanager
def slow_to_refuse() -> Iterator[tuple[str, list[str]]]:
    """The address of a site that thinks for half a second before it calls a password wrong, and what it was sent."""
    sent: list[str] = []
    busy = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(FORM)

        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            busy.wait(0.5)
            self._answer(WRONG)

        def _answer(self, body: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        server.server_close()


async def test_a_wrong_password_that_two_merchants_share_is_tried_once_also_at_the_same_moment() -> None:
    numbers = count(1)

    async def enter(session: Session) -> str:
        try:
            await session.open(f"{url}/orders{next(numbers)}")
        except BadPassword as error:
            return error.reason
        return "in"

    with slow_to_refuse() as (url, sent):
        async with open_chrome(None, headless=True) as chrome, chrome.page() as one, chrome.page() as two:
            shared, way = LoginAttempts(), SiteAccess("市场", f"{url}/login", LOGIN)
            both = (Session(LivePage(page), way, login_attempts=shared) for page in (one, two))
            ended = await asyncio.gather(*(enter(session) for session in both))
    assert ended == ["bad_password", "bad_password"]
    assert len(sent) == 1
