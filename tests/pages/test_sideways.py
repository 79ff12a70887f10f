"""A list that draws only the columns in view: the others come by scrolling sideways."""

import json
from decimal import Decimal
from functools import partial
from operator import attrgetter

import pytest

from agent.domain.orders import Order
from agent.domain.page_errors import PageChanged
from agent.pages import vocabulary
from agent.pages.actions.horizontal_scroll import is_narrow, widened
from agent.pages.actions.list_arrival import OpenedList
from agent.pages.actions.list_pieces import each_page
from agent.pages.actions.list_reader import RowReading, read_all
from agent.pages.inference.list_checks import ORDER_NEEDS
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.records import OrderRules, button, order_of
from agent.pages.live.page import LivePage

RULES = OrderRules(["网店管家云端版"])
HEADS = ("订单编号", "订购时间", "服务名称", "订购店铺", "到期时间", "实付金额", "状态", "操作")
ROWS = [
    (
        f"33910000000000000{i}",
        f"2024-06-18 21:39:3{i}",
        "网店管家云端版",
        "锦绣家居",
        "2025-06-18 00:00:00",
        f"{i}.80",
        "待确认",
        "确认",
    )
    for i in range(1, 9)
]
STYLE = (
    "<!doctype html><meta charset=utf-8><style>body{margin:20px;font:14px sans-serif}"
    "#list{width:600px;height:240px;overflow:auto;position:relative}.line{position:relative;height:40px;width:1360px}"
    ".line div{position:absolute;width:170px;height:40px;line-height:40px}#head{position:sticky;top:0;background:#eee}"
    "</style>"
)


def page(script: str = "") -> str:
    """Draws the cells that are in view. `script` runs after each drawing; `rows` are its lines."""
    lines = "<div class=line role=row></div>" * len(ROWS)
    return (
        f"{STYLE}<div id=list><div class=line id=head></div>{lines}</div><script>"
        f"const said = {json.dumps([HEADS, *ROWS], ensure_ascii=False)};"
        "const list = document.getElementById('list'), rows = [...document.querySelectorAll('.line')];"
        "let at = -1; const draw = () => { if (at === list.scrollLeft) return; at = list.scrollLeft;"
        "rows.forEach((row, i) => { row.innerHTML = said[i].map((text, k) => ({text, x: k * 170}))"
        ".filter(({x}) => x + 170 > at && x < at + 600).map(({text, x}) => `<div style='left:${x}px'>${text}</div>`)"
        f".join(''); }}); {script} }}; list.onscroll = draw; draw();</script>"
    )


async def read(live: LivePage, html: str) -> list[Order]:
    await live.raw.set_content(html)
    parse, key = partial(order_of, rules=RULES), attrgetter("key")
    return await read_all(
        OpenedList(live, ORDERS, "market", live.traffic.cursor()), RowReading(ORDER_NEEDS, parse, key)
    )


async def test_columns_that_come_by_scrolling_sideways_are_joined_row_by_row(live: LivePage) -> None:
    found = await read(live, page())
    assert [(o.order_no, f"{o.ordered_at:%F %T}", o.amount) for o in found] == [
        (number, when, Decimal(amount)) for number, when, _, _, _, amount, _, _ in ROWS
    ]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(
            "if (at) { rows.forEach(r => { if (r.id !== 'head') r.replaceWith(r.cloneNode(true)); }); }", id="new"
        ),
        pytest.param("if (at) { list.append(rows[1]); }", id="other order"),
        pytest.param("if (at) { rows[3].remove(); }", id="one less"),
        pytest.param(
            "if (at) { rows[2].innerHTML = rows[2].innerHTML.replace('锦绣家居', '云上数码'); }", id="other words"
        ),
    ],
)
async def test_rows_that_cannot_be_joined_for_certain_are_an_error(live: LivePage, script: str) -> None:
    with pytest.raises(PageChanged, match="no column"):
        await read(live, page(script))


async def test_the_button_of_a_row_whose_number_is_out_of_view_is_clicked(live: LivePage) -> None:
    listens = "onclick = e => { if (e.target.textContent === '确认') document.title = e.target.parentNode.dataset.i; };"
    marks = "rows.forEach((row, i) => { row.dataset.i = i; });"
    await live.raw.set_content(page(marks + listens))
    narrow = find_list(await live.settled(), ORDERS)
    assert narrow is not None
    assert is_narrow(narrow, ORDERS)
    wide = await widened(live, ORDERS, narrow)
    assert not is_narrow(wide, ORDERS)
    third = next(r for r in wide.parsed.rows if r.text("order_no") == ROWS[2][0])
    node = button(third, vocabulary.CONFIRM)
    assert node is not None
    await live.click(wide.part, node)
    assert await live.raw.title() == "3"


async def test_no_row_is_given_out_before_its_button_can_be_clicked(live: LivePage) -> None:
    await live.raw.set_content(page("list.style.height = '255px';"))
    seen = []
    async for located in each_page(OpenedList(live, ORDERS, "market", live.traffic.cursor())):
        assert all(button(row, vocabulary.CONFIRM) for row in located.parsed.rows)
        seen += [row.text("order_no") for row in located.parsed.rows]
    assert list(dict.fromkeys(seen)) == [number for number, *_ in ROWS]


async def test_columns_come_though_a_wheel_over_the_pinned_one_moves_nothing(live: LivePage) -> None:
    # Six rows show, so that a word of the pinned column is the middle one of all that can be read.
    pins = (
        "list.style.height = '280px'; rows.forEach((row, i) => { const pin = document.createElement('div');"
        "pin.style = `left:${at}px;z-index:1;background:#fff`; pin.textContent = said[i][0];"
        "pin.addEventListener('wheel', event => event.deltaX && event.preventDefault(), {passive: false});"
        "[...row.children].forEach(cell => { if (parseFloat(cell.style.left) < at + 170) cell.remove(); });"
        "row.prepend(pin); });"
    )
    found = await read(live, page(pins))
    assert [(o.order_no, o.amount) for o in found] == [(number, Decimal(a)) for number, *_, a, _, _ in ROWS]
