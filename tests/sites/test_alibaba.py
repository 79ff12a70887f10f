"""阿里巴巴国际站 as it is: codes of six boxes by e-mail, a token in each call, sessions that end under the page."""

from pathlib import Path

from playwright.async_api import Page, expect

from agent.sandbox import Sandbox
from agent.sandbox.core.codes import inbox
from tests.flows.home import Home
from tests.support.seller import Seller

ORDERS = "/alibaba/product/orders.htm"


async def log_in(page: Page, box: Sandbox) -> None:
    login = box.state.merchants[0].shops["alibaba"].login
    await page.goto(f"{box.url}/alibaba/newlogin/icbuLogin.htm?return_url={ORDERS}")
    await page.locator("#fm-login-id").fill(login.username)
    await page.locator("#fm-login-password").fill(login.password)
    await page.get_by_role("button", name="登录").click()


def test_a_call_without_the_pages_token_changes_nothing() -> None:
    with Sandbox(shops=[["alibaba"]]) as box, Seller(box, "alibaba") as seller:
        seller.log_in()
        answer = seller.post("/alibaba/vendor/order/confirm.json", data={"id": seller.order("awaiting").key})
        assert answer.status_code == 403
        assert seller.get("/alibaba/vendor/order/list.json").status_code == 403
        assert seller.order("awaiting").status == "待确认"
        assert box.truth()["log"] == []


async def test_a_code_by_mail_is_told_from_one_by_sms(tmp_path: Path) -> None:
    with Sandbox(shops=[["alibaba"]]) as box:
        box.faults.challenge = "sms"
        assert (await Home(tmp_path, box).account()).reason == "challenge_email"


async def test_a_person_types_the_code_into_six_boxes(page: Page) -> None:
    with Sandbox(shops=[["alibaba"]]) as box:
        box.faults.challenge = "sms"
        await log_in(page, box)
        await page.get_by_label("第1位").click()
        await page.keyboard.type([message.digits for message in inbox(box.state)][-1])
        await expect(page).to_have_title("My Alibaba")


async def test_a_session_that_ended_lays_a_dialog_over_the_page(page: Page) -> None:
    with Sandbox(shops=[["alibaba"]]) as box:
        await log_in(page, box)
        await expect(page.get_by_text("共 6 条")).to_be_visible()
        box.state.sessions.clear()
        await page.evaluate("load()")
        await page.get_by_role("dialog").get_by_role("button", name="重新登录").click()
        await expect(page.locator("#fm-login-password")).to_be_visible()


async def test_nothing_and_trouble_are_told_apart(page: Page) -> None:
    with Sandbox(shops=[["alibaba"]]) as box:
        box.faults.empty = True
        await log_in(page, box)
        await expect(page.get_by_text("没有相关订单")).to_be_visible()
        box.faults.broken_list = True
        await page.reload()
        await expect(page.get_by_text("系统异常，请稍后重试")).to_be_visible()
