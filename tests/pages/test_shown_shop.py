"""The shop that a page's head names for certain: behind a label of its own, alone, and only one."""

import pytest
from playwright.async_api import Page

from agent.flows.steps.shop_identity import ShownShop
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.live.page import LivePage

LIST = (
    "<style>td,th{padding:6px 14px}</style><table><tr><th>订单编号<th>订购时间<th>服务名称<th>实付金额<th>订单状态"
    "<tr><td>339100000000001<td>2026-01-05 10:00:00<td>网店管家云端版<td>62.80<td>待确认</table>"
)


@pytest.mark.parametrize(
    ("head", "shop"),
    [
        ("<div>当前店铺：锦绣家居旗舰店</div>", "锦绣家居旗舰店"),
        ("<div><span>当前店铺：</span><b>锦绣家居</b></div>", "锦绣家居"),
        ("<div>欢迎您，锦绣家居旗舰店</div>", None),
        ("<div>锦绣家居旗舰店</div>", None),
        ("<div>当前店铺：锦绣家居旗舰店</div><div>当前店铺：别家旗舰店</div>", None),
        ("<div>当前店铺：请选择</div>", None),
        ("<p style='height:400px'></p><div>当前店铺：锦绣家居旗舰店</div>", None),
    ],
)
async def test_the_shop_of_a_head(small: Page, head: str, shop: str | None) -> None:
    await small.set_content(f"<!doctype html>{head}{LIST}")
    located = find_list(await LivePage(small).look(), ORDERS)
    assert located is not None
    shown = ShownShop()
    shown.add(located)
    assert shown.name == shop
