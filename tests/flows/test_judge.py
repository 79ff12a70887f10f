"""What the lists say of a step that was begun."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from agent.domain.orders import SHANGHAI, Filing, FilingStatus, Order, OrderStatus
from agent.domain.report import StepKind
from agent.flows.steps.outcome import happened

NOON = datetime(2026, 9, 30, 12, tzinfo=SHANGHAI)
ORDER = Order("1", NOON, "网店管家J系列", None, True, Decimal("62.80"), OrderStatus.COMPLETED)
REFUND = StepKind.REQUEST_REFUND


def test_of_orders_that_cannot_be_told_apart_one_less_that_waits_tells() -> None:
    waits = replace(ORDER, order_no=None, status=OrderStatus.AWAITING_CONFIRMATION)
    for shown in ([waits, ORDER], [ORDER, waits]):
        assert happened(StepKind.CONFIRM, waits.natural_key, shown, [], direct=False, alike=2) is True
    assert happened(StepKind.CONFIRM, waits.natural_key, [waits, waits], [], direct=False, alike=2) is False


def listed(status: FilingStatus, *, offered: bool = False) -> Filing:
    return Filing("1", "淘宝", None, NOON.date(), Decimal("62.80"), status, offered)


@pytest.mark.parametrize("status", [s for s in FilingStatus if s is not FilingStatus.REFUNDABLE])
def test_what_is_listed_was_applied_for_whatever_became_of_it(status: FilingStatus) -> None:
    assert happened(REFUND, "1", [ORDER], [listed(status)], direct=True) is True
    assert happened(REFUND, "1", [ORDER], [listed(status, offered=True)], direct=True) is False


def test_what_is_not_listed_was_not_applied_for() -> None:
    assert happened(REFUND, "1", [ORDER], [], direct=True) is False
    assert happened(REFUND, "1", [], [], direct=True) is None


def test_of_a_filing_that_is_gone_nobody_can_say_whether_its_refund_was_requested() -> None:
    assert happened(REFUND, "1", [ORDER], [], direct=False) is None
    assert happened(REFUND, "1", [ORDER], [listed(FilingStatus.FILED)], direct=False) is False
    assert happened(REFUND, "1", [ORDER], [listed(FilingStatus.PAID_OUT)], direct=False) is True


def test_of_what_is_not_on_a_list_that_was_read_in_part_nobody_can_say_anything() -> None:
    for kind, direct in ((StepKind.FILE, False), (REFUND, True), (REFUND, False)):
        assert happened(kind, "1", [ORDER], [], direct=direct, whole=False) is None
    assert happened(StepKind.FILE, "1", [ORDER], [listed(FilingStatus.FILED)], direct=False, whole=False) is True
