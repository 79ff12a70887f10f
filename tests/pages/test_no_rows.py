"""Lists without a row: what stands under the headings then is not taken for one."""

import pytest
from playwright.async_api import Page

from agent.domain.errors import SiteUnavailable
from agent.pages.condition import ORDERS, Condition, condition
from agent.pages.lists import arrive
from agent.pages.window import Window
from tests.pages.shop import open_shop

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEADINGS = "".join(f"<th>{name}</th>" for name in ("订单号", "服务名称", "订购日期", "订单金额（元）", "状态", "操作"))
PAGER = "共 0 条 <span>上一页</span> <b>1</b> <span>下一页</span> 到第 <input size=2> 页 <input type=submit value=确定>"


@pytest.mark.parametrize("align", ["left", "right"])
async def test_a_pager_under_an_empty_list_is_no_order(small: Page, align: str) -> None:
    await small.set_content(
        f"<table width=780><tr>{HEADINGS}</tr><tr><td colspan=6 align=center>没有相关订单</td></tr></table>"
        f"<div align={align}>{PAGER}</div>"
    )
    assert condition(await Window(small).look(), ORDERS) is Condition.EMPTY


async def test_a_list_that_is_asked_for_by_post_and_did_not_come_is_no_changed_page(small: Page) -> None:
    window = Window(small)
    async with open_shop() as shop:
        shop.html = "<!doctype html><p>服务订单</p><script>fetch('/list', {method: 'POST', body: '{}'})</script>"
        shop.broken = {"/list"}
        await small.goto(shop.url)
        with pytest.raises(SiteUnavailable, match="500"):
            await arrive(window, ORDERS, "market", 0)
