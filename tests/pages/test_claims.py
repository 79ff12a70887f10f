"""What a dialog says of an order: what contradicts it, and what only looks as if it did."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from agent.domain.orders import SHANGHAI, Order, OrderStatus
from agent.pages.inference.claims import contradiction

NUMBER = "3391000000000000011"
ORDER = Order(
    NUMBER,
    datetime(2026, 6, 18, 21, 39, 35, tzinfo=SHANGHAI),
    "网店管家J系列",
    None,
    True,
    Decimal("62.80"),
    OrderStatus.AWAITING_CONFIRMATION,
)
LISTED = {"网店管家J系列", "网店管家云端版", "店小蜜智能客服", "短信"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("确定要确认订单 3391000000000000012 吗？", "3391000000000000012"),
        ("订单编号：3391000000000000012 确定 取消", "3391000000000000012"),
        ("实付金额 ¥ 80.00", "80.00 CNY"),
        ("确认实付款：1,062.80元", "1062.80 CNY"),
        ("订单金额 99.00 实付 80.00 元", "80.00 CNY"),
        ("金额为 $62.80", "62.80 USD"),
        ("确定要确认 2026-06-19 21:39:35 的订单吗", "2026-06-19 21:39:35"),
        ("订购时间：2026/06/18 21:40", "2026-06-18 21:40:00"),
        ("下单时间 2026-06-18 21:39:36 到期时间 2027-06-18 21:39:35", "2026-06-18 21:39:36"),
        ("确定要确认「网店管家云端版」吗？", "“网店管家云端版”"),
        ("服务：店小蜜 智能客服", "“店小蜜智能客服”"),
    ],
)
def test_what_is_anothers_is_told(text: str, named: str) -> None:
    found = contradiction(text, ORDER, LISTED)
    assert found is not None
    assert f"speaks of {named}," in found.en
    assert f"是 {named}，" in found.zh


@pytest.mark.parametrize(
    "text",
    [
        "确定要确认吗？",
        f"确定要确认「网店管家J系列」（订单 {NUMBER}）吗？",
        f"订单 {NUMBER}，同批订单 3391000000000000012",
        "客服热线 4008009000，如有疑问请致电",
        "实付金额：62.80 元",
        "订单金额 99.00，优惠金额 36.20，实付 62.80",
        "结算金额将在 T+1 到账，手续费 0.60 元",
        "金额不足100的部分不予退还",
        "订购时间 2026-06-18 21:39",
        "有效期 2026-06-18 00:00:00 至 2027-06-18 00:00:00",
        "系统将于 2026-07-01 00:00:00 自动确认",
        "请在2026-07-01 00:00:00前确认",
        "确认 2026-07-01 00:00:00 前的所有费用",
        "订购日期 2026-06-19",
        "网店管家J系列（由网店管家云端版升级）",
        "确认后将发送短信通知",
    ],
)
def test_what_does_not_contradict_is_no_reason_to_decline(text: str) -> None:
    assert contradiction(text, ORDER, LISTED) is None


def test_a_number_that_the_list_hides_cannot_be_compared() -> None:
    assert contradiction("确定要确认订单 3391000000000000012 吗？", replace(ORDER, order_no=None), LISTED) is None


def test_without_a_time_of_day_in_the_list_the_days_are_compared() -> None:
    dated = replace(ORDER, ordered_at=datetime(2026, 6, 18, tzinfo=SHANGHAI))
    assert contradiction("订购时间 2026-06-18 21:39:35", dated, LISTED) is None
    assert contradiction("订购时间 2026-06-19 21:39:35", dated, LISTED) is not None
