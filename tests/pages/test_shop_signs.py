"""Whose page it is: by a label, a greeting or the head of the page, not by a name that could be chosen."""

from datetime import datetime
from decimal import Decimal

import pytest
from playwright.async_api import Page

from agent.domain.login_errors import WrongShop
from agent.domain.orders import SHANGHAI, Order, OrderStatus
from agent.domain.shop_names import ShopName
from agent.flows.steps.shop_identity import ShopSigns
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.records import OrderRules, order_of
from agent.pages.live.page import LivePage
from tests.pages.shop import HEAD

OURS, OTHER = "锦绣家居旗舰店", "明月数码专营店"
# Names that contain ours, in one element and in several: each is another shop's.
LONGER = (
    *(f"{OURS}（杭州二店）", f"{OURS}·杭州店", f"{OURS}-2店", f"{OURS} 二店", f"{OURS}2店", f"{OURS}2", f"杭州{OURS}"),
    *(
        f"<b>{OURS}</b><span>（二店）</span>",
        f"<b>{OURS}</b> <span>·杭州店</span>",
        f"<b>{OURS}</b><i>主账号</i><b>二店</b>",
    ),
    f"<b>杭州</b><b>{OURS}</b>",
)
TABLE = (
    f"<table><tr>{HEAD}<tr><td>339100000000001<td>2026-01-05 10:00:00<td>网店管家云端版<td>62.80<td>待确认</table>"
    "<style>td,th{padding:4px 10px;text-align:left}</style>"
)


async def check(page: Page, around: str, orders: list[Order] | None = None, own: ShopName | None = None) -> None:
    """Raises WrongShop unless the page proves to be ours."""
    await page.set_content(f"<!doctype html>{around}{TABLE}")
    located = find_list(await LivePage(page).look(), ORDERS)
    assert located is not None
    signs = ShopSigns(own or ShopName(OURS))
    signs.add(located)
    signs.check(orders or [])


@pytest.mark.parametrize(
    "around",
    [
        f"<header>{OURS}</header>",
        f"<header><a href='#'>{OURS}</a></header>",
        f"<header>当前店铺：{OURS}</header>",
        f"<header><span>当前店铺</span> <b>{OURS}</b> <a href='#'>切换店铺</a></header>",
        f"<header>您好，{OURS}</header>",
        f"<header>您好，张三 <b>{OURS}</b></header>",
        f"<header>欢迎使用服务市场 <i>{OURS}</i></header>",
        f"<header>{OURS}</header><p>店铺名称： <input> <button>查询</button></p>",
        f"<header>当前店铺：{OURS} <a href='#'>退出</a></header>",
        f"<header>当前店铺：{OURS}（主账号） 账号：demo</header>",
        f"<header>您好，{OURS}！ <a href='#'>退出登录</a></header>",
        f"<header>您好，{OURS}，欢迎回来</header>",
        "<header><b>锦绣家居</b><b>旗舰店</b> <i>主账号</i></header>",
        f"<header><i>锦</i> <b>{OURS}</b> <em>L5</em> <a href='#'>消息</a> <a href='#'>帮助中心</a></header>",
        f"<header>千牛 | {OURS} | 工作台</header>",
        f"<header>{OURS} <small>杭州锦绣家居有限公司</small></header>".replace(
            "<small>", "<small style='margin-left:40px'>"
        ),
        f"<header>当前店铺：<b>{OURS}</b> <span style='margin-left:30px'>明月数码专营店</span></header>",
        f"<div style='height:300px'></div><aside><b>{OURS}</b></aside>",
    ],
)
async def test_a_page_that_names_the_shop_is_its_own(small: Page, around: str) -> None:
    await check(small, around)


@pytest.mark.parametrize(
    "around",
    [
        "",
        f"<header>当前店铺：{OTHER}</header>",
        f"<header><span>当前店铺</span> <b>{OTHER}</b> 切换 <a href='#'>{OTHER}</a> <a href='#'>{OURS}</a></header>",
        f"<header>您好，{OTHER}</header><aside>最近登录：<i>{OTHER}</i> <i>{OURS}</i></aside>",
        f"<header><a href='#'>{OTHER}</a> <a href='#'>{OURS}</a></header>",
        f"<div style='height:300px'></div><a href='#'>{OURS}</a>",
        f"<header>{OTHER}</header><footer style='margin-top:300px'>主店 {OURS}</footer>",
        f"<header>{OTHER}</header><div style='margin-top:200px'>{OURS}</div>",
        f"<div style='height:300px'></div><ul><li>{OURS}<li>{OTHER}</ul>",
        f"<header>掌柜：{OTHER}</header><p style='margin-top:200px'>{OURS}",
        f"<header>Shop: {OTHER}</header><p style='margin-top:200px'>{OURS}",
        *(f"<header>{around}</header>" for around in LONGER),
        *(f"<header>当前店铺：{around}</header>" for around in LONGER),
        *(f"<header>您好，{around}</header>" for around in LONGER),
        *(f"<header><a href='#'>{around}</a></header>" for around in LONGER),
        f"<header>当前店铺：<b>{OURS}</b>（二店）</header>",
        f"<header><b>{OURS}</b><br><small>（杭州二店）</small></header>",
        f"<header><span>当前店铺</span> <b>{OURS}</b> <i>二店</i> <a href='#'>切换店铺</a></header>",
        f"<header>{OURS}2店</header><p style='margin-top:200px'>公告：您可切换到 {OURS}</p>",
        f"<header>欢迎回来</header><p style='margin-top:200px'>公告：您可切换到 {OURS}</p>",
        f"<header>{OURS}2店</header><ul style='margin-top:200px'><li>{OURS}<li>{OURS}2店</ul>",
        f"<header>服务市场</header><ul style='margin-top:200px'><li>{OURS}</ul>",
        f"<header><a href='#'>{OURS}2店</a></header><footer style='margin-top:300px'>{OURS}</footer>",
    ],
)
async def test_a_page_that_names_another_shop_or_only_offers_ours_is_wrong(small: Page, around: str) -> None:
    with pytest.raises(WrongShop):
        await check(small, around)


async def test_an_order_of_ours_that_another_shop_made_is_wrong(small: Page) -> None:
    made = Order(
        "339100000000001",
        datetime(2026, 1, 5, tzinfo=SHANGHAI),
        "网店管家云端版",
        None,
        ours=True,
        amount=Decimal("62.80"),
        status=OrderStatus.COMPLETED,
        shop=OTHER,
    )
    with pytest.raises(WrongShop, match=OTHER):
        await check(small, f"<header>{OURS}</header>", [made])


@pytest.mark.parametrize("line", ["标准套餐", "由网店管家软件提供", "青禾母婴专营店 · 6个月"])
async def test_a_line_of_a_card_without_a_label_is_no_shop(small: Page, line: str) -> None:
    cards = "".join(
        f"<div style='margin:12px;width:420px'><div>订单编号：33910000000000{i}</div>"
        f"<div style='font-size:18px'>网店管家云端版</div><div>{line}</div>"
        "<div>2026-01-05 10:00:00</div><div>¥62.80</div><div>待确认</div></div>"
        for i in (1, 2)
    )
    await small.set_content(f"<!doctype html>{cards}")
    located = find_list(await LivePage(small).look(), ORDERS)
    assert located is not None
    assert [order_of(r, "x", OrderRules(["网店管家云端版"])).shop for r in located.parsed.rows] == [None, None]


@pytest.mark.parametrize("drawn", [f"{OURS}（杭州二店）", f"<b>{OURS}</b><span>（杭州二店）</span>"])
async def test_a_longer_name_is_the_shop_if_it_is_registered_so_or_the_settings_say_so(small: Page, drawn: str) -> None:
    long = f"{OURS}（杭州二店）"
    await check(small, f"<header>当前店铺：{drawn}</header>", own=ShopName(long))
    await check(small, f"<header>{drawn}</header>", own=ShopName(OURS, {long: OURS}))
    with pytest.raises(WrongShop):
        await check(small, f"<header>{OURS}</header>", own=ShopName(long))


async def test_who_logs_in_is_no_part_of_the_name(small: Page) -> None:
    await check(small, f"<header>{OURS}（demo）</header>", own=ShopName(OURS, username="demo"))
    await check(small, f"<header>您好，{OURS}:小王</header>", own=ShopName(OURS, username=f"{OURS}:小王"))
    with pytest.raises(WrongShop):
        await check(small, f"<header>您好，{OURS}:小李</header>", own=ShopName(OURS, username=f"{OURS}:小王"))
