"""The pages in a real browser: a person could do the whole job on them."""

from collections.abc import Callable

import pytest
from playwright.async_api import FrameLocator, Locator, Page, expect

from agent.sandbox import Post, Sandbox
from agent.sandbox.core.model import Filing, Merchant, Order


async def enter_taobao(page: Page, box: Sandbox) -> FrameLocator:
    await page.goto(box.taobao_orders_url)
    login = box.state.merchants[0].taobao.login
    frame = page.frame_locator("iframe#alibaba-login-box")
    await frame.locator("#fm-login-id").fill(login.username)
    await frame.locator("#fm-login-password").fill(login.password)
    await frame.get_by_role("button", name="登录").click()
    return frame


async def enter_backoffice(page: Page, box: Sandbox) -> Merchant:
    merchant = box.state.merchants[0]
    await page.goto(box.backoffice_filing_url)
    await page.get_by_label("会员名").fill(merchant.backoffice.username)
    await page.get_by_label("密码").fill(merchant.backoffice.password)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_text("添加报备")).to_be_visible()
    return merchant


async def file(page: Page, merchant: Merchant, order: Order) -> None:
    def field(label: str) -> Locator:
        return page.get_by_role("row", name=label).locator("input, select")

    await field("平台名称").select_option("淘宝")
    await field("店铺名称").fill(merchant.taobao.name)
    await field("订单编号：").fill(order.number)
    await field("订购日期：").fill(order.ordered_at.date().isoformat())
    await field("订购金额：").fill(str(order.amount))
    await page.get_by_role("button", name="添加").click()


def of_role(merchant: Merchant, role: str) -> tuple[Order, Filing | None]:
    order = [order for order in merchant.taobao.orders if order.role == role][-1]
    return order, next((filing for filing in merchant.filings if filing.order_no == order.number), None)


async def test_confirm_on_the_second_page(page: Page, box: Sandbox) -> None:
    await enter_taobao(page, box)
    merchant = box.state.merchants[0]
    order, _ = of_role(merchant, "awaiting")
    await expect(page.get_by_text("共 20 条")).to_be_visible()
    await expect(page.locator(".topbar").get_by_text(merchant.taobao.name).first).to_be_visible()
    await expect(page.locator(".nc-container")).to_have_count(1)
    await page.get_by_role("button", name="2", exact=True).click()
    row = page.locator(".list-row__9dPq2", has_text=f"{order.ordered_at:%Y-%m-%d %H:%M:%S}")
    await expect(row.locator(".order-no__9cVb3")).to_have_text("--")
    await expect(row.locator("button", has_text="确认")).to_have_count(2)
    await row.get_by_role("button", name="确认").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("确认后款项将结算给服务商")
    await dialog.get_by_role("button", name="取消").click()
    await row.get_by_role("button", name="确认").click()
    await dialog.get_by_role("button", name="确定").click()
    await expect(row.locator(".order-no__9cVb3")).to_have_text(order.number)
    await expect(row).to_contain_text(f"子订单号：{order.child}")
    assert [entry["order_no"] for entry in box.truth()["log"]] == [order.number]


async def test_widget_says_what_is_wrong_and_a_person_passes_the_slider(page: Page, box: Sandbox) -> None:
    box.faults.challenge = "slider"
    frame = await enter_taobao(page, box)
    handle = await frame.locator("#nc_1_n1z").bounding_box()
    assert handle
    await page.mouse.move(handle["x"] + 9, handle["y"] + 9)
    await page.mouse.down()
    await page.mouse.move(handle["x"] + 400, handle["y"] + 9, steps=4)
    await page.mouse.up()
    await expect(page.get_by_text("订单管理")).to_be_visible()
    assert box.truth()["taobao"]["锦绣家居旗舰店"]["logins"] == {"ok": 1, "bad": 0}


async def test_faults_show(page: Page, box: Sandbox) -> None:
    await enter_taobao(page, box)
    await expect(page.get_by_text("共 20 条")).to_be_visible()
    box.faults.drop_column, box.faults.unknown_status = "订单编号", True
    await page.reload()
    await expect(page.get_by_text("处理异常")).to_be_visible()
    await expect(page.get_by_text("订单编号")).to_be_hidden()
    box.faults.empty = True
    await page.reload()
    await expect(page.get_by_text("暂无订单")).to_be_visible()
    box.faults.broken_list = True
    await page.reload()
    await expect(page.get_by_text("哎哟喂,被挤爆啦")).to_be_visible()
    await expect(page.get_by_text("暂无订单")).to_have_count(0)
    box.faults.broken_list, box.faults.frame_punish = False, True
    await page.reload()
    await expect(page.frame_locator("#baxia-dialog-content").get_by_text("请完成下方验证")).to_be_visible()
    box.faults.expire_session_after = 0
    await page.reload()
    await page.wait_for_url("**/taobao/login?redirectURL=**")


async def test_file_and_apply(page: Page, box: Sandbox) -> None:
    merchant = await enter_backoffice(page, box)
    order, _ = of_role(merchant, "unfiled")
    await file(page, merchant, order)
    await expect(page.get_by_text("添加成功")).to_be_visible()
    row = page.get_by_role("row", name=order.number)
    await row.get_by_text("申请").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(order.number)
    for label, value in (("开户银行", "招商银行"), ("户名", "某公司"), ("银行账号", "571900000010001")):
        await dialog.get_by_role("row", name=label).locator("input").fill(value)
    await dialog.get_by_role("button", name="提交").click()
    await expect(page.get_by_text("提交成功")).to_be_visible()
    await expect(row).to_contain_text("返款申请中")


async def test_without_a_date_the_action_does_nothing(page: Page, box: Sandbox) -> None:
    merchant = await enter_backoffice(page, box)
    order, filing = of_role(merchant, "no_date")
    assert filing
    await page.goto(box.backoffice_refund_url)
    row = page.get_by_role("row", name=order.number)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = await page.content()
    await row.get_by_text(filing.action).click()
    await row.locator("input[type=date]").fill("2026-04-17")  # typed, not saved: still nothing
    await row.get_by_text(filing.action).click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert (asked, await page.content()) == ([], before)
    await row.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("保存成功")).to_be_visible()
    await row.get_by_text(filing.action).click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_too_early(page: Page, box: Sandbox) -> None:
    merchant = await enter_backoffice(page, box)
    order, _ = of_role(merchant, "too_early")
    await page.get_by_role("row", name=order.number).get_by_text("申请").click()
    await expect(page.get_by_role("alertdialog")).to_contain_text("订购时间未满5个工作日，暂时无法申请返款")
    assert box.truth()["log"] == []


def dropping(stage: str) -> Callable[[Post, str], str | None]:
    return lambda _, at: "drop" if at == stage else None


@pytest.mark.parametrize("stage", ["before", "after"])
async def test_chromium_does_not_repeat_a_lost_post(page: Page, stage: str) -> None:
    """It does so on a connection used before, unasked: then no test could tell who had clicked twice."""
    with Sandbox(on_post=dropping(stage)) as box:
        await enter_taobao(page, box)
        await page.get_by_role("button", name="确认", exact=True).first.click()
        await page.get_by_role("button", name="确定").click()
        await expect(page.get_by_text("网络异常，请稍后重试")).to_be_visible()
        merchant = await enter_backoffice(page, box)
        async with page.expect_event("requestfailed"):
            await file(page, merchant, of_role(merchant, "unfiled")[0])
        assert [(one["kind"], one["applied"]) for one in box.truth()["log"]] == [
            ("confirm", stage == "after"),
            ("file", stage == "after"),
        ]
