"""拼多多: what its log-in and its list do that others' do not."""

import base64
import re

import httpx
import pytest
from playwright.async_api import expect

from agent.domain.errors import Outcome
from agent.domain.login_errors import AccountLocked, SessionExpired
from agent.domain.orders import OrderStatus
from agent.domain.page_errors import PageChanged
from agent.sandbox import Sandbox
from agent.sandbox.core.model import WRONG_PASSWORDS_ALLOWED
from agent.sandbox.sites.pinduoduo.orders import drawn
from tests.sites.visit import visiting

LIST, SHELL = "/pinduoduo/service-market/api/order/list", "/pinduoduo/service-market/order-list"


def entered(box: Sandbox, client: httpx.Client) -> None:
    login = box.state.merchants[0].shops["pinduoduo"].login
    asked = {"username": login.username, "password": base64.b64encode(login.password.encode()).decode()}
    assert client.post("/pinduoduo/janus/api/auth", json=asked).json()["success"]


def test_the_data_holds_fen_and_milliseconds() -> None:
    with Sandbox(shops=[["pinduoduo"]]) as box, httpx.Client(base_url=box.url, trust_env=False) as client:
        assert client.post(LIST).status_code == 401
        assert client.get(SHELL).headers["location"].startswith("/pinduoduo/login/?redirectUrl=")
        entered(box, client)
        orders = box.state.merchants[0].shops["pinduoduo"].orders
        for row, order in zip(client.post(LIST).json()["result"]["list"], orders, strict=True):
            assert row["order_sn"] == order.number
            assert re.fullmatch(r"\d{8}-\d{15}", order.number)
            assert (row["amount"], row["create_time"]) == (order.amount * 100, order.ordered_at.timestamp() * 1000)


async def test_a_risk_notice_is_left_for_a_person_to_answer() -> None:
    with Sandbox(shops=[["pinduoduo"]]) as box:
        box.state.merchants[0].shops["pinduoduo"].login.bad = WRONG_PASSWORDS_ALLOWED
        async with visiting(box, "pinduoduo") as visit:
            with pytest.raises(AccountLocked) as stopped:
                await visit.orders()
            assert stopped.value.outcome is Outcome.NEEDS_HUMAN
            await expect(visit.page.get_by_text("盗号风险")).to_be_visible()
            await expect(visit.page.get_by_role("button", name="我知道了")).to_be_visible()
        assert visit.shop.login.bad == WRONG_PASSWORDS_ALLOWED  # tried once, with the right password


async def test_numbers_in_a_font_of_the_page_are_not_trusted() -> None:
    with Sandbox(shops=[["pinduoduo"]]) as box:
        box.faults.substituted_font = True
        async with visiting(box, "pinduoduo") as visit:
            with pytest.raises(PageChanged, match="its text cannot be trusted"):
                await visit.orders()
            shown = visit.page.get_by_text(drawn(visit.shop.orders[0].number))
            await expect(shown).to_be_visible()
            fonts = await visit.page.evaluate("[...document.fonts].map(font => font.family + ' ' + font.status)")
            assert fonts == ["spider loaded"]


async def test_orders_are_read_from_groups_under_a_table_of_headings() -> None:
    with Sandbox(shops=[["pinduoduo"]]) as box:
        async with visiting(box, "pinduoduo") as visit:
            read = await visit.orders()
            spanning = visit.page.locator("td[rowspan='2']")
            await expect(spanning.first).to_be_visible()
        assert [(o.order_no, o.service, o.amount) for o in read] == [
            (o.number, o.service, o.amount) for o in visit.shop.orders
        ]
        assert read[0].status is OrderStatus.UNPAID


async def test_a_session_that_ends_is_opened_again_by_way_of_the_notice() -> None:
    with Sandbox(shops=[["pinduoduo"]]) as box:
        async with visiting(box, "pinduoduo") as visit:
            before = await visit.orders()
            box.state.sessions.clear()
            assert await visit.orders() == before
        assert visit.shop.login.ok == 2


async def test_a_bare_refusal_of_its_data_may_be_the_end_of_the_session_and_is_worth_one_log_in() -> None:
    with Sandbox(shops=[["pinduoduo"]]) as box:
        async with visiting(box, "pinduoduo") as visit:
            read = await visit.orders()
            (session,) = box.state.sessions.values()
            box.faults.over_is_403, box.faults.expire_session_after = True, session.requests + 1  # the data is next
            assert await visit.orders() == read
            assert visit.shop.login.ok == 2
            box.faults.expire_session_after = 1  # now each session ends before its data
            with pytest.raises(SessionExpired):
                await visit.orders()
            assert visit.shop.login.ok == 3
