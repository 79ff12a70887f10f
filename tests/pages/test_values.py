"""What cells say, as values: every form that sites use is read, every doubt is an error and never a guess."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.domain.expiry import Period
from agent.domain.orders import SHANGHAI
from agent.pages.inference.torn_numbers import is_torn
from agent.pages.values import (
    completes,
    cut_number,
    is_substituted,
    moment,
    moments_in,
    money,
    numbers_in,
    period,
    price,
)

EVENING = datetime(2024, 6, 18, 21, 39, 35, tzinfo=SHANGHAI)
moments = st.datetimes(datetime(2001, 1, 1), datetime(2099, 12, 31)).map(  # noqa: DTZ001
    lambda d: d.replace(microsecond=0, tzinfo=SHANGHAI)
)
order_numbers = st.integers(10**15, 10**19).map(str)


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-18 21:39:35",
        "2024/6/18 21:39:35",
        "2024.06.18 21:39:35",
        "2024年6月18日 21:39:35",
        "２０２４－０６－１８　２１：３９：３５",
        " 2024-06-18\n 21:39:35 ",
        "2024-06-18T21:39:35",
        "2024-06-18T13:39:35Z",
        "2024-06-18T21:39:35.123+08:00",
        "20240618213935000+0800",
        "1718717975000",
    ],
)
def test_a_moment_is_read_in_every_form(text: str) -> None:
    assert moment(text) == EVENING
    assert moment(text).utcoffset() == EVENING.utcoffset()


@pytest.mark.parametrize("text", ["2024-06-18", "2024/6/18", "2024年06月18日", "2024.6.18"])
def test_a_day_alone_is_its_midnight(text: str) -> None:
    assert moment(text) == datetime(2024, 6, 18, tzinfo=SHANGHAI)


def test_the_day_and_the_hour_are_kept_apart() -> None:
    assert moment("2024-1-1 2:30") == datetime(2024, 1, 1, 2, 30, tzinfo=SHANGHAI)
    assert moment("2024-1-12 2:30:00") == datetime(2024, 1, 12, 2, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "昨天",
        "06-18 21:39",
        "2024-13-01",
        "2024-02-30",
        "2024-06-18 25:00",
        "2024-06-18 至 2025-06-18",
        "18/06/2024",
        "于2024-06-18",
        "1718717975",
        "3391899276382420635",
    ],
)
def test_what_is_no_moment_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        moment(text)


@given(moments)
def test_a_moment_survives_being_written(when: datetime) -> None:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y%m%d%H%M%S000%z"):
        assert moment(when.strftime(form)) == when
    assert moment(when.astimezone(UTC).isoformat()) == when
    assert moments_in(f"订购于 {when:%Y-%m-%d %H:%M:%S}，请及时确认") == [when]


@given(moments, moments)
def test_two_moments_are_found_in_order(one: datetime, other: datetime) -> None:
    assert moments_in(f"{one:%Y-%m-%d %H:%M:%S} 至 {other:%Y-%m-%d %H:%M:%S}") == [one, other]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("¥62.80", "62.80"),
        ("￥ 1,740.80", "1740.80"),
        ("62.8元", "62.80"),
        ("1740", "1740.00"),
        ("0.00", "0.00"),
        ("CNY 88.00", "88.00"),
        ("６２．８０", "62.80"),
        ("¥ 1,234,567.5", "1234567.50"),
        ("-5.00", "-5.00"),
        ("62.8000", "62.80"),
    ],
)
def test_money_is_read_in_every_form(text: str, amount: str) -> None:
    assert money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "免费",
        "62.805",
        "1,74.80",
        "62.80 起",
        "300 1",
        "¥62.8 1",
        "1, 200",
        "$62.80",
        "¥62.80 ¥80.00",
        "12,34",
        "1e3",
        "62.80/年",
        "..",
        "¥",
    ],
)
def test_what_is_no_amount_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        money(text)


@pytest.mark.parametrize(
    ("text", "expected", "currency"),
    [
        ("12.00", "USD", "USD"),
        ("12.00", "CNY", "CNY"),
        ("¥12.00", "USD", "CNY"),
        ("12.00元", "USD", "CNY"),
        ("RMB 12.00", "USD", "CNY"),
        ("$12.00", "CNY", "USD"),
        ("USD 12.00", "CNY", "USD"),
        ("12.00 usd", "CNY", "USD"),
        ("US$ 12.00", "HKD", "USD"),
        ("HK$12.00", "USD", "HKD"),
        ("€12.00", "CNY", "EUR"),
        ("$12.00", "SGD", "SGD"),
        ("¥12.00", "JPY", "JPY"),
        ("12.00 KES", "KES", "KES"),
    ],
)
def test_a_price_is_in_the_currency_that_is_shown_else_in_the_one_expected(
    text: str, expected: str, currency: str
) -> None:
    assert price(text, expected) == (Decimal("12.00"), currency)


@pytest.mark.parametrize("text", ["$12.00 CNY", "12.00 KES", "约 12.00", "¥12.00 USD", "12.00/年", "$", "12.00 积分"])
def test_what_names_two_currencies_or_none_that_is_known_is_no_price(text: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        price(text, "CNY")


@given(st.decimals(0, 10**7, places=2))
def test_an_amount_survives_being_written(amount: Decimal) -> None:
    for form in (f"¥{amount:.2f}", f"￥ {amount:,.2f}", f"{amount:.2f}元", f"{amount:,.2f}", f"¥{amount:,.2f}元"):
        assert money(form) == amount
        assert money(form).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3391899276382420635", ["3391899276382420635"]),
        ("订单编号：3391899276382420635 复制", ["3391899276382420635"]),
        ("E20190618213935", ["E20190618213935"]),
        ("20200618-1234567890", ["20200618-1234567890"]),
        ("33918992 33918993", ["33918992", "33918993"]),
        ("33918992 33918992", ["33918992"]),
        ("3391…0635", []),
        ("339189927638 ...", []),
        ("339189927638…", []),
        ("...638242063578", []),
        ("33918992****0635", []),
        ("FW_GOODS-1870412", []),
        ("1234567", []),
        ("33918992763824\ue0f1\ue3c9", []),
        ("\ue0f133918992763824", []),
        ("１２３４５６７８９０", ["1234567890"]),
        ("", []),
    ],
)
def test_only_whole_numbers_are_numbers(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


@given(order_numbers)
def test_a_number_is_found_among_words(number: str) -> None:
    assert numbers_in(f"订单号：{number} 复制") == [number]
    assert cut_number(number) is None


@given(order_numbers, st.sampled_from(["…", "...", " ...", "***", "···", "…… "]), st.data())
def test_a_cut_number_is_none_and_only_its_own_completes_it(number: str, dots: str, data: st.DataObject) -> None:
    head = data.draw(st.integers(4, len(number) - 5))
    tail = data.draw(st.integers(0, len(number) - head - 1))
    shown = number[:head] + dots + (number[-tail:] if tail else "")
    assert numbers_in(shown) == []
    cut = cut_number(shown)
    assert cut == (number[:head], number[-tail:] if tail else "")
    assert completes(cut, number)
    other = data.draw(order_numbers)
    assume(other[:head] != number[:head] or (tail and other[-tail:] != number[-tail:]))
    assert not completes(cut, other)


@pytest.mark.parametrize(
    "text",
    [
        "12345678龤齤龥",
        "龤齤12345678901",
        "12345678 01234",
        "①2345678901",
        "1234567890①",
        "123456789012345٠",
        "3 12345678",
    ],
)
def test_what_may_be_a_digit_beside_a_number_is_noticed(text: str) -> None:
    assert all(is_torn(text, number) for number in numbers_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "订单编号12345678901 复制", "12345678901", "12345678901复制", "订单号：12345678901（父订单）",
        "12345678901 2024-06-18 21:39:35", "2024-06-18 12345678901", "子订单号 12345678901",
    ],
)  # fmt: skip
def test_labels_dates_and_controls_beside_a_number_are_not(text: str) -> None:
    assert not is_torn(text, "12345678901")


def test_a_number_does_not_complete_itself() -> None:
    assert not completes(("33918992", "0635"), "339189920635")


@pytest.mark.parametrize("text", ["\ue0f1\ue3c9", "2020\ue0f1426", "¥\ue3c9.50", "12\U000f0001"])
def test_characters_that_a_font_draws_as_others_are_noticed(text: str) -> None:
    assert is_substituted(text)


@pytest.mark.parametrize("text", ["", "\ue61d", "20200426-000007370036545", "¥1,234.50", "订单号：1 复制"])
def test_an_icon_and_plain_text_are_no_substitution(text: str) -> None:
    assert not is_substituted(text)


@pytest.mark.parametrize(
    ("text", "months", "days"),
    [
        ("1年", 12, 0),
        ("一年", 12, 0),
        ("两年", 24, 0),
        (" 2 年 ", 24, 0),
        ("12个月", 12, 0),
        ("１２个月", 12, 0),
        ("三个月", 3, 0),
        ("十二个月", 12, 0),
        ("十个月", 10, 0),
        ("2月", 2, 0),
        ("一季度", 3, 0),
        ("1个季度", 3, 0),
        ("一季", 3, 0),
        ("半年", 6, 0),
        ("1年半年", 18, 0),
        ("3天", 0, 3),
        ("三十天", 0, 30),
        ("365日", 0, 365),
        ("2周", 0, 14),
        ("1年3个月", 15, 0),
        ("一年(365天)", 12, 0),
        ("一年（赠1个月）", 12, 0),
        ("版本：基础版，周期：三个月", 3, 0),
        ("订购周期: 1年", 12, 0),
        ("1 year", 12, 0),
        ("12 Months", 12, 0),
        ("30 days", 0, 30),
        ("365", 0, 365),
        ("30", 0, 30),
        ("28", 0, 28),
        ("86400", 0, 1),
        ("31536000", 0, 365),
    ],
)
def test_a_period_is_read_in_every_form(text: str, months: int, days: int) -> None:
    assert period(text) == Period(months, days)


@pytest.mark.parametrize(
    "text",
    ["", "-", "0个月", "0", "0天", "1", "2", "3", "12", "24", "27", "36", "48", "60", "86401", "99999", "永久", "按年",
     "月",
     "年付", "-1年", "1.5年", "6月18日", "一年起", "首年", "-1", "3个", "9999999999", "2025-06-18", "半个月"],
)  # fmt: skip
def test_what_may_be_no_period_is_none(text: str) -> None:
    assert period(text) is None


@given(st.text(alphabet="0123456789一两十半年月天季度个日周() ：", max_size=9))
def test_no_period_is_an_error(text: str) -> None:
    found = period(text)
    ends = found.end(EVENING) if found else None
    assert ends is None or ends > EVENING.replace(hour=0)
