"""Before 确认 is clicked in a row, no box may be ticked in any other: a click may be done to all that are ticked."""

import pytest

from agent.domain.page_errors import PageChanged
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.row_ticks import no_other_ticks
from agent.pages.live.page import LivePage

HEADS = ("订单编号", "订购时间", "服务名称", "实付金额", "状态", "操作")
OWN = "339100000000000001"
PLAIN = "<input type=checkbox {}>"
ANTD = "<label><span class='ant-checkbox {}'><input type=checkbox style='opacity:0' {}></span></label>"
BOX = "<i role=checkbox aria-checked={} style='display:inline-block;width:14px;height:14px'></i>"
DRAWN = "<span class='my-checkbox {}' style='display:inline-block;width:14px;height:14px'></span>"
FACTS = "<td>2024-06-18 21:39:35<td>网店管家云端版<td>62.80<td>待确认<td><button>确认</button>"
TICKED = PLAIN.format("checked")
FREE = PLAIN.format("")
FILTER = "<p><label><input type=checkbox checked> 显示已关闭的订单</label></p>"


def table(head: str, own: str, other: str, over: str = "") -> str:
    rows = "".join(f"<tr><td>{box}<td>{number}{FACTS}" for box, number in ((own, OWN), (other, "339100000000000002")))
    return f"{over}<table><thead><tr><th>{head}{''.join(f'<th>{h}' for h in HEADS)}</thead><tbody>{rows}</table>"


async def check(live: LivePage, html: str) -> None:
    await live.raw.set_content(f"<!doctype html><meta charset=utf-8>{html}")
    located = find_list(await live.settled(), ORDERS)
    assert located is not None
    no_other_ticks(located, next(r for r in located.parsed.rows if OWN in r.text("order_no")))


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(table(FREE, FREE, TICKED), id="a plain box"),
        pytest.param(table(FREE, TICKED, TICKED), id="a plain box beside a ticked one of its own"),
        pytest.param(table(TICKED, FREE, FREE), id="the box in the head"),
        pytest.param(table(FREE, FREE, ANTD.format("ant-checkbox-checked", "checked")), id="a box of a kit"),
        pytest.param(table(FREE, FREE, BOX.format("true")), id="a box by its role"),
        pytest.param(table(FREE, FREE, DRAWN.format("is-checked")), id="a box by its class alone"),
    ],
)
async def test_a_ticked_box_of_another_row_is_a_stop(live: LivePage, html: str) -> None:
    with pytest.raises(PageChanged, match="other rows of the list are ticked"):
        await check(live, html)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(table(FREE, FREE, FREE), id="nothing is ticked"),
        pytest.param(table(FREE, TICKED, FREE), id="its own row is ticked"),
        pytest.param(table(FREE, FREE, BOX.format("false")), id="a free box by its role"),
        pytest.param(table(FREE, FREE, ANTD.format("", "")), id="a free box of a kit"),
        pytest.param(table(FREE, FREE, DRAWN.format("")), id="a free box by its class"),
        pytest.param(table(FREE, FREE, FREE, FILTER), id="a filter over the list is ticked"),
    ],
)
async def test_free_boxes_and_ticks_elsewhere_are_none(live: LivePage, html: str) -> None:
    await check(live, html)
