"""Which button of a row is pressed, if two of them say much the same."""

from agent.pages import vocabulary
from agent.pages.inference.list_kind import FILINGS, ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.records import button, refund_button
from agent.pages.live.page import LivePage

STYLE = "<!doctype html><meta charset=utf-8><style>td,th{padding:4px 10px;text-align:left}</style>"
ORDER = (
    "<tr><td>339100000000001<td>2026-06-18 21:39:35<td>网店管家J系列<td>《订购协议》V3 <button id=sign>确认</button>"
    "<td>62.80<td>待确认<td><button id=own>确认</button>"
)
ORDER_HEADS = "<th>订单编号<th>订购时间<th>服务名称<th>协议<th>实付金额<th>状态<th>操作"
ORDERS_PAGE = f"{STYLE}<table><thead><tr>{ORDER_HEADS}</thead><tbody>{ORDER}</tbody></table>"
FILING = (
    "<tr><td>淘宝<td>339100000000001<td>2026-06-18<td>62.80<td>报备中<td><button id=ends>申请退款</button> "
    "<button id=own>申请返款</button>"
)
FILING_HEADS = "<th>平台<th>订单编号<th>订购日期<th>订购金额<th>状态<th>操作"
FILINGS_PAGE = f"{STYLE}<table><thead><tr>{FILING_HEADS}</thead><tbody>{FILING}</tbody></table>"


async def test_what_confirms_stands_under_the_actions_and_in_no_other_column(live: LivePage) -> None:
    await live.raw.set_content(ORDERS_PAGE)
    located = find_list(await live.settled(), ORDERS)
    assert located is not None
    found = button(located.parsed.rows[0], vocabulary.CONFIRM)
    assert found is not None
    assert found.attrs.get("id") == "own"


async def test_what_asks_for_the_refund_goes_before_what_ends_the_service(live: LivePage) -> None:
    await live.raw.set_content(FILINGS_PAGE)
    located = find_list(await live.settled(), FILINGS)
    assert located is not None
    found = refund_button(located.parsed.rows[0])
    assert found is not None
    assert found.attrs.get("id") == "own"
