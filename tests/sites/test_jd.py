"""京东's own habits: a form in a frame behind a tab, an address that stays for a moment, reads that are POSTs."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page

from agent.domain.errors import Outcome
from agent.domain.orders import OrderStatus
from agent.sandbox import Sandbox
from agent.sandbox.core.model import WRONG_PASSWORDS_ALLOWED
from agent.sandbox.samples.trades import TRADES
from tests.flows.home import Home

TODAY = date(2026, 11, 23)
READ = "dsm.fwmarket.order.listwithpage"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(shops=[["jd"]]) as running:
        yield running


class Seller(httpx.Client):
    def __init__(self, box: Sandbox) -> None:
        super().__init__(base_url=box.url, trust_env=False)
        self.login = box.state.merchants[0].shops["jd"].login

    def log_in(self, password: str | None = None) -> dict[str, str]:
        form = {"loginname": self.login.username, "nloginpwd": password or self.login.password}
        answer: dict[str, str] = self.post("/jd/uc/loginService", data=form).json()
        return answer

    def call(self, api: str, **body: object) -> dict[str, object]:
        answer: dict[str, object] = self.post("/jd/api", params={"api": api}, json=body).json()
        return answer


async def test_orders_are_read_to_the_second_and_nothing_is_sent_for_it(box: Sandbox, tmp_path: Path) -> None:
    orders = box.state.merchants[0].shops["jd"].orders
    report = await Home(tmp_path, box, day=TODAY).account(dry_run=True)
    assert report.outcome is Outcome.OK, report.text
    read = [(o.order_no, o.service_code, o.ordered_at) for o in report.orders]
    assert read == [(o.number, o.code, o.ordered_at) for o in orders]
    assert [o.status for o in report.orders].count(OrderStatus.COMPLETED) == 2
    assert box.truth()["log"] == []  # though its reads are POSTs, too


async def test_an_empty_list_says_so(box: Sandbox, tmp_path: Path) -> None:
    box.faults.empty = True
    report = await Home(tmp_path, box, day=TODAY).account(dry_run=True)
    assert (report.outcome, report.orders) == (Outcome.OK, [])


async def test_an_anonymous_visit_stays_for_a_moment_under_a_title_of_its_own(box: Sandbox, page: Page) -> None:
    await page.goto(box.url + TRADES["jd"].orders_path)
    assert await page.title() == "京麦服务市场"
    await page.wait_for_function("document.title.startsWith('Loading https://passport')")
    assert page.url.endswith("/jd/market/order/list")
    await page.wait_for_url("**/jd/login/index.action?ReturnUrl=%2Fjd%2Fmarket%2Forder%2Flist")


async def test_a_person_solves_the_puzzle(box: Sandbox, page: Page) -> None:
    box.faults.challenge = "slider"
    login = box.state.merchants[0].shops["jd"].login
    await page.goto(box.url + TRADES["jd"].login_path)
    await page.click("#account-login")
    form = page.frame_locator("iframe[name=loginFrame]")
    await form.locator("#loginname").fill(login.username)
    await form.locator("#nloginpwd").fill(login.password)
    await form.locator("#paipaiLoginSubmit").click()
    handle = await form.locator(".JDJRV-slide-btn").bounding_box()
    assert handle is not None
    x, y = handle["x"] + 20, handle["y"] + 18
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 190, y, steps=4)
    await page.mouse.up()
    await page.wait_for_url("**/jd/jdm/home")


def test_it_tells_by_its_own_words(box: Sandbox) -> None:
    with Seller(box) as seller:
        assert seller.call(READ, tab="all", currentPage=1)["code"] == 401
        answers = [seller.log_in("wrong") for _ in range(WRONG_PASSWORDS_ALLOWED)]
        assert answers[0] == {"pwd": "账号名与密码不匹配，请重新输入"}
        assert "锁定" in answers[-1]["username"]
        seller.login.bad = 0
        assert seller.log_in() == {"success": "/jd/jdm/home"}
        box.faults.broken_list = True
        assert seller.call(READ, tab="all", currentPage=1)["message"] == "系统繁忙，请稍后重试"


def test_an_order_is_confirmed_once(box: Sandbox) -> None:
    key = next(o.key for o in box.state.merchants[0].shops["jd"].orders if o.role == "awaiting")
    with Seller(box) as seller:
        seller.log_in()
        answers = [seller.call("dsm.fwmarket.order.confirm", id=key, t=str(at)) for at in range(2)]
    assert [answer["code"] for answer in answers] == [200, 5001]
    assert [entry["applied"] for entry in box.truth()["log"]] == [True, False]
