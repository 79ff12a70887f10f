"""A log-in that was sent and did not lead inside is sent by no later run, in whatever way the site refused it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain.accounts import AccountKey, SiteId
from agent.domain.errors import AccountError
from agent.domain.merchants import Account, Credentials, Edition, Merchant
from agent.flows.session.access import access_of
from agent.flows.session.login_attempts import LoginAttempts
from agent.flows.session.session import Session
from agent.flows.session.session_store import SessionStore
from agent.flows.steps.lookup import look_up_orders
from agent.ledger import Ledger
from agent.pages.live.page import LivePage
from agent.settings import Settings
from agent.sites import Site
from tests.fixtures.ledgers import put_ledger
from tests.flows.home import Clock, Home

FORM = """<!doctype html><meta charset=utf-8><title>商家登录</title><h2>商家登录</h2>{said}
<form method=post action="/login"{on}><p><label>账号 <input name=account></label>
<p><label>密码 <input type=password name=password></label><p><button>登录</button></form><script>{script}</script>"""
BY_SCRIPT = """document.forms[0].onsubmit = event => { event.preventDefault(); fetch('/login', {method: 'POST'})
.then(answer => answer.text()).then(said => { %s }) }"""
TOAST = """const d = document.createElement('div'); d.textContent = '登录信息有误'; d.style.cssText =
'position:fixed;top:20px;left:40%'; document.body.append(d); setTimeout(() => d.remove(), 1500)"""
ORDERS = """<!doctype html><meta charset=utf-8><table><tr><th>订单编号<th>订购时间<th>服务名称<th>实付金额<th>状态
<th>操作<tr><td>339100000000001<td>2026-06-18 21:39:35<td>网店管家J系列<td>62.80<td>交易成功<td>--</table><p>共1条"""


def form(text: str = "", script: str = "") -> str:
    return FORM.format(said=f"<p>{text}</p>" if text else "", on="", script=script)


def by_script(then: str) -> str:
    return form(script=BY_SCRIPT % then)


class Way:
    """How a site answers a log-in. `page` is its log-in page; the answer is a status, a body and where it leads."""

    def __init__(self, page: str = "", *, status: int = 200, body: str = "", to: str = "", back: str = "") -> None:
        self.page, self.status, self.body, self.to, self.back = page or form(), status, body, to, back


WAYS = {
    "words that nobody knows": (Way(body=form("登录信息有误")), "bad_password"),
    "words of no kind": (Way(body=form("您提供的资料未通过核对")), "login_refused"),
    "English": (Way(body=form("We couldn't recognise those sign-in details")), "login_refused"),
    "the known English": (Way(body=form("Invalid username or password")), "bad_password"),
    "a toast that vanishes": (Way(by_script(TOAST)), "bad_password"),
    "an alert": (Way(by_script("alert('资料核对未通过')")), "login_refused"),
    "a form that shakes": (Way(by_script("document.forms[0].style.marginLeft = '4px'")), "page_changed"),
    "data alone": (Way(by_script("0"), body='{"code": 1001, "msg": "密码错误"}'), "bad_password"),
    "a status alone": (Way(by_script("0"), status=401, body="{}"), "bad_password"),
    "the form once more": (Way(body=form()), "page_changed"),
    "a way back": (Way(status=302, to="/login?err=1"), "page_changed"),
    "a page of errors": (Way(status=302, to="/error"), "session_expired"),
    "a page of errors for everything": (Way(status=302, to="/error", back="/error"), "page_changed"),
    "a greeting that is none": (Way(status=302, to="/hello"), "session_expired"),
    "trouble with the account": (Way(body=form("系统繁忙，账号校验未通过")), "login_refused"),
}


class Server:
    """One site. `inside` lets everybody in; `posts` counts the log-ins; while `mute` a log-in gets no answer."""

    def __init__(self) -> None:
        self.way, self.posts, self.inside, self.url = Way(), 0, False, ""
        self.mute, self.sent = threading.Event(), threading.Event()
        self.mute.set()

    def get(self, path: str) -> tuple[int, str, str]:
        if path == "/login":
            return 200, self.way.page, ""
        if path == "/orders":
            return (200, ORDERS, "") if self.inside else (302, "", self.way.back or "/login")
        return 200, "<!doctype html><meta charset=utf-8><h2>稍等片刻</h2><p>页面走丢了", ""

    def post(self) -> tuple[int, str, str]:
        self.posts += 1
        self.sent.set()
        self.mute.wait(20)
        way = self.way
        return (302, "", "/orders") if self.inside else (way.status, way.body, way.to)


@pytest.fixture
def server() -> Iterator[Server]:
    site = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(*site.get(self.path.partition("?")[0]))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer(*site.post())

        def _answer(self, status: int, body: str, to: str) -> None:
            sent = body.encode()
            try:
                self.send_response(status)
                if to:
                    self.send_header("Location", to)
                self.send_header(
                    "Content-Type", f"{'application/json' if body[:1] == '{' else 'text/html'}; charset=utf-8"
                )
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)
            except OSError:
                return  # the browser has gone

        def log_message(self, *_: object) -> None:
            return

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    site.url = f"http://127.0.0.1:{running.server_port}"
    yield site
    site.mute.set()
    running.shutdown()
    running.server_close()


class Runs:
    """Runs of one account, each with a window of its own, that share nothing but the ledger."""

    def __init__(self, folder: Path, server: Server) -> None:
        put_ledger(folder)
        self.ledger = Ledger.open(Settings(data_dir=folder), Clock(date(2026, 11, 23)))
        self.login = Credentials("demo", SecretStr("demo-pass"))
        services = ("网店管家J系列",)
        self.site = Site(
            SiteId("market"), "某市场", f"{server.url}/login", f"{server.url}/orders", services, None, "淘宝"
        )
        self.register()

    def register(self) -> None:
        account = Account(AccountKey("m1", "market"), self.login)
        with self.ledger.begin() as tx:
            tx.merchants.save([Merchant("m1", "锦绣家居", Edition.CLOUD, self.login, None, (account,))])

    async def run(self) -> str:
        assert Home.chrome is not None
        access = access_of(self.site, Account(AccountKey("m1", "market"), self.login))
        async with Home.chrome.page() as page:
            with self.ledger.begin() as tx:
                session_store = SessionStore(
                    self.ledger, tx.runs.start(dry_run=False, started_by="test"), AccountKey("m1", "market"), access
                )
            session = Session(LivePage(page), access, login_attempts=LoginAttempts(), session_store=session_store)
            try:
                await look_up_orders(session, self.site, None)
            except AccountError as error:
                return error.reason
            await session.keep()
            return "in"


@pytest.fixture
async def runs(tmp_path: Path, server: Server) -> AsyncIterator[Runs]:
    made = Runs(tmp_path, server)
    yield made
    made.ledger.close()


@pytest.mark.parametrize("name", WAYS)
async def test_a_refusal_of_any_kind_is_sent_once(runs: Runs, server: Server, name: str) -> None:
    server.way, reason = WAYS[name]
    told = [await runs.run() for _ in range(2)]
    assert server.posts == 1
    assert told[0] == reason
    assert set(told[1:]) == {reason if reason == "bad_password" else "login_refused"}


async def test_an_import_says_anew_what_the_log_in_is(runs: Runs, server: Server) -> None:
    server.way = WAYS["words of no kind"][0]
    assert [await runs.run(), await runs.run()] == ["login_refused", "login_refused"]
    server.inside = True
    assert await runs.run() == "login_refused"
    runs.register()
    assert (await runs.run(), server.posts) == ("in", 2)


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_site_in_trouble_is_tried_by_every_run(runs: Runs, server: Server, status: int) -> None:
    server.way = Way(status=status, body=form("系统繁忙"))
    assert [await runs.run() for _ in range(4)] == ["site_unavailable"] * 4
    assert server.posts == 4


async def test_a_site_that_only_says_that_it_is_busy_is_believed_three_times(runs: Runs, server: Server) -> None:
    server.way = Way(body=form("系统繁忙，请稍后再试"))
    assert [await runs.run() for _ in range(5)] == ["site_unavailable"] * 3 + ["login_refused"] * 2
    assert server.posts == 3


async def test_a_run_that_is_killed_once_its_log_in_was_sent_is_followed_by_one_more(
    runs: Runs, server: Server
) -> None:
    server.mute.clear()
    await killed(runs, server)
    await killed(runs, server)
    assert (await runs.run(), server.posts) == ("login_refused", 2)


async def test_a_log_in_that_leads_inside_follows_a_run_that_was_killed(runs: Runs, server: Server) -> None:
    server.inside = True
    server.mute.clear()
    await killed(runs, server)
    server.mute.set()
    assert (await runs.run(), server.posts) == ("in", 2)


async def killed(runs: Runs, server: Server) -> None:
    """A run that ends once the site has the log-in, before it has answered."""
    server.sent.clear()
    running = asyncio.ensure_future(runs.run())
    await asyncio.to_thread(server.sent.wait, 30)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
