"""What leads from a row to its order's own page, and what is never followed."""

import pytest
from playwright.async_api import Page

from agent.pages.inference.links_onward import WayKind, ways_on
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.live.page import LivePage
from tests.pages.shop import HEAD

STYLE = "<style>td,th{padding:6px 14px;text-align:left;white-space:nowrap}</style>"


async def kinds(
    page: Page, *, number: str = "339100000000001", name: str = "网店管家云端版", action: str = "--"
) -> list[WayKind]:
    """The ways on from the first of two rows."""
    rows = "".join(
        f"<tr><td>{no}<td>2026-01-05 10:00:0{at}<td>{called}<td>62.80<td>待确认<td>{work}"
        for at, (no, called, work) in enumerate([(number, name, action), ("339100000000002", "快递打单王", "详情")])
    )
    await page.set_content(f"<!doctype html>{STYLE}<table><thead><tr>{HEAD}<th>操作</thead><tbody>{rows}</table>")
    located = find_list(await LivePage(page).look(), ORDERS)
    assert located is not None
    return [way.kind for way in ways_on(located.part.shot, located.parsed.rows[0])]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"name": "<a href='/detail?id=1'>网店管家云端版</a>"}, [WayKind.SERVICE]),
        ({"name": "<span style='cursor:pointer'>网店管家云端版</span>"}, [WayKind.SERVICE]),
        ({"number": "<a href='#/order/1'>339100000000001</a>"}, [WayKind.NUMBER]),
        ({"action": "<a href='#'>续费</a> <a href='/order/detail.htm'>查看详情 &gt;</a>"}, [WayKind.DETAILS]),
        ({"action": "<button type=button>更多</button>"}, [WayKind.MENU]),
        ({"number": "<i class='el-table__expand-icon' style='cursor:pointer;padding:6px'></i>339100000000001"},
         [WayKind.UNFOLDS]),
        ({"name": "<a href='/d'>网店管家云端版</a>", "action": "<a href='/d'>详情</a>",
          "number": "<span role=button aria-expanded=false style='padding:6px'></span>339100000000001"},
         [WayKind.UNFOLDS, WayKind.SERVICE, WayKind.DETAILS]),
    ],
)  # fmt: skip
async def test_what_leads_to_the_order_is_found_the_fittest_first(
    given: dict[str, str], wanted: list[WayKind], small: Page
) -> None:
    assert await kinds(small, **given) == wanted


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "<a href='/service/buy?id=1'>网店管家云端版</a>"},
        {"name": "<a href='/order/toPay.htm?id=1'>网店管家云端版</a>"},
        {"name": "<a href='/order/confirm?id=1'>网店管家云端版</a>"},
        {"name": "<a href='/order?op=cancel&id=1'>网店管家云端版</a>"},
        {"name": "<a href='/d' data-method='post'>网店管家云端版</a>"},
        {"name": "<form><button>网店管家云端版</button></form>"},
        {"name": "<button type=submit>网店管家云端版</button>"},
        {"name": "<a href='/d' title='立即续费'>网店管家云端版</a>"},
        {"action": "<a href='javascript:'>续费</a> <a href='javascript:'>评价</a> <a href='javascript:'>去使用</a>"},
        {"action": "<a href='javascript:'>申请退款</a> <a href='javascript:'>删除</a> <a href='javascript:'>授权</a>"},
        {"action": "<a href='javascript:submitForm(1)'>详情</a>"},
        {"action": "<button disabled>详情</button>"},
        {"number": "<input type=checkbox>339100000000001"},
    ],
)
async def test_what_could_change_or_buy_something_is_no_way(given: dict[str, str], small: Page) -> None:
    assert await kinds(small, **given) == []
