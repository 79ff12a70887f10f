"""微盟's own habits: a session lost in a 200, cards with amounts in 分, and a captcha frame far above the page."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import Page

from agent.domain.challenges import ChallengeKind
from agent.flows.steps.lookup import rules_of
from agent.pages.inference.challenges import challenge
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.inference.records import order_of
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot
from agent.sandbox import Sandbox
from agent.sandbox.core.codes import inbox
from agent.sandbox.core.model import Shop
from agent.sandbox.samples.trades import TRADES
from agent.sites.weimob import WEIMOB
from tests.support.puzzle import solve

LOGIN, ORDERS_PATH = TRADES["weimob"].login_path, TRADES["weimob"].orders_path
COOKIE = "O2O-online_osessionid"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(shops=[["weimob"]]) as running:
        yield running


@pytest.fixture
def shop(box: Sandbox) -> Shop:
    return box.state.merchants[0].shops["weimob"]


@pytest.fixture
def client(box: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box.url, trust_env=False, follow_redirects=True) as one:
        yield one


def log_in(client: httpx.Client, shop: Shop) -> str:
    """Where the log-in leads on to."""
    form = {"phone": shop.login.username, "pwd": shop.login.password}
    goto: str = client.post("/weimob/passport/login", data=form).json()["data"]["goto"]
    return goto


async def orders_of(page: Page, client: httpx.Client, box: Sandbox, shop: Shop) -> PageSnapshot:
    """The order list as the agent's eyes see it, with a session."""
    log_in(client, shop)
    await page.context.add_cookies([{"name": COOKIE, "value": client.cookies[COOKIE], "url": box.url}])
    return await at_orders(page, box)


async def at_orders(page: Page, box: Sandbox) -> PageSnapshot:
    live = LivePage(page)
    await live.open(box.url + ORDERS_PATH)
    return await live.settled(15.0, lambda v: page_state(v, ORDERS) is not PageState.NOTHING)


def test_what_goes_wrong_is_told_in_a_200(client: httpx.Client, box: Sandbox, shop: Shop) -> None:
    gone = client.get("/weimob/fuwu/api/order/list")
    assert (gone.status_code, gone.json()["code"], gone.json()["message"]) == (200, "-1", "请重新登录")
    log_in(client, shop)
    box.faults.broken_list = True
    broken = client.get("/weimob/fuwu/api/order/list")
    assert (broken.status_code, broken.json()["code"]) == (200, "500")


def test_a_code_is_asked_for_on_a_page_of_its_own(client: httpx.Client, box: Sandbox, shop: Shop) -> None:
    box.faults.challenge = "sms"
    goto = log_in(client, shop)
    (code,) = (message.digits for message in inbox(box.state))
    token = goto.partition("token=")[2]
    assert COOKIE not in client.cookies
    assert "短信验证码已发送" in client.get(goto).text
    assert "验证码错误" in client.post("/weimob/passport/verify", data={"token": token, "code": "000000"}).text
    assert shop.name in client.post("/weimob/passport/verify", data={"token": token, "code": code}).text


async def test_cards_are_read_as_orders(page: Page, client: httpx.Client, box: Sandbox, shop: Shop) -> None:
    snapshot = await orders_of(page, client, box, shop)
    located = find_list(snapshot, ORDERS)
    assert located
    read = [order_of(row, snapshot.address, rules_of(WEIMOB)) for row in located.parsed.rows]
    assert [(o.order_no, o.amount, o.service, o.service_code) for o in read] == [
        (o.number, o.amount, o.service, o.code) for o in shop.orders
    ]
    assert [o.ordered_at for o in read] == [o.ordered_at.replace(second=0) for o in shop.orders]


async def test_the_captcha_frame_counts_only_once_it_comes_down(page: Page, box: Sandbox, shop: Shop) -> None:
    box.faults.challenge = "slider"
    live = LivePage(page)
    await live.open(box.url + LOGIN)
    kept = await page.locator("#tcaptcha_iframe").bounding_box()
    assert kept
    assert (kept["width"], kept["height"]) == (360, 360)
    assert challenge(await live.settled()) is None
    await page.locator("#phone").fill(shop.login.username)
    await page.locator("#pwd").fill(shop.login.password)
    await page.locator(".login-btn").click()
    assert challenge(await live.settled(10.0, lambda v: challenge(v) is not None)) is ChallengeKind.SLIDER
    await solve(page)
    await page.get_by_text(shop.name).wait_for()


async def test_a_lost_session_is_told_where_the_cards_would_be(page: Page, box: Sandbox) -> None:
    snapshot = await at_orders(page, box)
    assert page_state(snapshot, ORDERS) is PageState.LOGIN
    assert page.url == box.url + ORDERS_PATH


@pytest.mark.parametrize(("fault", "shows"), [("empty", PageState.EMPTY), ("broken_list", PageState.ERROR)])
async def test_a_list_without_orders_says_why(
    page: Page, client: httpx.Client, box: Sandbox, shop: Shop, fault: str, shows: PageState
) -> None:
    setattr(box.faults, fault, True)
    assert page_state(await orders_of(page, client, box, shop), ORDERS) is shows
