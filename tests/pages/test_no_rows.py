"""Lists without a row: what stands under the headings then is not taken for one."""

import pytest
from playwright.async_api import Page

from agent.pages.condition import ORDERS, Condition, condition
from agent.pages.window import Window

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
