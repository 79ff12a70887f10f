"""Which box a code belongs into, among all that ask for something else."""

import pytest
from playwright.async_api import Page

from agent.domain.challenges import ChallengeKind
from agent.pages.inference.challenges import challenge
from agent.pages.inference.code_form import find_code_form
from agent.pages.live.page import LivePage

CODE = "<input id=code placeholder=请输入验证码>"
PHONE = "<input id=phone placeholder=手机号>"


async def boxes(page: Page, html: str) -> list[str]:
    """The ids of the boxes that the code would be typed into."""
    await page.set_content(f"<!doctype html><meta charset=utf-8>{html}")
    form = find_code_form(await LivePage(page).look())
    return [box.attrs["id"] for box in form.boxes] if form else []


@pytest.mark.parametrize(
    "html",
    [
        CODE,
        f"<h3>短信验证码登录</h3>{PHONE}<br>{CODE}",
        "<h3>安全验证</h3><input id=code placeholder=请输入邮箱验证码>",
        f"<input id=phone placeholder=请输入接收验证码的手机号><br>{CODE}",
        f"<p>请输入短信验证码</p><input id=phone readonly value='138****0000'><br>{CODE}",
        f"<input id=q placeholder=搜索><p>短信验证码已发送至 138****0000</p>{CODE}",
        "<p>手机号 138****0000</p><label>短信验证码 <input id=code></label>",
        "<p>We sent a verification code to m***@x.com</p><input id=code placeholder='Verification code'>",
        "<input id=mail placeholder=Email><br><input id=code placeholder='Security code'>",
    ],
)
async def test_a_code_goes_into_its_own_box(small: Page, html: str) -> None:
    assert await boxes(small, html) == ["code"]


@pytest.mark.parametrize(
    "html", [PHONE, f"<h3>短信验证码登录</h3>{PHONE}", "<input id=q placeholder=搜索>", "<input id=x>"]
)
async def test_where_nothing_asks_for_a_code_there_is_no_box(small: Page, html: str) -> None:
    assert await boxes(small, html) == []


async def test_six_boxes_take_a_character_each(small: Page) -> None:
    six = "".join(f"<input id=b{at} maxlength=1 style='width:40px'>" for at in range(6))
    assert await boxes(small, f"<p>验证码已发送</p>{PHONE}<br>{six}") == [f"b{at}" for at in range(6)]


async def test_a_dialog_over_the_form_is_what_counts(small: Page) -> None:
    dialog = f"<div style='position:fixed;inset:0;background:#fff'><p>短信验证码已发送至 138****0000</p>{CODE}</div>"
    await small.set_content(f"<!doctype html><input type=password>{dialog}")
    assert challenge(await LivePage(small).look()) is ChallengeKind.SMS


@pytest.mark.parametrize(
    "text",
    [
        "如何查看订单",
        "安全验证中心",
        "您已通过安全验证",
        "订购成功后请到手机千牛App确认收货",
        "到期前可在App内同意续费",
        "平台规则更新公告",
    ],
)
async def test_what_only_speaks_of_such_things_asks_for_nothing(small: Page, text: str) -> None:
    await small.set_content(f"<!doctype html><p>{text}</p><p>暂无数据</p>")
    assert challenge(await LivePage(small).look()) is None
