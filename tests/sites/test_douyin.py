"""抖店's own habits: one page for every address, a session only with a shop, a captcha frame that is always there."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import Page

from agent.domain.challenges import ChallengeKind
from agent.domain.login_errors import WrongShop
from agent.domain.shop_names import ShopName
from agent.flows.session.shop_selection import choose_shop
from agent.pages.inference.challenges import challenge
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot
from agent.sandbox import Sandbox
from agent.sandbox.core.codes import inbox
from agent.sandbox.core.model import Login
from agent.sandbox.samples.trades import TRADES
from tests.support.puzzle import solve

LOGIN, ORDERS_PATH = TRADES["douyin"].login_path, TRADES["douyin"].orders_path
INFO = "/douyin/center/qualification/shop/info"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(shops=[["douyin"]]) as running:
        yield running


@pytest.fixture
def login(box: Sandbox) -> Login:
    return box.state.merchants[0].shops["douyin"].login


@pytest.fixture
def client(box: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box.url, trust_env=False) as one:
        yield one


def prove(client: httpx.Client, login: Login) -> str:
    """The ticket with which a shop can be chosen."""
    answer = client.post("/douyin/passport/email/login", data={"email": login.username, "password": login.password})
    ticket: str = answer.json()["data"]["ticket"]
    return ticket


def choose(client: httpx.Client, ticket: str, place: str = "1") -> int:
    code: int = client.post("/douyin/passport/shop/choose", data={"ticket": ticket, "id": place}).json()["code"]
    return code


async def fill(page: Page, box: Sandbox, login: Login) -> None:
    await page.goto(box.url + LOGIN)
    await page.get_by_text("邮箱登录").click()
    await page.locator("input[name=email]").fill(login.username)
    await page.locator("input[type=password]").fill(login.password)


async def send(page: Page, box: Sandbox, login: Login) -> None:
    await fill(page, box, login)
    await page.locator("input.auxo-checkbox-input").check()
    await page.locator("button.account-center-action-button").click()


async def orders_of(page: Page, client: httpx.Client, box: Sandbox, login: Login) -> PageSnapshot:
    """The order list as the agent's eyes see it, with a session."""
    assert choose(client, prove(client, login)) == 0
    await page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"], "url": box.url}])
    live = LivePage(page)
    await live.open(box.url + ORDERS_PATH)
    return await live.settled(15.0, lambda v: page_state(v, ORDERS) is not PageState.NOTHING)


def test_a_session_begins_only_with_a_shop(client: httpx.Client, login: Login) -> None:
    ticket = prove(client, login)
    assert client.get(INFO).json()["code"] == 10008
    assert choose(client, ticket, "0") != 0
    assert login.ok == 0
    assert choose(client, ticket) == 0
    assert client.get(INFO).json() == {"code": 0, "msg": "success", "data": {"shop_name": "锦绣家居抖音店"}}


def test_a_code_from_the_mail_leads_to_the_shops_and_a_wrong_one_does_not(
    box: Sandbox, client: httpx.Client, login: Login
) -> None:
    box.faults.challenge = "sms"
    ticket = prove(client, login)
    assert choose(client, ticket) != 0
    (code,) = (message.digits for message in inbox(box.state))
    tried = [client.post("/douyin/passport/email/verify", data={"ticket": ticket, "code": c}) for c in ("1", code)]
    assert [answer.json()["code"] for answer in tried] == [1203, 0]
    assert choose(client, tried[1].json()["data"]["ticket"]) == 0


def test_the_data_is_in_fen_with_numbers_of_19_digits(client: httpx.Client, box: Sandbox, login: Login) -> None:
    choose(client, prove(client, login))
    told = client.get("/douyin/api/order/list").json()["data"]["list"]
    orders = box.state.merchants[0].shops["douyin"].orders
    assert [o["pay_amount"] for o in told] == [int(order.amount * 100) for order in orders]
    assert {len(o["order_id"]) for o in told} == {19}
    assert "待用户确认" in {o["status_text"] for o in told}


async def test_the_terms_have_to_be_agreed_to(page: Page, box: Sandbox, login: Login) -> None:
    await fill(page, box, login)
    await page.locator("button.account-center-action-button").click()
    await page.get_by_text("请先勾选同意协议").wait_for()
    assert (login.ok, login.bad) == (0, 0)
    await page.locator("input.auxo-checkbox-input").check()
    await page.locator("button.account-center-action-button").click()
    await page.get_by_text("请选择店铺").wait_for()
    assert page.url == box.url + LOGIN


async def test_no_other_shop_is_chosen(page: Page, box: Sandbox, login: Login) -> None:
    await send(page, box, login)
    await page.get_by_text("请选择店铺").wait_for()
    with pytest.raises(WrongShop, match="锦绣家居抖音店"):
        await choose_shop(LivePage(page), "抖音", ShopName("锦绣家居"))
    assert login.ok == 0
    await choose_shop(LivePage(page), "抖音", ShopName("锦绣家居抖音店"))
    assert login.ok == 1


async def test_the_captcha_frame_counts_only_once_it_is_drawn(page: Page, box: Sandbox, login: Login) -> None:
    box.faults.challenge = "slider"
    await fill(page, box, login)
    live, frame = LivePage(page), page.locator("iframe[src*=captcha]")
    kept = await frame.bounding_box()
    assert kept
    assert (kept["width"], kept["height"]) == (300, 150)
    assert challenge(await live.settled()) is None
    await page.locator("input.auxo-checkbox-input").check()
    await page.locator("button.account-center-action-button").click()
    assert challenge(await live.settled(10.0, lambda v: challenge(v) is not None)) is ChallengeKind.SLIDER
    await solve(page)
    await page.get_by_text("请选择店铺").wait_for()


async def test_the_log_in_form_comes_up_in_the_place_of_the_orders(page: Page, box: Sandbox) -> None:
    live = LivePage(page)
    await live.open(box.url + ORDERS_PATH)
    snapshot = await live.settled(15.0, lambda v: page_state(v, ORDERS) is not PageState.NOTHING)
    assert page_state(snapshot, ORDERS) is PageState.LOGIN
    assert page.url == box.url + ORDERS_PATH


@pytest.mark.parametrize(("fault", "shows"), [("empty", PageState.EMPTY), ("broken_list", PageState.ERROR)])
async def test_a_list_without_orders_says_why(
    page: Page, client: httpx.Client, box: Sandbox, login: Login, fault: str, shows: PageState
) -> None:
    setattr(box.faults, fault, True)
    assert page_state(await orders_of(page, client, box, login), ORDERS) is shows
