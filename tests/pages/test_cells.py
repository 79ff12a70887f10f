"""Cells that show more than their value, and moments as people write them. No browser."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.orders import SHANGHAI, OrderStatus
from agent.pages import vocabulary
from agent.pages.inference.cells import amount_in, moment_in, state_in
from agent.pages.inference.parsed_list import Cell
from agent.pages.snapshot import Snapshot
from agent.pages.values import moment

NOW = datetime(2024, 6, 19, 15, 0, tzinfo=SHANGHAI)
WHEN = datetime(2024, 6, 18, 21, 39, 35, tzinfo=SHANGHAI)
PAGE = {"address": "x", "title": "", "ready": "complete", "width": 9, "height": 9, "scrollTop": 0, "scrollHeight": 9}


def cell(*lines: str, struck: tuple[int, ...] = (), **attrs: str) -> Cell:
    """A cell of lines one below the other; `struck` are those with a line through them."""
    raw = [
        {"id": at + 1, "parent": -1, "tag": "div", "box": [0, 20 * at, 90, 18], "text": text, "shown": True}
        | {"attrs": attrs, "size": 14, "struck": at in struck}
        for at, text in enumerate(lines)
    ]
    return Cell(Snapshot.load({**PAGE, "clientHeight": 9, "nodes": raw}).nodes)


def state(shown: Cell) -> OrderStatus | None:
    return state_in(shown, vocabulary.ORDER_STATUS, {})


@pytest.mark.parametrize(
    "shown",
    [
        cell("待确认", "剩余 6天23小时 自动确认"), cell("待确认", "订单详情"), cell("待确认 / 剩余3天"),
        cell("状态：待确认"), cell("待确认（3天后自动关闭）"), cell("待确认", "申请退款"), cell("", title="待确认"),
    ],
)  # fmt: skip
def test_a_state_is_read_beside_what_says_nothing_else(shown: Cell) -> None:
    assert state(shown) is OrderStatus.AWAITING_CONFIRMATION


@pytest.mark.parametrize(
    "shown",
    [
        cell("待确认", "退款中"),
        cell("待确认", "部分退款"),
        cell("待确认", "已冻结"),
        cell("退款", "已完成"),
        cell("等待买家确认服务"),
    ],
)
def test_a_state_beside_what_may_say_otherwise_is_none(shown: Cell) -> None:
    assert state(shown) is None


@pytest.mark.parametrize(
    "shown",
    [
        cell("总额 ¥1280.00", "在线支付"), cell("总额", "¥1,280.00"), cell("¥1999.00", "¥1280.00", struck=(0,)),
        cell("原价 ¥1999.00", "实付 ¥1280.00"), cell("应付 ¥1999.00", "实付：¥1280.00"), cell("1280.00元", "微信支付"),
        cell("¥1280.00 × 1"), cell("¥1280.00", "+100积分"), cell("¥1280.00", "已返 ¥10.00"),
        cell("实付 ¥1280.00", "优惠 -¥100.00"),
    ],
)  # fmt: skip
def test_the_amount_that_counts_is_read(shown: Cell) -> None:
    assert amount_in(shown, "CNY") == (Decimal("1280.00"), "CNY")


@pytest.mark.parametrize(
    "shown",
    [
        cell("¥1999.00", "¥1280.00"), cell("300", "1"), cell("押金 ¥300"), cell("¥30/月"), cell("¥100-200"),
        cell("优惠 ¥30"), cell("¥98起"), cell("¥30 × 2"), cell("0.128万元"),
        cell("-¥100.00"), cell("¥1280.00", "-¥100.00"), cell("¥1280.00 - ¥100.00"),
    ],
)  # fmt: skip
def test_amounts_of_which_nobody_says_which_counts_are_none(shown: Cell) -> None:
    with pytest.raises(ValueError, match=r"."):
        amount_in(shown, "CNY")


@pytest.mark.parametrize(
    "text",
    [
        "2024/6/18 下午9:39:35", "2024/6/18 晚上9:39:35", "2024-06-18 09:39:35 PM", "2024年6月18日 星期二 21:39:35",
        "2024-06-18(周二) 21:39:35", "2024年6月18日 21时39分35秒", "下单时间：2024-06-18 21:39:35",
        "2024-06-18\u200b 21:39:35", "下单：2024-06-18 21:39:35 付款：2024-06-18 21:40:02",
    ],
)  # fmt: skip
def test_a_moment_is_read_in_the_forms_that_people_write(text: str) -> None:
    assert moment_in(cell(text), None) == WHEN


@pytest.mark.parametrize("text", ["2024-06-18T13:39:35Z", "20240618213935000+0800", "1718717975000"])
def test_a_moment_of_a_machine_is_read_as_before(text: str) -> None:
    assert moment_in(cell(text), None) == WHEN


def test_midnight_and_noon_of_a_clock_of_12_hours() -> None:
    assert moment("2024/6/12 上午12:12:00").hour == 0
    assert moment("2024/6/12 下午12:05:00").hour == 12
    assert moment("2024/6/12 中午12:05:00").hour == 12
    assert moment("2024/6/12 凌晨12:05:00").hour == 0


@pytest.mark.parametrize(
    "text", ["3天前", "06-18 21:39", "2024-06-18 星期三 21:39", "上午13:00", "2024-06-18 晚上12:10"]
)
def test_a_moment_in_doubt_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment_in(cell(text), NOW)


def test_a_day_in_words_is_read_from_what_the_element_carries_or_from_today() -> None:
    assert moment_in(cell("3天前", title="2024-06-18 21:39:35"), None) == WHEN
    assert moment_in(cell("06-18 21:39", datetime="2024-06-18T21:39:35+08:00"), None) == WHEN
    assert moment_in(cell("昨天 21:39:35"), NOW) == WHEN
    with pytest.raises(ValueError, match="no moment"):
        moment_in(cell("昨天 21:39:35"), None)
    with pytest.raises(ValueError, match="no moment"):
        moment_in(cell("06-18 20:00", title="2024-06-18 21:39:35"), None)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)))  # noqa: DTZ001 - written without a zone
def test_a_moment_survives_a_clock_of_12_hours(when: datetime) -> None:
    half = "上午" if when.hour < 12 else "下午"
    text = f"{when.year}/{when.month}/{when.day} {half}{when.hour % 12 or 12}:{when:%M:%S}"
    assert moment(text) == when.replace(microsecond=0, tzinfo=SHANGHAI)


@given(st.decimals(0, 99999, places=2), st.sampled_from(["{}元", "¥{}", "总额 ¥{}", "实付：¥{}"]))
def test_an_amount_survives_its_label(amount: Decimal, form: str) -> None:
    assert amount_in(cell(form.format(amount), "在线支付"), "CNY") == (amount, "CNY")


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-18 12:30:00 UTC",
        "2024-06-18 12:30 PDT",
        "2024-06-18 12:30 (GMT+7)",
        "2024-06-18 12:30 美国时间",
        "2024-06-18起",
    ],
)
def test_the_clock_of_another_place_tells_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="moment"):
        moment_in(cell(text), None)


@pytest.mark.parametrize("text", ["2024-06-18 21:39:35 (GMT+8)", "北京时间 2024-06-18 21:39:35"])
def test_the_clock_of_this_place_may_be_named(text: str) -> None:
    assert moment_in(cell(text), None) == WHEN
