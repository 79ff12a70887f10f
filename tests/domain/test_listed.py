"""What a list shows in place of what was sent."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.listed import Meant, confirmed_otherwise, filed_otherwise, requested_otherwise
from agent.domain.orders import SHANGHAI, Filing, FilingStatus, Order, OrderStatus

NUMBER, DAY = "3391800120240601117", date(2024, 6, 18)
MEANT = Meant(NUMBER, frozenset({"京东"}), "青禾母婴旗舰店", DAY, Decimal("1280.00"))
ROW = Filing(NUMBER, "淘宝", "青禾母婴旗舰店", DAY, Decimal("1280.00"), FilingStatus.FILED, offered=False)
OLD = replace(ROW, order_no="3391800120240500001", ordered_on=date(2024, 5, 1))
ORDER = Order(
    NUMBER, datetime(2024, 6, 18, 21, tzinfo=SHANGHAI), "云端版", None, True, Decimal(1280), OrderStatus.COMPLETED
)


def shown(*rows: Filing, before: tuple[Filing, ...] = (), known: tuple[str, ...] = (NUMBER,)) -> str | None:
    found = filed_otherwise(MEANT, rows, before, known)
    return found.en if found else None


def test_what_is_listed_as_it_was_sent_is_right() -> None:
    assert shown(ROW, OLD, before=(OLD,)) is None


@pytest.mark.parametrize("shop", [None, "青禾母婴…", "青禾母婴旗舰店（淘宝）", "青禾 母婴旗舰店"])
def test_a_shop_may_be_cut_or_have_something_added(shop: str | None) -> None:
    assert shown(replace(ROW, shop=shop)) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("shop", "别家旗舰店"),
        ("platform", "京东"),
        ("ordered_on", date(2024, 6, 17)),
        ("ordered_on", None),
        ("amount", Decimal("12.80")),
        ("amount", None),
    ],
)
def test_each_field_that_differs_is_told(field: str, value: object) -> None:
    assert shown(replace(ROW, **{field: value}), OLD, before=(OLD,)) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["platform", "shop", "ordered_on", "amount"])
def test_a_column_that_the_list_does_not_have_says_nothing(field: str) -> None:
    bare = [replace(row, **{field: None}) for row in (ROW, OLD)]  # type: ignore[arg-type]
    assert shown(*bare, before=(bare[1],)) is None


def test_of_two_rows_of_a_number_the_one_that_is_right_counts() -> None:
    assert shown(replace(ROW, amount=Decimal(1)), ROW) is None


@pytest.mark.parametrize("number", ["3391800120240601000", "3391800120240601088", "33918001202406011"])
def test_a_number_that_was_rounded_or_cut_is_told(number: str) -> None:
    told = shown(replace(ROW, order_no=number), OLD, before=(OLD,))
    assert told == f"number: {NUMBER} was meant, {number} is shown"


def test_what_was_listed_before_or_is_another_order_is_no_mistake() -> None:
    other = replace(ROW, order_no="3391800120240601000")
    assert shown(other, before=(other,)) is None
    assert shown(other, known=(NUMBER, other.order_no)) is None
    assert shown(replace(other, platform="京东")) is None
    assert shown(replace(other, order_no="77", ordered_on=date(2024, 1, 1))) is None


def test_a_refund_that_was_requested_for_another_filing_is_told() -> None:
    wrong = replace(OLD, status=FilingStatus.REQUESTED)
    told = requested_otherwise(NUMBER, [ROW, OLD], [ROW, wrong])
    assert told is not None
    assert OLD.order_no in told.en
    assert requested_otherwise(NUMBER, [ROW, wrong], [ROW, wrong]) is None
    assert requested_otherwise(NUMBER, [ROW, OLD], [replace(ROW, status=FilingStatus.REQUESTED), OLD]) is None


def test_an_amount_that_changes_with_its_request_is_told() -> None:
    requested = replace(ROW, status=FilingStatus.REQUESTED, amount=Decimal(1))
    assert requested_otherwise(NUMBER, [ROW], [requested]) is not None


def test_an_order_that_is_confirmed_in_place_of_another_is_told() -> None:
    waits = replace(ORDER, status=OrderStatus.AWAITING_CONFIRMATION)
    other = replace(waits, order_no="2", service="快递", ours=False)
    mine = replace(other, ours=True)
    done = replace(other, status=OrderStatus.COMPLETED)
    assert confirmed_otherwise(waits, [waits, other], [waits, other]) is None
    assert confirmed_otherwise(waits, [waits, other], [ORDER, other]) is None
    assert confirmed_otherwise(waits, [waits, other], [waits, done]) is not None
    assert confirmed_otherwise(waits, [waits, other], [ORDER, done]) is not None
    assert confirmed_otherwise(waits, [waits, mine], [ORDER, replace(done, ours=True)]) is None


# properties

_rows = st.builds(
    Filing,
    order_no=st.from_regex(r"[0-9]{8,19}", fullmatch=True),
    platform=st.sampled_from([None, "淘宝", "京东"]),
    shop=st.sampled_from([None, "青禾母婴旗舰店", "别家"]),
    ordered_on=st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    amount=st.none() | st.decimals(0, 2000, places=2),
    status=st.sampled_from(FilingStatus),
    offered=st.booleans(),
)


@given(st.lists(_rows, max_size=6))
def test_whatever_else_is_listed_a_row_as_it_was_sent_is_right(rows: list[Filing]) -> None:
    assert shown(*rows, ROW, before=tuple(rows)) is None


@given(st.lists(_rows, max_size=6))
def test_nothing_new_is_no_mistake(rows: list[Filing]) -> None:
    listed = [r for r in rows if r.order_no != NUMBER]
    assert shown(*listed, before=tuple(listed)) is None


@given(st.lists(_rows, max_size=6), st.integers(10**15, 10**19 - 1))
def test_a_number_as_javascript_rounds_it_is_told(rows: list[Filing], number: int) -> None:
    rounded = f"{int(float(number)):d}"
    others = tuple(r for r in rows if r.order_no not in (str(number), rounded))
    meant = replace(MEANT, order_no=str(number))
    found = filed_otherwise(meant, [*others, replace(ROW, order_no=rounded)], others, {str(number)})
    assert (found is None) == (rounded == str(number))
