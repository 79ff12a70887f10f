"""Due dates against the State Council's notices, as two libraries know them, and beyond them."""

import calendar as months
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.calendar import WorkCalendar, WorkDay
from agent.domain.deadlines import FIRST, LAST, Due, RefundRule, Unit
from agent.domain.errors import UsageError

CALENDAR = WorkCalendar()
FIVE = RefundRule(5, Unit.WORKING_DAY)
NOTICED = st.dates(date(2006, 1, 1), date(2026, 10, 31))
ANY_DAY = st.dates(FIRST, LAST)
# Given once and never again, so no bound can foresee them: the 70th anniversary of the victory.
ONE_OFFS = {date(2015, 9, 3), date(2015, 9, 4)}


def days_of(first: int, last: int) -> list[date]:
    start = date(first, 1, 1)
    return [start + timedelta(days=n) for n in range((date(last + 1, 1, 1) - start).days)]


def due(rule: str, ordered_on: str) -> Due:
    return RefundRule.parse(rule).due(date.fromisoformat(ordered_on), CALENDAR)


class TestParse:
    @pytest.mark.parametrize(
        ("text", "count", "unit"),
        [
            ("5 working days", 5, Unit.WORKING_DAY),
            ("20 working days", 20, Unit.WORKING_DAY),
            ("1 working day", 1, Unit.WORKING_DAY),
            ("2 months", 2, Unit.MONTH),
            ("1 year", 1, Unit.YEAR),
            ("  2   Months ", 2, Unit.MONTH),
        ],
    )
    def test_reads_a_number_and_a_unit(self, text: str, count: int, unit: Unit) -> None:
        assert RefundRule.parse(text) == RefundRule(count, unit)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "5",
            "5 days",
            "five working days",
            "-1 months",
            "0 years",
            "251 working days",
            "61 months",
            "9 years",
            "5workingdays",
            "1.5 years",
            "５ months",
        ],
    )
    def test_refuses_anything_else_and_names_what_is_allowed(self, text: str) -> None:
        with pytest.raises(UsageError) as caught:
            RefundRule.parse(text)
        assert f"“{text}”" in caught.value.text.en
        for said in (caught.value.text.en, caught.value.text.zh):
            assert "5 working days" in said
            assert "250 working days" in said

    @given(st.integers(1, 8), st.sampled_from(Unit))
    def test_reads_what_it_writes(self, count: int, unit: Unit) -> None:
        rule = RefundRule(count, unit)
        assert RefundRule.parse(str(rule)) == rule


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("ordered_on", "due_on"),
        [
            ("2026-09-30", "2026-10-13"),  # National Day, then Saturday 10 October is a make-up day
            ("2026-02-13", "2026-02-27"),  # Spring Festival; Saturday 14 February is worked
            ("2026-02-14", "2026-02-28"),
            ("2026-02-20", "2026-02-28"),  # ordered in the holiday; the fifth is the make-up Saturday
            ("2026-04-30", "2026-05-11"),  # Labour Day with the make-up Saturday 9 May
            ("2025-09-30", "2025-10-14"),
            ("2024-02-09", "2024-02-22"),
            ("2026-03-02", "2026-03-09"),  # an ordinary week
        ],
    )
    def test_five_working_days(self, ordered_on: str, due_on: str) -> None:
        assert due("5 working days", ordered_on) == Due(date.fromisoformat(due_on), "5 working days", provisional=False)

    def test_twenty_working_days(self) -> None:
        assert due("20 working days", "2026-09-01").due_on == date(2026, 9, 29)
        assert due("20 working days", "2026-09-30").due_on == date(2026, 11, 3)

    def test_agrees_with_the_second_opinion_on_every_day_of_every_noticed_year(self) -> None:
        seen = {d: CALENDAR.look(d) for d in days_of(2004, 2026)}
        differing = [d for d, at in seen.items() if at.announced and at.works != chinese_calendar.is_workday(d)]
        # The notice for 2006 moved this Saturday's rest to 3 January, so it was worked: the second opinion errs.
        assert differing == [date(2005, 12, 31)]
        assert sum(at.announced for at in seen.values()) >= len(seen) - 6

    def test_every_noticed_year_counts_as_announced_but_for_what_the_next_notice_may_still_move(self) -> None:
        last = next(y for y in range(2026, 2100) if not CALENDAR.is_announced(y + 1))
        guessed = [d for d in days_of(2004, last) if not CALENDAR.look(d).announced]
        assert guessed == [date(last, 12, d) for d in range(26, 32)]

    @given(NOTICED, st.integers(1, 30))
    def test_exactly_n_working_days_lie_after_the_subscription(self, ordered_on: date, count: int) -> None:
        found = RefundRule(count, Unit.WORKING_DAY).due(ordered_on, WorkCalendar())
        between = [ordered_on + timedelta(days=n) for n in range(1, (found.due_on - ordered_on).days + 1)]
        if not found.provisional:
            assert sum(map(chinese_calendar.is_workday, between)) == count
            assert chinese_calendar.is_workday(found.due_on)

    @given(ANY_DAY, st.integers(0, 400), st.integers(1, 60))
    def test_a_later_subscription_is_never_due_earlier(self, ordered_on: date, later: int, count: int) -> None:
        rule, other = RefundRule(count, Unit.WORKING_DAY), min(ordered_on + timedelta(days=later), LAST)
        assert rule.due(ordered_on, CALENDAR).due_on <= rule.due(other, CALENDAR).due_on

    @given(ANY_DAY, st.integers(1, 249))
    def test_a_longer_wait_is_due_later(self, ordered_on: date, count: int) -> None:
        short, long = (RefundRule(n, Unit.WORKING_DAY).due(ordered_on, CALENDAR) for n in (count, count + 1))
        assert ordered_on < short.due_on < long.due_on
        assert long.provisional >= short.provisional


class TestBeyondTheNotices:
    @pytest.mark.parametrize("year", range(2004, 2027))
    def test_a_day_that_counts_as_working_turned_out_to_be_one(self, year: int) -> None:
        before_the_notice = WorkCalendar(announced_until=year - 1)
        wrong = [
            d
            for d in days_of(year, year)
            if before_the_notice.look(d).works and not chinese_calendar.is_workday(d) and d not in ONE_OFFS
        ]
        assert wrong == []

    @given(NOTICED, st.integers(1, 20), st.integers(0, 2))
    def test_the_bound_is_never_earlier_than_the_truth(self, ordered_on: date, count: int, blind: int) -> None:
        rule = RefundRule(count, Unit.WORKING_DAY)
        bound = rule.due(ordered_on, WorkCalendar(announced_until=ordered_on.year - blind))
        truth = rule.due(ordered_on, CALENDAR)
        if ordered_on.year != 2015:
            assert bound.due_on >= truth.due_on
        assert bound.provisional or bound == truth

    def test_the_bound_is_provisional_and_not_absurdly_late(self) -> None:
        found = FIVE.due(date(2089, 9, 28), CALENDAR)
        assert found.provisional
        assert date(2089, 10, 13) <= found.due_on <= date(2089, 10, 18)
        quiet = FIVE.due(date(2089, 8, 1), CALENDAR)
        assert (quiet.due_on, quiet.provisional) == (date(2089, 8, 8), True)

    def test_the_turn_of_the_year_is_provisional_until_the_next_notice(self) -> None:
        found = FIVE.due(date(2024, 12, 25), WorkCalendar(announced_until=2024))
        assert found == Due(date(2025, 1, 8), "5 working days", provisional=True)
        assert FIVE.due(date(2024, 12, 25), CALENDAR) == Due(date(2025, 1, 2), "5 working days", provisional=False)

    def test_a_wait_that_ends_within_the_notices_is_certain(self) -> None:
        assert not FIVE.due(date(2024, 12, 18), WorkCalendar(announced_until=2024)).provisional

    @given(ANY_DAY)
    def test_every_supported_day_has_an_answer(self, day: date) -> None:
        assert isinstance(CALENDAR.look(day), WorkDay)
        assert FIVE.due(day, CALENDAR).due_on - day <= timedelta(days=25)

    @pytest.mark.parametrize("day", [date.min, date(2000, 12, 31), date(2091, 1, 1), date.max])
    @pytest.mark.parametrize("rule", ["5 working days", "2 months", "1 year"])
    def test_a_date_that_is_a_slip_is_refused(self, day: date, rule: str) -> None:
        with pytest.raises(UsageError, match="2001-01-01 to 2090-12-31"):
            RefundRule.parse(rule).due(day, CALENDAR)

    @pytest.mark.parametrize("rule", ["250 working days", "60 months", "8 years"])
    def test_the_longest_waits_end_within_the_calendar(self, rule: str) -> None:
        assert RefundRule.parse(rule).due(LAST, CALENDAR).due_on.year <= 2099


class TestMonthsAndYears:
    @pytest.mark.parametrize(
        ("rule", "ordered_on", "due_on"),
        [
            ("2 months", "2026-06-18", "2026-08-18"),
            ("2 months", "2025-12-31", "2026-02-28"),
            ("2 months", "2023-12-31", "2024-02-29"),
            ("2 months", "2026-11-30", "2027-01-30"),
            ("1 month", "2026-01-31", "2026-02-28"),
            ("12 months", "2026-12-01", "2027-12-01"),
            ("1 year", "2024-02-29", "2025-02-28"),
            ("1 year", "2025-02-28", "2026-02-28"),
            ("4 years", "2024-02-29", "2028-02-29"),
            ("1 year", "2026-09-30", "2027-09-30"),
        ],
    )
    def test_calendar_months_and_years(self, rule: str, ordered_on: str, due_on: str) -> None:
        assert due(rule, ordered_on) == Due(date.fromisoformat(due_on), rule, provisional=False)

    @given(ANY_DAY, st.integers(1, 60))
    def test_the_day_stays_or_becomes_the_last_of_the_month(self, ordered_on: date, count: int) -> None:
        found = RefundRule(count, Unit.MONTH).due(ordered_on, CALENDAR).due_on
        assert (found.year - ordered_on.year) * 12 + found.month - ordered_on.month == count
        assert found.day == min(ordered_on.day, months.monthrange(found.year, found.month)[1])

    @given(ANY_DAY, st.integers(0, 400), st.integers(1, 60))
    def test_a_later_subscription_is_never_due_earlier(self, ordered_on: date, later: int, count: int) -> None:
        rule, other = RefundRule(count, Unit.MONTH), min(ordered_on + timedelta(days=later), LAST)
        assert rule.due(ordered_on, CALENDAR).due_on <= rule.due(other, CALENDAR).due_on
