"""Lists without a row: what stands under the headings then is not taken for one."""

import pytest
from playwright.async_api import Page, Route

from agent.domain.errors import SiteUnavailable
from agent.domain.login_errors import Challenge
from agent.pages.actions.list_arrival import OpenedList, arrive
from agent.pages.actions.paging import LoggedOut
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.live.page import LivePage
from tests.pages.shop import open_shop

HEADINGS = "".join(f"<th>{name}</th>" for name in ("订单号", "服务名称", "订购日期", "订单金额（元）", "状态", "操作"))
PAGER = "共 0 条 <span>上一页</span> <b>1</b> <span>下一页</span> 到第 <input size=2> 页 <input type=submit value=确定>"


@pytest.mark.parametrize("align", ["left", "right"])
async def test_a_pager_under_an_empty_list_is_no_order(small: Page, align: str) -> None:
    await small.set_content(
        f"<table width=780><tr>{HEADINGS}</tr><tr><td colspan=6 align=center>没有相关订单</td></tr></table>"
        f"<div align={align}>{PAGER}</div>"
    )
    assert page_state(await LivePage(small).look(), ORDERS) is PageState.EMPTY


async def test_a_list_that_is_asked_for_by_post_and_did_not_come_is_no_changed_page(small: Page) -> None:
    live = LivePage(small)
    async with open_shop() as shop:
        shop.html = "<!doctype html><p>服务订单</p><script>fetch('/list', {method: 'POST', body: '{}'})</script>"
        shop.broken = {"/list"}
        await small.goto(shop.url)
        with pytest.raises(SiteUnavailable, match="500"):
            await arrive(OpenedList(live, ORDERS, "market", 0))


EMPTY = (
    f"<!doctype html><table width=780><thead><tr>{HEADINGS}</tr></thead><tbody><tr><td colspan=6>暂无数据</table>"
    "<script>%s</script>"
)
ROW = "<tr><td>339100000000001<td>网店管家云端版<td>2026-01-05<td>62.80<td>待确认<td>确认"


async def arrived(page: Page, script: str, *, status: int = 200, body: str = "{}") -> bool:
    """True where a list came on a page that begins empty; `status` and `body` are what its script is answered."""

    async def answer(route: Route) -> None:
        if route.request.resource_type == "document":
            await route.fulfill(body=EMPTY % script, content_type="text/html; charset=utf-8")
        else:
            await route.fulfill(status=status, body=body, content_type="application/json")

    await page.route("http://market.test/**", answer)
    live = LivePage(page)
    await page.goto("http://market.test/orders")
    return await arrive(OpenedList(live, ORDERS, "market", 0)) is not None


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [403, 404, 429, 503])
async def test_a_list_that_was_refused_is_not_empty(small: Page, status: int, method: str) -> None:
    with pytest.raises(SiteUnavailable, match=str(status)):
        await arrived(small, f"fetch('/list', {{method: '{method}'}})", status=status)


@pytest.mark.parametrize(
    "body",
    [
        '{"success": false, "rows": []}',
        '{"code": 500, "msg": "查询失败", "rows": []}',
        '{"code": "BUSY", "data": null}',
        '{"ret": ["FAIL_SYS_ILLEGAL_ACCESS::非法请求"]}',
        '{"ret": ["哎哟喂"], "data": {}}',
        '{"errorCode": "A0012", "list": []}',
        '{"result": {"code": -1, "msg": "查询失败"}, "list": []}',
    ],
)
async def test_an_answer_that_says_no_is_not_an_empty_list(small: Page, body: str) -> None:
    with pytest.raises(SiteUnavailable):
        await arrived(small, "fetch('/list')", body=body)


@pytest.mark.parametrize(
    "body",
    [
        '{"success": true, "code": 1000}',
        '{"code": 0, "data": []}',
        '{"code": "200"}',
        '{"code": "SUCCESS"}',
        '{"ret": ["SUCCESS::调用成功"], "data": {}}',
        "[]",
    ],
)
async def test_an_answer_without_rows_is_an_empty_list(small: Page, body: str) -> None:
    assert not await arrived(small, "fetch('/list')", body=body)


async def test_a_picture_that_is_missing_is_no_trouble(small: Page) -> None:
    assert not await arrived(small, "document.body.append(new Image()); new Image().src = '/favicon.ico'", status=404)


async def test_an_empty_table_whose_rows_are_asked_for_a_moment_later_is_not_empty(small: Page) -> None:
    late = (
        f"setTimeout(async () => {{ await fetch('/list');document.querySelector('tbody').innerHTML = '{ROW}'; }}, 400)"
    )
    assert await arrived(small, late)


async def test_a_refused_request_beside_rows_stops_nothing(small: Page) -> None:
    assert await arrived(small, f"document.querySelector('tbody').innerHTML = '{ROW}'; fetch('/news')", status=403)


@pytest.mark.parametrize(
    "body",
    [
        '{"ret": ["RGV587_ERROR::SM::哎哟喂,被挤爆啦"], "data": {"url": "https://x.example/_____tmd_____/punish?x5secdata=1"}}',
        '{"rgv587_flag": "sm", "url": "https://x.example/punish?x5secdata=1"}',
    ],
)
async def test_an_answer_that_wants_a_person_is_a_challenge_and_not_an_empty_list(small: Page, body: str) -> None:
    with pytest.raises(Challenge):
        await arrived(small, "fetch('/list')", body=body)


@pytest.mark.parametrize(
    "body",
    [
        '{"head": {"code": "-1", "msg": "登录失效"}}',
        '{"result": {"code": -1, "msg": "登录状态已失效"}, "list": []}',
        '{"errorCode": "NOT_LOGIN", "list": []}',
        '{"error_code": 43001, "error_msg": "not login"}',
        '{"code": 10008, "msg": "请登陆"}',
    ],
)
async def test_a_session_that_is_over_is_told_in_every_envelope(small: Page, body: str) -> None:
    with pytest.raises(LoggedOut):
        await arrived(small, "fetch('/list')", body=body)
