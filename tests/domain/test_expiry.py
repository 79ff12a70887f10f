"""When subscriptions end, and which of them end soon."""

from datetime import date, datetime

import pytest

from agent.domain.expiry import Period, days_left
from agent.domain.orders import SHANGHAI


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("ordered_at", "period", "ends"),
    [
        ("2015-12-24T10:10:04", Period(months=3), "2016-03-24"),  # a sample of the open platform
        ("2024-02-29T23:59:59", Period(months=12), "2025-02-28"),
        ("2026-08-31T00:00:00", Period(months=6), "2027-02-28"),
        ("2026-01-31T12:00:00", Period(months=1), "2026-02-28"),
        ("2026-01-31T12:00:00", Period(days=30), "2026-03-02"),
        ("2024-02-28T12:00:00", Period(days=2), "2024-03-01"),
        ("2026-11-23T09:00:00", Period(months=12, days=7), "2027-11-30"),
    ],
)
def test_a_period_ends_at_a_midnight(ordered_at: str, period: Period, ends: str) -> None:
    assert period.end(at(ordered_at)) == at(ends)


def test_the_day_is_the_one_in_shanghai() -> None:
    assert Period(days=1).end(datetime.fromisoformat("2026-11-22T17:00:00+00:00")) == at("2026-11-24")


@pytest.mark.parametrize("period", [Period(months=9999 * 12), Period(days=10**9), Period(months=12 * 100)])
def test_an_end_that_nobody_lives_to_see_is_none(period: Period) -> None:
    assert period.end(at("2026-11-23")) is None


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (None, None),
        (date(2026, 11, 22), None),
        (date(2026, 11, 23), 0),
        (date(2026, 12, 23), 30),
        (date(2026, 12, 24), None),
        (at("2026-11-30T23:59:59"), 7),
        (datetime.fromisoformat("2026-11-29T16:00:00+00:00"), 7),
    ],
)
def test_what_ends_within_thirty_days(end: date | datetime | None, left: int | None) -> None:
    assert days_left(end, date(2026, 11, 23)) == left
