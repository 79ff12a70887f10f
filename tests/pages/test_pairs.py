"""Cards whose values stand below their labels, pair beside pair, with a button at the end of the line."""

from playwright.async_api import Page

from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.live.page import LivePage

CARD = """<div style="margin: 20px"><p>订单编号：{0}　创建时间：2026-11-21 10:0{1}:00</p>
<div style="display: flex; align-items: center; gap: 30px"><b style="font-size: 18px">网店管家</b>
<dl><dt>实付金额</dt><dd>CNY 128.50</dd></dl><dl><dt>订单状态</dt><dd>{2}</dd></dl><button>{3}</button></div></div>"""


async def test_a_button_at_the_right_is_no_value(live: LivePage, small: Page) -> None:
    await small.set_content(CARD.format(201, 1, "待付款", "去付款") + CARD.format(202, 2, "待确认", "确认"))
    located = find_list(await live.look(), ORDERS)
    assert located is not None
    assert [row.text("status") for row in located.parsed.rows] == ["待付款", "待确认"]
    assert [row.text("amount") for row in located.parsed.rows] == ["CNY 128.50", "CNY 128.50"]
