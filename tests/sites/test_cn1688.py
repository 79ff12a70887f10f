"""1688 as it is: the way round by the family's log-in, the list in a frame, packed times, its own states."""

from datetime import date
from pathlib import Path

from playwright.async_api import Page, expect

from agent.domain.errors import Outcome
from agent.domain.orders import OrderStatus
from agent.sandbox import Sandbox
from tests.flows.home import Home
from tests.support.seller import Seller

LIST = "/1688/isv-container/order/list.json"
CONTAINER = "/1688/page/buyer_order_list.htm"


def test_the_log_in_page_sends_on_to_the_familys() -> None:
    with Sandbox(shops=[["1688"]]) as box, Seller(box, "1688") as seller:
        there = seller.get("/1688/member/signin.htm", params={"Done": CONTAINER}).headers["location"]
        assert there.startswith("/1688/login.taobao.com/")
        assert f"redirectURL={CONTAINER}" in there
        assert 'id="alibaba-login-box"' in seller.get(there).text


def test_a_lost_session_is_told_in_two_ways() -> None:
    with Sandbox(shops=[["1688"]]) as box, Seller(box, "1688") as seller:
        assert seller.get(CONTAINER).headers["location"] == f"/1688/member/signin.htm?Done={CONTAINER}"
        assert seller.get(LIST).json()["errorCode"] == "NO_LOGIN"
        confirmed = seller.post("/1688/isv-container/order/confirm.json", data={"id": seller.order("awaiting").key})
        assert not confirmed.json()["success"]
        assert seller.order("awaiting").status == "待确认"


def test_the_data_has_the_time_of_confirmation_once_there_is_one() -> None:
    with Sandbox(shops=[["1688"]]) as box, Seller(box, "1688") as seller:
        seller.log_in()
        key = seller.order("awaiting").key
        before = {row["id"]: row for row in seller.get(LIST).json()["result"]["orders"]}[key]
        seller.post("/1688/isv-container/order/confirm.json", data={"id": key})
        after = {row["id"]: row for row in seller.get(LIST).json()["result"]["orders"]}[key]
        assert (before["bizStatus"], before["gmtConfirm"]) == ("服务前", "")
        assert after["bizStatus"] == "服务中"
        assert after["gmtConfirm"].endswith("000+0800")


async def test_its_times_and_states_are_understood(tmp_path: Path) -> None:
    with Sandbox(shops=[["1688"]]) as box:
        report = await Home(tmp_path, box, day=date(2026, 11, 23)).account(dry_run=True)
        assert report.outcome is Outcome.OK, report.text
        sold = box.state.merchants[0].shops["1688"].orders
        assert {o.order_no: o.ordered_at for o in report.orders} == {o.number: o.ordered_at for o in sold}
        read = {o.order_no: o for o in report.orders}
        suspended = next(o for o in sold if o.role == "other")
        assert read[suspended.number].status is OrderStatus.REFUNDING
        expires = read[suspended.number].expires_at
        assert expires is not None
        assert f"{expires:%Y-%m-%d %H:%M:%S}" == suspended.expires


async def test_the_log_in_wants_its_terms_agreed_to(page: Page) -> None:
    with Sandbox(shops=[["1688"]]) as box:
        await page.goto(f"{box.url}/1688/member/signin.htm")
        login = box.state.merchants[0].shops["1688"].login
        frame = page.frame_locator("iframe#alibaba-login-box")
        await frame.locator("#fm-login-id").fill(login.username)
        await frame.locator("#fm-login-password").fill(login.password)
        await frame.get_by_role("button", name="登录").click()
        await expect(frame.get_by_text("请先阅读并同意服务协议")).to_be_visible()
        await frame.locator("#fm-agreement-checkbox").check()
        await frame.get_by_role("button", name="登录").click()
        await expect(page).to_have_title("1688-买家工作台")
        box.faults.broken_list = True
        await page.goto(box.url + CONTAINER)
        await expect(page.frame_locator("iframe.isv").get_by_text("系统繁忙")).to_be_visible()
