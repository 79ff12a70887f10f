"""Ways through menus to the list of service orders, in a real browser; and that nothing else is pressed on them."""

# ruff: noqa: E501 - pages and lists of words read better in long lines

from functools import partial

import pytest

from agent.domain.errors import SentOnTheWay
from agent.pages.actions.arrival import close_promotions
from agent.pages.actions.menu_steps import follow
from agent.pages.actions.menu_walk import Goal, MenuWalk
from agent.pages.inference.landmarks import Landmark, is_drawing, order_landmarks
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.menu_words import STRONG, Aim
from agent.pages.inference.menus import How
from agent.pages.live.page import LivePage
from tests.pages.mall import open_mall
from tests.pages.menu_pages import HOME, MENUS, PAGES, STYLE, open_on

GOAL = Goal(
    Aim.ORDERS,
    partial(order_landmarks, services=("网店管家J系列",)),
    partial(is_drawing, kind=ORDERS),
    lambda found, left: Landmark.ORDERS in found or (Landmark.OTHER_ORDERS in found and left < STRONG),
)
WRONG = (
    *("退出登录", "安全退出", "注销账号", "立即续费", "续费我的服务", "去续订", "一键授权", "立即授权应用", "同意授权", "解除授权"),
    *("批量删除", "删除服务订单", "清空订购记录", "升级版本", "立即升级服务", "开通服务", "一键开通", "领取优惠券", "免费领服务"),
    *("立即签约", "签署服务协议", "立即订购", "我要订购服务", "购买服务", "去支付服务订单", "确认付款", "服务充值", "申请服务退款"),
    *("取消服务订单", "确认服务订单", "提交服务订单", "保存服务设置", "免费试用应用", "去使用应用", "切换账号", "绑定服务手机"),
    *("关闭服务", "停用应用", "卸载应用", "发布服务", "Log out", "Renew service", "Buy service"),
)  # fmt: skip
POSTS = "fetch('/act/N', {method: 'POST', body: '{}'})"


async def walked(live: LivePage, url: str) -> MenuWalk:
    await live.open(url)
    walk = MenuWalk(live, GOAL, close_promotions)
    await walk.go()
    return walk


@pytest.mark.parametrize("kind", MENUS)
async def test_the_list_is_found_by_its_words_and_found_again(live: LivePage, kind: str) -> None:
    async with open_mall(PAGES | {"/": MENUS[kind]}) as mall:
        walk = await walked(live, f"{mall.url}/")
        assert Landmark.ORDERS in walk.found, walk.told
        arrival = walk.found[Landmark.ORDERS]
        assert [p for p in mall.posts if p != "POST /api/orders/page"] == []
        assert not any("/buy/" in each for each in mall.asked)
        await live.open(f"{mall.url}/")
        await close_promotions(live, await live.settled())
        await follow(live, Aim.ORDERS, arrival.trail)
        assert Landmark.ORDERS in GOAL.recognise(await live.settled(5.0, lambda v: bool(GOAL.recognise(v))))


async def test_a_list_in_a_window_is_found_however_late_the_site_answers_it(live: LivePage) -> None:
    async with open_mall(PAGES | {"/": MENUS["a window that a script opens"]}) as mall:
        mall.late["/bought"] = 1.5
        walk = await walked(live, f"{mall.url}/")
        assert Landmark.ORDERS in walk.found, walk.told


def wrong_menu() -> str:
    entries = []
    for number, words in enumerate(WRONG):
        act = POSTS.replace("N", str(number))
        entries += [
            f'<li class="item" onclick="{act}">{words}</li>',
            f'<li><a href="/wrong/{number}">{words}</a></li>',
            f'<li><button onclick="{act}">{words}</button></li>',
            f'<li><form method="post" action="/act/{number}"><button>{words}</button></form></li>',
        ]
    return (
        f'{STYLE}<aside class="menu"><ul>{"".join(entries)}</ul></aside>{HOME}<nav><a href="/bought">订购记录</a></nav>'
    )


async def test_forty_wrong_paths_are_offered_and_none_is_taken(live: LivePage) -> None:
    without = {path: page for path, page in PAGES.items() if path != "/bought"}
    async with open_mall(without | {"/": wrong_menu(), "/bought": wrong_menu()}) as mall:
        walk = await walked(live, f"{mall.url}/")
        assert not walk.found
        assert mall.posts == []
        assert {each.removeprefix("GET ") for each in mall.asked} <= {"/", "/bought", "/favicon.ico"}


@pytest.mark.parametrize("send", ["fetch('/api/service/renew', {method: 'POST'})", "document.forms[0].submit()"])
async def test_an_entry_that_wants_to_send_something_ends_the_walk(live: LivePage, send: str) -> None:
    form = '<form method="post" action="/act"></form>'
    menu = f'{STYLE}{form}<nav><span class="item">我的服务</span></nav>{HOME}{open_on("我的服务", send)}'
    async with open_mall({"/": menu}) as mall:
        with pytest.raises(SentOnTheWay, match=r"我的服务.*POST"):
            await walked(live, f"{mall.url}/")
        assert mall.posts == []


async def test_what_a_page_wants_to_send_as_it_opens_ends_neither_a_walk_nor_a_known_way(live: LivePage) -> None:
    beats = f"<script>{POSTS.replace('POST', 'PUT')}</script>"
    menu = f'{STYLE}<nav><a href="/bought">订购记录</a></nav>{HOME}'
    async with open_mall({"/": menu, "/bought": PAGES["/bought"] + beats}) as mall:
        walk = await walked(live, f"{mall.url}/")
        trail = walk.found[Landmark.ORDERS].trail
        assert [step.how for step in trail] == [How.OPEN]
        await live.open(f"{mall.url}/")
        await follow(live, Aim.ORDERS, trail)
        assert Landmark.ORDERS in GOAL.recognise(await live.settled(5.0, lambda v: bool(GOAL.recognise(v))))
        assert mall.posts == []


async def test_a_page_that_is_not_there_ends_the_walk_within_its_bounds(live: LivePage) -> None:
    links = "".join(f'<a href="/p/{n}">服务{n}</a>' for n in range(90))
    pages = {f"/p/{n}": f"<nav>{links}</nav>" for n in range(90)}
    async with open_mall(pages | {"/": f"<nav>{links}</nav>"}) as mall:
        walk = await walked(live, f"{mall.url}/")
        assert not walk.found
        assert walk.pages <= 41
