"""What a page is taken for, by what a person sees on it; and what an answer says about the session."""

import pytest
from playwright.async_api import Page

from agent.domain.challenges import ChallengeKind
from agent.pages.inference.challenges import challenge
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.live.network import Exchange, logged_out
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

HEADINGS = "<table><tr><th>订单编号</th><th>订购时间</th><th>服务名称</th><th>订单状态</th></tr></table>"
CODE = '<input placeholder="请输入验证码"><span>发送验证码</span><button>登录</button>'


async def drawn(page: Page, body: str) -> PageSnapshot:
    await page.set_content(body)
    return await LivePage(page).look()


async def test_a_form_that_opens_on_a_code_is_a_form(small: Page) -> None:
    snapshot = await drawn(small, f"<a>手机登录</a> <a>邮箱登录</a> <p>{CODE}")
    assert page_state(snapshot, ORDERS) is PageState.LOGIN


async def test_a_form_that_asks_for_the_name_first_is_a_form(small: Page) -> None:
    first = await drawn(small, "<h2>登录</h2><p><input placeholder=邮箱/手机号><button>下一步</button>")
    assert page_state(first, ORDERS) is PageState.LOGIN
    other = await drawn(small, "<h2>选择商品</h2><p><input placeholder=商品名称><button>下一步</button>")
    assert page_state(other, ORDERS) is PageState.NOTHING


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<h2>系统升级维护中</h2><p>期间无法访问，敬请谅解</p>", PageState.ERROR),
        ("<p>系统将于 00:00 - 06:00 进行升级维护，期间无法访问，敬请谅解</p>", PageState.ERROR),
        (f"<p>系统升级维护中</p><input type=password>{HEADINGS}", PageState.LOGIN),
        ("<p>公告：昨日系统繁忙问题已修复</p>", PageState.NOTHING),
        ("<p>如遇问题请重新登录</p><p>请勿禁用浏览器 Cookie</p>", PageState.NOTHING),
        ("<input placeholder=输入短信验证码或订单号><p>如遇滑块请刷新</p>", PageState.NOTHING),
        ("<p>请依次点击图中文字</p><canvas width=300 height=150></canvas>", PageState.CHALLENGE),
        ("<p>请依次点击各项查看</p>", PageState.NOTHING),
    ],
)
async def test_what_a_page_states_makes_its_kind(small: Page, body: str, kind: PageState) -> None:
    assert page_state(await drawn(small, body), ORDERS) is kind


async def test_a_code_without_another_way_in_is_a_challenge(small: Page) -> None:
    snapshot = await drawn(small, f"<h3>身份验证</h3><p>{CODE}")
    assert page_state(snapshot, ORDERS) is PageState.CHALLENGE


async def test_a_puzzle_over_a_log_in_form_is_a_challenge(small: Page) -> None:
    snapshot = await drawn(small, f"<a>邮箱登录</a> {CODE}<div>按住左边按钮拖动完成上方拼图</div>")
    assert page_state(snapshot, ORDERS) is PageState.CHALLENGE


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


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<h3>安全验证</h3><p>拖动滑块完成拼图</p>", ChallengeKind.SLIDER),
        ("<h3>安全验证</h3>", ChallengeKind.SLIDER),
        ("<h3>安全验证</h3><input placeholder='请输入短信验证码'>", ChallengeKind.SMS),
        ("<h3>安全验证</h3><p>验证码已发送至您的邮箱</p><input>", ChallengeKind.EMAIL),
        ("<h3>安全验证</h3><p>拖动滑块获取验证码</p><input>", ChallengeKind.SLIDER),
        ("<h3>订单管理</h3><input placeholder='请输入订单编号'>", None),
    ],
)
async def test_what_a_person_is_asked_to_prove(live: LivePage, page: str, kind: ChallengeKind | None) -> None:
    await live.raw.set_content(page)
    assert challenge(await live.look()) is kind


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<h2>扫码登录</h2><p>打开App扫一扫</p>", PageState.LOGIN),
        (f"<p>扫码登录手机版</p>{HEADINGS}", PageState.NOTHING),
        ("<p>扫码下载手机版</p>", PageState.NOTHING),
    ],
)
async def test_a_page_with_a_qr_code_is_one_to_log_in_on(live: LivePage, page: str, kind: PageState) -> None:
    await live.raw.set_content(page)
    assert page_state(await live.look(), ORDERS) is kind


@pytest.mark.parametrize(
    ("body", "gone"),
    [
        ({"code": 400, "msg": "登录失效"}, True),
        ({"ret": ["FAIL_SYS_SESSION_EXPIRED::Session过期"], "data": {}}, True),
        ({"success": False, "errorMsg": "会话已过期"}, True),
        ({"code": 200, "msg": "成功", "data": {"items": [{"msg": "登录失效"}]}}, False),
        ({"code": 400, "msg": None}, False),
        ([{"msg": "登录失效"}], False),
        (None, False),
    ],
)
def test_an_answer_that_says_in_words_that_the_session_is_gone(body: object, gone: bool) -> None:
    assert logged_out([Exchange("GET", "http://x.test/list", "xhr", 0.0, 200, body=body)]) is gone
