"""The journey of an order: each stage, and which word wins where several are true."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import product

import pytest

from agent.domain.orders import SHANGHAI, Filing, FilingStatus, Order, OrderStatus
from agent.domain.stage import Stage, stage

TODAY = date(2026, 11, 23)
DONE = OrderStatus.COMPLETED
ORDER = Order("1", datetime(2026, 9, 30, tzinfo=SHANGHAI), "网店管家J系列", None, True, Decimal("62.80"), DONE)
FILING = Filing("1", "淘宝", None, date(2026, 9, 30), Decimal("62.80"), FilingStatus.FILED, offered=False)


def test_an_order_in_another_currency_waits_for_a_person_to_file_it_unless_it_was_free() -> None:
    dollars = replace(ORDER, currency="USD")
    for amount, expected in ((Decimal("62.80"), Stage.NEEDS_PERSON), (Decimal("0.00"), Stage.CONFIRMED)):
        order = replace(dollars, amount=amount)
        assert stage(order, None, in_doubt=False, has_payee=True, is_due=True) is expected


def at(
    status: OrderStatus = DONE,
    filed: FilingStatus | None = None,
    *,
    offered: bool = False,
    ours: bool = True,
    in_doubt: bool = False,
    has_payee: bool = True,
    due_on: date | None = None,
    direct: bool = False,
    amount: str = "62.80",
) -> Stage:
    filing = None if filed is None else replace(FILING, status=filed, offered=offered)
    order = replace(ORDER, status=status, ours=ours, amount=Decimal(amount))
    is_due = due_on is None or due_on <= TODAY
    return stage(order, filing, in_doubt=in_doubt, has_payee=has_payee, is_due=is_due, direct=direct)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (OrderStatus.UNPAID, Stage.UNPAID),
        (OrderStatus.AWAITING_CONFIRMATION, Stage.AWAITING_CONFIRMATION),
        (OrderStatus.COMPLETED, Stage.CONFIRMED),
        (OrderStatus.CLOSED, Stage.CLOSED),
        (OrderStatus.REFUNDING, Stage.REFUNDING),
    ],
)
def test_before_a_filing_the_platform_decides(status: OrderStatus, expected: Stage) -> None:
    assert at(status) is expected


@pytest.mark.parametrize(
    ("filed", "offered", "expected"),
    [
        (FilingStatus.FILED, False, Stage.FILED),
        (FilingStatus.FILED, True, Stage.REFUNDABLE),
        (FilingStatus.REFUNDABLE, True, Stage.REFUNDABLE),
        (FilingStatus.REFUNDABLE, False, Stage.FILED),
        (FilingStatus.REQUESTED, False, Stage.REQUESTED),
        (FilingStatus.PAID_OUT, False, Stage.PAID_OUT),
        (FilingStatus.REJECTED, False, Stage.NEEDS_PERSON),
        (FilingStatus.REJECTED, True, Stage.NEEDS_PERSON),
    ],
)
def test_afterwards_the_back_office_does(filed: FilingStatus, offered: bool, expected: Stage) -> None:
    assert at(filed=filed, offered=offered) is expected


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (None, Stage.REFUNDABLE),
        (date(2026, 11, 22), Stage.REFUNDABLE),
        (date(2026, 11, 23), Stage.REFUNDABLE),
        (date(2026, 11, 24), Stage.FILED),
    ],
)
def test_an_offer_counts_from_the_due_day(due_on: date | None, expected: Stage) -> None:
    assert at(filed=FilingStatus.REFUNDABLE, offered=True, due_on=due_on) is expected


def test_without_a_payee_a_person_is_needed_only_once_money_is_offered() -> None:
    assert at(filed=FilingStatus.FILED, has_payee=False) is Stage.FILED
    assert at(filed=FilingStatus.REFUNDABLE, offered=True, has_payee=False) is Stage.NEEDS_PERSON
    assert at(filed=FilingStatus.REQUESTED, has_payee=False) is Stage.REQUESTED


def test_without_a_filing_the_calendar_decides_when_to_apply() -> None:
    assert at(direct=True) is Stage.REFUNDABLE
    assert at(direct=True, due_on=TODAY) is Stage.REFUNDABLE
    assert at(direct=True, due_on=date(2026, 11, 24)) is Stage.CONFIRMED
    assert at(direct=True, has_payee=False) is Stage.NEEDS_PERSON
    assert at(direct=True, amount="0.00") is Stage.CONFIRMED
    assert at(OrderStatus.AWAITING_CONFIRMATION, direct=True) is Stage.AWAITING_CONFIRMATION


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (FilingStatus.FILED, Stage.REQUESTED),
        (FilingStatus.REQUESTED, Stage.REQUESTED),
        (FilingStatus.PAID_OUT, Stage.PAID_OUT),
        (FilingStatus.REJECTED, Stage.NEEDS_PERSON),
    ],
)
def test_without_a_filing_what_is_listed_was_applied_for(status: FilingStatus, expected: Stage) -> None:
    assert at(filed=status, direct=True) is expected


@pytest.mark.parametrize("status", [OrderStatus.CLOSED, OrderStatus.REFUNDING, OrderStatus.AWAITING_CONFIRMATION])
def test_what_the_platform_took_back_is_told_although_it_was_filed(status: OrderStatus) -> None:
    assert at(status, FilingStatus.REFUNDABLE, offered=True) is at(status)


def test_money_that_came_is_told_whatever_the_platform_says() -> None:
    assert {at(status, FilingStatus.PAID_OUT) for status in OrderStatus} == {Stage.PAID_OUT}


def test_another_vendors_order_is_never_a_task() -> None:
    for status, filed in product(OrderStatus, [None, *FilingStatus]):
        assert at(status, filed, ours=False, offered=True) is Stage.NOT_OURS


def test_doubt_outweighs_everything() -> None:
    for status, filed, ours in product(OrderStatus, [None, *FilingStatus], [True, False]):
        assert at(status, filed, ours=ours, in_doubt=True) is Stage.UNKNOWN
