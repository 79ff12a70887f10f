"""The pages of the back office, told by what stands on them: form and list on one page or two, and applications."""

# ruff: noqa: E501 - pages read better in long lines

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agent.domain.merchants import Edition
from agent.flows.session.pages_found import back_office_goal, pages_of
from agent.pages.actions.arrival import close_promotions
from agent.pages.actions.menu_walk import MenuWalk
from agent.pages.live.page import LivePage
from tests.flows.home import Home
from tests.pages.mall import open_mall

MENU = """<style>.gone{display:none}td,th{padding:4px 10px;text-align:left}</style><div class="side-menu">
<div style="cursor:pointer" onclick="this.nextElementSibling.classList.toggle('gone')">自助服务</div>
<div class="gone"><a href="/file">平台报备</a><a href="/filed">报备查询</a><a href="/pay">在线续费</a></div>
<div style="cursor:pointer" onclick="this.nextElementSibling.classList.toggle('gone')">财务中心</div>
<div class="gone"><a href="/rebate">订购返款</a><a href="/charges">充值记录</a></div></div>"""
FORM = """<h3>平台报备</h3><form method="post" action="/act"><p>平台名称：<select name="p"><option>淘宝</option></select></p>
<p>店铺名称：<input name="s"></p><p>订单编号：<input name="n"></p><p>订购日期：<input type="date" name="d"></p>
<p>订购金额：<input name="a"></p><button>添加</button></form>"""
HEAD = "<tr><th>平台<th>店铺名称<th>订单编号<th>订购日期<th>订购金额<th>状态<th>操作</tr>"
ROW = (
    "<tr><td>淘宝<td>锦绣家居<td>3391492131584523874<td>2026-06-28<td>62.80<td>报备中<td><a href='#'>申请返款</a></tr>"
)
LIST = f"<table><thead>{HEAD}</thead><tbody>{ROW}</tbody></table>"
EMPTY = f"<table><thead>{HEAD}</thead></table><p>暂无报备记录</p>"
CHARGES = "<table><thead><tr><th>订单编号<th>充值金额<th>状态</tr></thead><tbody><tr><td>20260101000012<td>5.00<td>成功</tr></tbody></table>"
OPENER = "<button>申请返款</button>" + LIST.replace("<a href='#'>申请返款</a>", "--")


@pytest_asyncio.fixture
async def page() -> AsyncIterator[LivePage]:
    assert Home.chrome is not None
    async with Home.chrome.page() as raw:
        yield LivePage(raw)


async def found(page: LivePage, pages: dict[str, str], edition: Edition) -> dict[str, str]:
    """Where what stands, by its path."""
    menus = {path: MENU + body for path, body in pages.items()}
    async with open_mall({"/": f"{MENU}<h2>会员首页</h2><p>欢迎您</p>", **menus}) as mall:
        await page.open(f"{mall.url}/")
        walk = MenuWalk(page, back_office_goal(edition), close_promotions)
        await walk.go()
        assert mall.posts == []
        assert "GET /pay" not in mall.asked
        return {name: a.spot.address.removeprefix(mall.url) for name, a in pages_of(walk.found).items()}


async def test_the_form_and_the_list_can_bepages_of_their_own(page: LivePage) -> None:
    pages = {"/file": FORM, "/filed": LIST, "/rebate": LIST, "/charges": CHARGES}
    assert await found(page, pages, Edition.ENTERPRISE) == {"filing_form": "/file", "filing_list": "/filed"}


@pytest.mark.parametrize("listed", [LIST, EMPTY])
async def test_a_page_with_both_goes_first_also_while_nothing_was_filed(page: LivePage, listed: str) -> None:
    pages = {"/file": FORM + listed, "/filed": LIST, "/rebate": LIST, "/charges": CHARGES}
    assert await found(page, pages, Edition.ENTERPRISE) == {"filing_form": "/file", "filing_list": "/file"}


async def test_the_other_editions_apply_where_a_button_opens_the_application(page: LivePage) -> None:
    pages = {"/file": FORM + LIST, "/filed": LIST, "/rebate": OPENER, "/charges": CHARGES}
    assert await found(page, pages, Edition.CLOUD) == {"application": "/rebate"}


async def test_they_file_where_nothing_but_filings_is_offered(page: LivePage) -> None:
    pages = {"/file": FORM + LIST, "/rebate": FORM + LIST, "/charges": CHARGES}
    there = await found(page, pages, Edition.CLOUD)
    assert {*there} == {"filing_form", "filing_list"}
    assert len({*there.values()}) == 1
