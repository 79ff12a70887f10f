"""Which service a row is of: its whole name or its own code, never a mention of either."""

import pytest
from playwright.async_api import Page

from agent.domain.orders import Order
from agent.domain.page_errors import PageChanged
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.records import OrderRules, order_of
from agent.pages.live.page import LivePage

RULES = OrderRules(["网店管家云端版", "FW_GOODS-1870412"])
CODE = "FW_GOODS-1870412"
OTHER = "FW_GOODS-1002931"


async def order(page: Page, service: str, amount: str = "62.80", rules: OrderRules = RULES) -> Order:
    heads = "<th>订单编号<th>订购时间<th>服务名称<th>实付金额<th>订单状态"
    row = f"<tr><td>339100000000001<td>2026-01-05 10:00:00<td>{service}<td>{amount}<td>待确认"
    style = "<style>td,th{padding:6px 14px;text-align:left;white-space:nowrap}small{font-size:12px}</style>"
    await page.set_content(f"<!doctype html>{style}<table><tr>{heads}{row}</table>")
    located = find_list(await LivePage(page).look(), ORDERS)
    assert located is not None
    return order_of(located.parsed.rows[0], "x", rules)


@pytest.mark.parametrize(
    "service",
    [
        "网店管家云端版",
        f"网店管家云端版（{CODE}）",
        f"改了名字的服务（{CODE}）",
        f"网店管家云端版 {CODE}",
        f"{CODE} 网店管家云端版",
        f"网店管家云端版<div><small>{CODE}</small></div>",
        f"网店管家云端版<div><small>服务编码：{CODE}</small></div>",
        "<b>网店管家云端版</b><div><small>12个月 | 新订</small></div>",
        "<b>网店管家云端版</b><div><small>规格：标准版</small></div><div><small>服务商：网店管家软件</small></div>",
        "<b>网店管家云端版</b> <span style='margin-left:20px'>试用版</span>",
        "<b>网店管家云端版</b><div><small>应用ID：42149</small></div><a href='#'>查看详情</a>",
        "<b>网店管家云端版</b><div><small>应用ID：42149 专业版</small></div>",
        "<b>网店</b><b>管家云端版</b>",
        "网店管家&#8203;云端版",
        "网店管家&shy;云端版",
        "网店管家云端版\ufe00",
        "网店管家 云端版",
    ],
)
async def test_a_service_with_what_belongs_to_it_is_ours(small: Page, service: str) -> None:
    assert (await order(small, service)).ours


@pytest.mark.parametrize(
    "service",
    [
        f"打单助手（可替代 {CODE}）",
        f"<div>快递助手专业版</div><small>搭配购买：{CODE}</small>",
        f"<div>快递助手专业版</div><small>搭配购买：</small><small>{CODE}</small>",
        f"快递助手（{OTHER}）",
        f"网店管家云端版（{OTHER}）",
        f"网店管家云端版 {OTHER}",
        f"网店管家云端版<div><small>{OTHER}</small></div>",
        f"网店管家云端版<div><small>服务编码：{OTHER}</small></div>",
        "网店管家云端版（FW_GOODS-187О412）",
        "网店管家云端版 + 快递助手",
        "套餐：网店管家云端版",
        f"快递助手<div><small>赠 {CODE}</small></div>",
        "<em style='font-style:normal;padding-right:6px'>网店管家云端版</em>发票助手",
        "<em>网店管家云端版</em>发票助手",
        "网店管家云端版发票助手",
    ],
)
async def test_another_service_that_mentions_ours_is_not_ours(small: Page, service: str) -> None:
    assert not (await order(small, service)).ours


async def test_a_name_is_not_enough_beside_a_code_even_if_the_settings_have_names_alone(small: Page) -> None:
    names = OrderRules(["网店管家云端版"])
    assert (await order(small, "网店管家云端版", rules=names)).ours
    for shown in (f"网店管家云端版<div><small>{OTHER}</small></div>", f"网店管家云端版 {OTHER}"):
        found = await order(small, shown, rules=names)
        assert (found.ours, found.service_code) == (False, OTHER)
    aside = f"网店管家云端版</td><td>62.80</td><td>待确认 服务编码：{OTHER}"
    assert not (await order(small, aside, rules=names)).ours


@pytest.mark.parametrize(
    "service",
    [
        "<b>网店管家云端版</b><div><small>打印插件 · 服务商：某某科技</small></div>",
        "<b>网店管家云端版</b><div><small>服务商：某某科技</small></div>",
        "<b>网店管家云端版</b><span style='margin-left:60px'>发票助手</span>",
        f"打单助手 可替代 {CODE}",
        f"网店管家云端版<div><small>{CODE}</small></div><div><small>{OTHER}</small></div>",
    ],
)
async def test_what_may_be_ours_or_another_vendors_is_a_changed_page(small: Page, service: str) -> None:
    with pytest.raises(PageChanged, match="service"):
        await order(small, service)


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        ("¥<b style='font-size:20px'>298</b><small>.00</small>", "298.00"),
        ("<i>¥</i> <b>62.80</b>", "62.80"),
        ("<span>¥</span><span>2</span><span>98</span>", "298.00"),
    ],
)
async def test_an_amount_in_several_elements_is_one(small: Page, amount: str, read: str) -> None:
    assert str((await order(small, "网店管家云端版", amount)).amount) == read


@pytest.mark.parametrize(
    "amount",
    [
        "<div>300</div><div>1</div>",
        "<div style='display:flex;gap:16px'><span>¥62.8</span><span>1</span></div>",
        "¥298<sup>00</sup>",
        "¥298<span style='font-size:10px'>00</span>",
    ],
)
async def test_two_numbers_are_not_one_amount(small: Page, amount: str) -> None:
    with pytest.raises(PageChanged, match="amount"):
        await order(small, "网店管家云端版", amount)
