"""苏宁's own habits: a log-in that opens on a QR code, pages of the server's own, dates without an hour."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page

from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI
from agent.sandbox import Sandbox
from agent.sandbox.core.model import WRONG_PASSWORDS_ALLOWED
from agent.sandbox.samples.trades import TRADES
from tests.flows.home import Home

TODAY = date(2026, 11, 23)
LOGIN, ORDERS = TRADES["suning"].login_path, TRADES["suning"].orders_path


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(shops=[["suning"]]) as running:
        yield running


@pytest.fixture
def seller(box: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box.url, trust_env=False) as client:
        yield client


def log_in(seller: httpx.Client, box: Sandbox, password: str | None = None) -> httpx.Response:
    login = box.state.merchants[0].shops["suning"].login
    form = {"username": login.username, "password": password or login.password, "service": ORDERS}
    return seller.post(LOGIN, data=form)


async def test_both_pages_are_read_with_days_and_codes(box: Sandbox, tmp_path: Path) -> None:
    orders = box.state.merchants[0].shops["suning"].orders
    report = await Home(tmp_path, box, day=TODAY).account(dry_run=True)
    assert report.outcome is Outcome.OK, report.text
    assert [(o.order_no, o.service_code) for o in report.orders] == [(o.number, o.code) for o in orders]
    midnights = [o.ordered_at.replace(hour=0, minute=0, second=0) for o in orders]
    assert [o.ordered_at.astimezone(SHANGHAI) for o in report.orders] == midnights


async def test_an_empty_list_says_so(box: Sandbox, tmp_path: Path) -> None:
    box.faults.empty = True
    report = await Home(tmp_path, box, day=TODAY).account(dry_run=True)
    assert (report.outcome, report.orders) == (Outcome.OK, [])


async def test_the_form_is_hidden_until_its_tab_is_used(box: Sandbox, page: Page) -> None:
    await page.goto(box.url + LOGIN)
    assert await page.locator(".qr-login").is_visible()
    assert not await page.locator("#password").is_visible()
    await page.get_by_text("账户登录").click()
    assert await page.locator("#password").is_visible()
    assert not await page.locator("#verifyCode").is_visible()


def test_it_tells_by_its_own_words(box: Sandbox, seller: httpx.Client) -> None:
    lost = seller.get(ORDERS)
    assert (lost.status_code, lost.headers["location"]) == (302, f"{LOGIN}?service={ORDERS}")
    answers = [log_in(seller, box, "wrong").text for _ in range(WRONG_PASSWORDS_ALLOWED)]
    assert "您输入的账户名和密码不匹配" in answers[0]
    assert "锁定" in answers[-1]
    box.state.merchants[0].shops["suning"].login.bad = 0
    assert log_in(seller, box).headers["location"] == ORDERS
    box.faults.broken_list = True
    assert "系统繁忙" in seller.get(ORDERS).text


def test_a_page_number_that_makes_no_sense_is_the_nearest(box: Sandbox, seller: httpx.Client) -> None:
    log_in(seller, box)
    numbers = [order.number for order in box.state.merchants[0].shops["suning"].orders]
    first, last = numbers[0], numbers[-1]
    for asked, number in (("0", first), ("-1", first), ("x", first), ("99", last)):
        assert number in seller.get(ORDERS, params={"pageNo": asked}).text
