"""Order lists in which an order is more than one line: a line with its number above, or cells that span lines."""

from decimal import Decimal

import pytest
from playwright.async_api import Page

from agent.domain.orders import Order
from agent.domain.page_errors import PageChanged
from agent.pages.inference.list_checks import ORDER_NEEDS, missing_column, no_loose_words
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.order_numbers import whole_number
from agent.pages.inference.records import OrderRules, order_of
from agent.pages.live.page import LivePage

RULES = OrderRules(["网店管家云端版"])
TAOBAO = OrderRules(["网店管家云端版"], number_after_confirm=True)
STYLE = (
    "<!doctype html><meta charset=utf-8><style>body{font:14px sans-serif;margin:8px}"
    "table{width:760px;border-collapse:collapse}td,th{padding:6px 10px;text-align:left}"
    ".a{width:760px;margin-top:10px;border:1px solid #ddd}.b{background:#eee;padding:6px 10px}"
    ".c{display:flex;align-items:center}.c div{box-sizing:border-box;padding:8px 10px;width:190px}</style>"
)
HEADS = ("服务", "实付款", "状态", "操作")
HEAD = "<table><thead><tr>" + "".join(f"<th>{h}" for h in HEADS) + "</thead><tbody>"
FIRST, SECOND = "339100000000000001", "339100000000000002"


def strip(number: str, when: str = "2024-06-18 21:39:35") -> str:
    text = f"<b>{when}</b> <span>订单号: <span>{number}</span></span> <i>某某服务商</i>"
    return f"<tr style='background:#eee'><td colspan=4>{text}"


def line(service: str, amount: str = "62.80", status: str = "待确认") -> str:
    return f"<tr><td>{service}<td>{amount}<td>{status}<td><button>确认</button>"


async def orders(live: LivePage, html: str, rules: OrderRules = RULES) -> list[Order]:
    await live.raw.set_content(STYLE + html)
    located = find_list(await live.settled(), ORDERS)
    assert located is not None
    missing_column(located.parsed, ORDER_NEEDS, "x")
    no_loose_words(located.parsed, "x")
    return [order_of(row, "x", rules) for row in located.parsed.rows]


def brief(found: list[Order]) -> list[tuple[object, ...]]:
    return [(o.order_no, f"{o.ordered_at:%F %T}", o.service, o.ours, o.amount, o.status.value) for o in found]


def order(number: str, service: str, amount: str = "62.80") -> tuple[object, ...]:
    ours = service == "网店管家云端版"
    return (number, "2024-06-18 21:39:35", service, ours, Decimal(amount), "awaiting_confirmation")


async def test_lines_above_rows_of_one_table(live: LivePage) -> None:
    html = HEAD + strip(FIRST) + line("网店管家云端版") + strip(SECOND) + line("打单发货宝", "9.90")
    assert brief(await orders(live, html)) == [
        order(FIRST, "网店管家云端版"),
        order(SECOND, "打单发货宝", "9.90"),
    ]


async def test_groups_drawn_without_a_table(live: LivePage) -> None:
    def group(number: str, service: str, wide: int) -> str:
        cells = "".join(f"<div style='width:{wide}px'>{c}</div>" for c in (service, "¥62.80", "待确认"))
        head = f"<div class=b><span>订单编号：{number}</span><span> 下单时间：2024-06-18 21:39:35</span></div>"
        return f"<div class=a>{head}<div class=c>{cells}<div><a href='#'>确认</a></div></div></div>"

    heads = "".join(f"<div>{h}</div>" for h in HEADS)
    groups = group(FIRST, "网店管家云端版", 190) + group(SECOND, "打单发货宝", 190)
    found = await orders(live, f"<div class=c>{heads}</div>{groups}")
    assert brief(found) == [order(FIRST, "网店管家云端版"), order(SECOND, "打单发货宝")]


async def test_number_and_time_inside_a_cell(live: LivePage) -> None:
    text = "<br><small>订单编号：{}</small><br><small>订购时间：2024-06-18 21:39:35</small>"
    html = HEAD + line("网店管家云端版" + text.format(FIRST)) + line("打单发货宝" + text.format(SECOND))
    assert brief(await orders(live, html)) == [order(FIRST, "网店管家云端版"), order(SECOND, "打单发货宝")]


SPANNED = "<tr><td>{}<td rowspan=2>62.80<td rowspan=2>待确认<td rowspan=2><button>确认</button><tr><td>{}"


async def test_cells_that_span_the_lines_of_an_order(live: LivePage) -> None:
    html = HEAD + strip(FIRST) + SPANNED.format("打单发货宝", "短信包") + strip(SECOND) + line("网店管家云端版")
    assert brief(await orders(live, html)) == [
        order(FIRST, "打单发货宝 + 短信包"),
        order(SECOND, "网店管家云端版"),
    ]


@pytest.mark.parametrize("services", [("网店管家云端版", "短信包"), ("短信包", "网店管家云端版")])
async def test_ours_among_several_services_is_a_doubt(live: LivePage, services: tuple[str, str]) -> None:
    with pytest.raises(PageChanged, match="service"):
        await orders(live, HEAD + strip(FIRST) + SPANNED.format(*services) + strip(SECOND) + line("打单发货宝"))


@pytest.mark.parametrize("rules", [RULES, TAOBAO])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(line("打单发货宝") + strip(SECOND) + line("打单发货宝"), id="a row without a line above"),
        pytest.param(strip(FIRST) + line("打单发货宝") * 2 + strip(SECOND) + line("打单发货宝"), id="two rows"),
        pytest.param(strip(FIRST) + strip(SECOND) + line("打单发货宝"), id="a line without a row"),
        pytest.param(strip(FIRST) + line("打单发货宝") + strip(SECOND), id="a line without a row at the end"),
        pytest.param(line("打单发货宝") + strip(FIRST) + line("打单发货宝") + strip(SECOND), id="lines below"),
    ],
)
async def test_lines_that_do_not_pair_up_with_rows_are_an_error(live: LivePage, body: str, rules: OrderRules) -> None:
    with pytest.raises(PageChanged):
        await orders(live, HEAD + body, rules)


OURS, OTHER = line("网店管家云端版"), line("打单发货宝", "9.90")
READ = [order(FIRST, "网店管家云端版"), order(SECOND, "打单发货宝", "9.90")]
TABLE = HEAD.removesuffix("<tbody>")
GAP = "<tr style='height:30px'><td colspan=4>"


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param((strip(FIRST) + OURS, strip(SECOND) + OTHER), id="above"),
        pytest.param((OURS + strip(FIRST), OTHER + strip(SECOND)), id="below"),
    ],
)
async def test_a_line_is_joined_with_the_row_of_its_own_element(live: LivePage, groups: tuple[str, str]) -> None:
    assert brief(await orders(live, TABLE + "".join(f"<tbody>{group}</tbody>" for group in groups))) == READ


async def test_a_line_at_the_foot_of_a_card_is_joined_with_that_card(live: LivePage) -> None:
    def card(number: str, service: str, amount: str) -> str:
        cells = "".join(f"<div>{c}</div>" for c in (service, amount, "待确认", "<a href='#'>确认</a>"))
        foot = f"<div class=b>订单编号：{number} 下单时间：2024-06-18 21:39:35</div>"
        return f"<div class=a><div class=c>{cells}</div>{foot}</div>"

    heads = "".join(f"<div>{h}</div>" for h in HEADS)
    cards = card(FIRST, "网店管家云端版", "62.80") + card(SECOND, "打单发货宝", "9.90")
    assert brief(await orders(live, f"<div class=c>{heads}</div>{cards}")) == READ


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(OURS + strip(FIRST) + OTHER + strip(SECOND), id="a line ends the list"),
        pytest.param(OURS + strip(FIRST) + OTHER, id="a row begins the list"),
        pytest.param(strip(FIRST) + OURS + strip(SECOND), id="the last row is missing"),
        pytest.param(strip(FIRST) + GAP + OURS + strip(SECOND) + GAP + OTHER, id="nearer to the row above"),
    ],
)
async def test_nothing_is_read_of_a_list_whose_lines_may_stand_below_their_rows(live: LivePage, body: str) -> None:
    with pytest.raises(PageChanged, match="stands beside the rows"):
        await orders(live, HEAD + body)
    located = find_list(await live.look(), ORDERS)
    assert located is not None
    assert not [row for row in located.parsed.rows if whole_number(row) and row.text("service")]


async def test_a_button_in_the_line_above_belongs_to_the_order(live: LivePage, small: Page) -> None:
    above = strip(FIRST).replace("某某服务商", "<button>删除</button>")
    await orders(live, HEAD + above + line("打单发货宝") + strip(SECOND) + line("网店管家云端版"))
    located = find_list(await live.look(), ORDERS)
    assert located is not None
    assert [sum(n.text == "删除" for n in r.nodes) for r in located.parsed.rows] == [1, 0]
    assert small is live.raw


async def test_the_shop_that_ordered_is_read_where_it_stands_under_the_service(live: LivePage) -> None:
    heads = "<tr><th>订单编号<th>订购时间<th>服务名称<th>实付金额<th>状态"
    service = "网店管家云端版<div>订购店铺：青禾童装专营店</div>"
    row = f"<tr><td>{FIRST}<td>2026-06-18 21:39:35<td>{service}<td>62.80<td>待确认"
    await live.raw.set_content(f"{STYLE}<table><thead>{heads}</thead><tbody>{row}</tbody></table>")
    located = find_list(await live.settled(), ORDERS)
    assert located is not None
    order = order_of(located.parsed.rows[0], "http://a.test/", RULES)
    assert (order.shop, order.service) == ("青禾童装专营店", "网店管家云端版")
