"""What a page asks for: a code is a challenge, the tab of a log-in form that asks for one is a way in."""

import pytest
from playwright.async_api import Page

from agent.domain.errors import ChallengeKind
from agent.pages.condition import ORDERS, Condition, challenge, condition
from agent.pages.window import View, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")
CODE = '<input placeholder="请输入验证码"><span>发送验证码</span><button>登录</button>'


async def drawn(page: Page, body: str) -> View:
    await page.set_content(body)
    return await Window(page).look()


async def test_a_form_that_opens_on_a_code_is_a_form(small: Page) -> None:
    view = await drawn(small, f"<a>手机登录</a> <a>邮箱登录</a> <p>{CODE}")
    assert condition(view, ORDERS) is Condition.LOGIN


async def test_a_code_without_another_way_in_is_a_challenge(small: Page) -> None:
    view = await drawn(small, f"<h3>身份验证</h3><p>{CODE}")
    assert condition(view, ORDERS) is Condition.CHALLENGE


async def test_a_puzzle_over_a_log_in_form_is_a_challenge(small: Page) -> None:
    view = await drawn(small, f"<a>邮箱登录</a> {CODE}<div>按住左边按钮拖动完成上方拼图</div>")
    assert condition(view, ORDERS) is Condition.CHALLENGE


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<p>验证码已发送至邮箱 m***@shop.example</p><input placeholder="请输入验证码">', ChallengeKind.EMAIL),
        ('<p>验证码已发送至手机 138****0000</p><input placeholder="请输入验证码">', ChallengeKind.SMS),
        ("<p>请完成安全验证</p>", ChallengeKind.SLIDER),
    ],
)
async def test_the_same_heading_stands_over_codes_and_puzzles(small: Page, body: str, kind: ChallengeKind) -> None:
    assert challenge(await drawn(small, f"<h3>安全验证</h3>{body}")) is kind
