"""Rows that are not understood: whose they are, and what of them nobody knows."""

from collections.abc import Sequence
from typing import Any

import pytest

from agent.domain.orders import Filing, Order, OrderStatus
from agent.domain.page_errors import ColumnsMissing, NothingRead, PageChanged
from agent.domain.unread import UnreadRow
from agent.pages.inference.list_checks import ORDER_NEEDS, missing_column
from agent.pages.inference.list_kind import FILINGS, ORDERS, ListKind
from agent.pages.inference.parsed_list import ParsedList
from agent.pages.inference.records import OrderRules
from agent.pages.inference.tables import find_table
from agent.pages.inference.unread_rows import parted, read_filing, read_order
from agent.pages.snapshot import Snapshot
from tests.pages.made_up import HEADS, El, draw

RULES = OrderRules(["网店管家云端版", "FW_GOODS-1870412"])
OURS, OTHERS = "网店管家云端版", "快递助手"
NUMBER = "339100000000001"
FILING_HEADS = ("平台", "店铺名称", "订单编号", "订购日期", "订购金额", "状态")


def parsed(rows: Sequence[Sequence[str]], heads: Sequence[str] = HEADS, kind: ListKind = ORDERS) -> ParsedList:
    lines = [El("tr", children=[El("th", h, width=200) for h in heads], line=True)]
    lines += [El("tr", children=[El("td", text, width=200) for text in row], line=True) for row in rows]
    nodes: list[dict[str, Any]] = []
    draw(El("body", children=[El("table", children=lines)]), -1, 0.0, 0.0, nodes)
    about = {"address": "x", "title": "", "ready": "complete", "width": 1600, "height": 900}
    size = {"scrollTop": 0, "scrollHeight": 900, "clientHeight": 900}
    found = find_table(Snapshot.load({**about, **size, "nodes": nodes}), kind.vocabulary, kind.telling)
    assert found is not None
    return found


def read(
    number: str = NUMBER,
    when: str = "2026-11-18 10:00:00",
    service: str = OURS,
    amount: str = "¥9.00",
    status: str = "待确认",
    rules: OrderRules = RULES,
) -> Order | UnreadRow:
    return read_order(parsed([(number, when, service, amount, status)]).rows[0], "x", rules)


def unread(**cells: Any) -> UnreadRow:  # noqa: ANN401
    found = read(**cells)
    assert isinstance(found, UnreadRow)
    return found


def test_what_is_understood_is_an_order() -> None:
    assert isinstance(read(), Order)


def test_an_unknown_state_of_another_vendors_row_is_known_to_be_theirs() -> None:
    row = unread(service=OTHERS, status="待评价")
    assert (row.foreign, row.order_no, row.name) == (True, NUMBER, OTHERS)
    assert [(gap.field, gap.shown) for gap in row.gaps] == [("status", "待评价")]


@pytest.mark.parametrize(
    "service",
    [
        OURS,
        "快递助手 FW_GOODS-1870412",  # our code decides
        f"快递助手（{OURS}专用）",  # it speaks of us
        "FW_GOODS-1870412",
        "--",
    ],
)
def test_a_row_that_may_be_ours_is_never_passed_over(service: str) -> None:
    assert not unread(service=service, status="待评价").foreign


def test_all_that_is_not_understood_is_told_at_once() -> None:
    row = unread(status="待评价", amount="面议", when="昨日某时")
    assert {g.field: g.shown for g in row.gaps} == {"status": "待评价", "amount": "面议", "ordered_at": "昨日某时"}


def test_a_row_without_its_number_has_none() -> None:
    row = unread(number="--", status="待评价")
    assert row.order_no is None
    assert "order_no" in {gap.field for gap in row.gaps}


def test_a_number_that_waits_for_the_confirmation_is_no_gap() -> None:
    row = unread(number="--", status="待评价", rules=OrderRules([OURS], number_after_confirm=True))
    assert [gap.field for gap in row.gaps] == ["status"]


def test_a_page_of_which_nothing_is_understood_stops_everything() -> None:
    rows = [unread(status="待评价"), unread(status="已受理")]
    with pytest.raises(NothingRead) as caught:
        parted(rows, "x")
    assert all(word in caught.value.missing.en for word in ("待评价", "已受理"))


def test_rows_are_parted_and_none_is_dropped() -> None:
    found = [read(), unread(status="待评价"), read(number="339100000000002")]
    orders, rest = parted(found, "x")
    assert len(orders) + len(rest) == len(found)
    assert [row.order_no for row in rest] == [NUMBER]


def test_a_further_heading_does_no_harm() -> None:
    heads, row = (*HEADS, "订购渠道"), (NUMBER, "2026-11-18 10:00:00", OURS, "¥9.00", "待确认", "官网")
    found = parsed([row], heads)
    missing_column(found, ORDER_NEEDS, "x")
    assert isinstance(read_order(found.rows[0], "x", RULES), Order)


def test_columns_that_are_missing_are_told_all_at_once_with_the_headings_that_nobody_knows() -> None:
    heads = ("流水", "订购时间", "服务名称", "实付金额", "进展")
    found = parsed([(NUMBER, "2026-11-18 10:00:00", OURS, "¥9.00", "待确认")], heads)
    with pytest.raises(ColumnsMissing) as caught:
        missing_column(found, ORDER_NEEDS, "x")
    assert caught.value.fields == ("order_no", "status")
    assert caught.value.unknown == ("流水", "进展")


def test_words_of_the_settings_are_understood() -> None:
    kind = ORDERS.with_words({"order_no": ("流 水",), "status": ("进展",)}, (), ())
    heads = ("流水", "订购时间", "服务名称", "实付金额", "进展")
    rules = OrderRules([OURS], statuses={"已受理": OrderStatus.COMPLETED})
    found = parsed([(NUMBER, "2026-11-18 10:00:00", OURS, "¥9.00", "已受理")], heads, kind)
    missing_column(found, ORDER_NEEDS, "x")
    order = read_order(found.rows[0], "x", rules)
    assert isinstance(order, Order)
    assert (order.order_no, order.status) == (NUMBER, OrderStatus.COMPLETED)


def test_a_word_that_is_known_keeps_its_meaning() -> None:
    kind = ORDERS.with_words({"amount": ("订单编号",)}, (), ())
    assert "订单编号" not in kind.vocabulary["amount"]
    found = read(status="待付款", rules=OrderRules([OURS], statuses={"待付款": OrderStatus.COMPLETED}))
    assert isinstance(found, Order)
    assert found.status is OrderStatus.UNPAID


def test_the_same_words_make_the_same_kind_of_list() -> None:
    first, second = (ORDERS.with_words({"order_no": ("流水",)}, ["已受理"], ["空"]) for _ in range(2))
    assert first is second
    assert ORDERS.with_words({}, (), ()) is ORDERS


def filing(status: str, number: str = NUMBER) -> Filing | UnreadRow:
    row = ("淘宝", "锦绣家居旗舰店", number, "2026-11-18", "9.00", status)
    return read_filing(parsed([row], FILING_HEADS, FILINGS).rows[0], "x")


def test_a_filing_in_an_unknown_state_is_known_by_its_number() -> None:
    assert isinstance(filing("报备中"), Filing)
    row = filing("已转财务")
    assert isinstance(row, UnreadRow)
    assert (row.order_no, row.name, row.foreign) == (NUMBER, "淘宝", False)


def test_a_filing_without_a_number_stops_everything() -> None:
    with pytest.raises(PageChanged):
        filing("已转财务", number="--")
