"""When an account is looked at next: worked days, and laws that hold for any history."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI
from agent.domain.schedule import DueReason, Next, Policy, Visit, next_visit

USUAL = Policy()
MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)
WELL = Visit(MORNING, Outcome.OK)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def after(**changes: object) -> Next:
    return next_visit("m1/taobao", replace(WELL, **changes), USUAL)  # type: ignore[arg-type]


def test_a_quiet_account_is_looked_at_once_a_day_at_its_own_time() -> None:
    slot = USUAL.slot(date(2026, 11, 24), "m1/taobao")
    assert after() == Next(slot, DueReason.REGULAR)
    assert next_visit("m1/taobao", replace(WELL, at=slot), USUAL).at == slot + DAY


def test_a_week_after_the_whole_list_was_read_it_is_looked_at_again_however_calm_it_is() -> None:
    calm = MORNING - 90 * DAY
    assert after(unchanged_since=calm).at > MORNING + 6 * DAY
    assert after(unchanged_since=calm, whole_at=MORNING - 3 * DAY) == Next(MORNING + 4 * DAY, DueReason.REGULAR)


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 4), (3, 12)])
def test_what_is_not_listed_yet_is_looked_for_at_growing_distance(failures: int, hours: int) -> None:
    found = after(outcome=Outcome.UNKNOWN, failures=failures, not_listed=True)
    assert found == Next(MORNING + hours * HOUR, DueReason.NOT_LISTED)


def test_and_then_once_a_day() -> None:
    for failures in (4, 40):
        found = after(outcome=Outcome.UNKNOWN, failures=failures, not_listed=True)
        assert MORNING + 12 * HOUR < found.at <= MORNING + DAY


def test_after_work_it_is_looked_at_the_same_day() -> None:
    assert after(worked=True) == Next(MORNING + 4 * HOUR, DueReason.AFTER_WORK)


@pytest.mark.parametrize(("failures", "hours"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8)])
def test_failures_are_tried_again_with_longer_and_longer_pauses(failures: int, hours: float) -> None:
    assert after(outcome=Outcome.FAILED, failures=failures) == Next(MORNING + hours * HOUR, DueReason.FAILED)


def test_a_step_in_doubt_is_looked_at_first_of_all() -> None:
    assert after(outcome=Outcome.UNKNOWN, failures=1) == Next(MORNING + HOUR / 6, DueReason.IN_DOUBT)


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.NEEDS_HUMAN, Outcome.UNKNOWN])
def test_what_somebody_has_to_change_is_not_tried_again_before_its_usual_time(outcome: Outcome) -> None:
    assert after(outcome=outcome, failures=1, needs_change=True) == after()


def test_a_refund_is_requested_on_the_day_from_which_it_may_be_however_long_nothing_has_changed() -> None:
    calm = after(unchanged_since=MORNING - 90 * DAY)
    assert (calm.why, calm.at.date()) == (DueReason.CALM, date(2026, 11, 30))
    due = after(unchanged_since=MORNING - 90 * DAY, due_on=date(2026, 11, 26))
    assert (due.why, due.at.date()) == (DueReason.REFUND_DUE, date(2026, 11, 26))


def test_a_run_that_was_cut_short_goes_on_as_soon_as_it_can() -> None:
    assert after(cut_short=True, worked=True) == Next(MORNING, DueReason.CUT_SHORT)


def test_nothing_is_done_outside_the_hours() -> None:
    late = MORNING.replace(hour=21, minute=50)
    retry = next_visit("m1/taobao", Visit(late, Outcome.FAILED, failures=1), USUAL)
    assert retry == Next(USUAL.slot(date(2026, 11, 24), "m1/taobao"), DueReason.FAILED)


def test_hours_may_go_past_midnight() -> None:
    night = Policy(time(22), time(6))
    at = datetime(2026, 11, 24, 1, 0, tzinfo=SHANGHAI)
    assert next_visit("a", Visit(at, Outcome.FAILED, failures=1), night).at == at + HOUR / 2
    noon = at.replace(hour=12)
    assert next_visit("a", Visit(noon, Outcome.FAILED, failures=1), night).at == night.slot(date(2026, 11, 24), "a")


def test_a_closed_day_is_left_out() -> None:
    closed = Policy(closed=frozenset({date(2026, 11, 24), date(2026, 11, 25)}))
    assert next_visit("a", WELL, closed).at == closed.slot(date(2026, 11, 26), "a")


def test_an_account_that_is_looked_at_every_two_hours_is() -> None:
    assert next_visit("a", WELL, Policy(every=2 * HOUR)) == Next(MORNING + 2 * HOUR, DueReason.REGULAR)


def test_accounts_are_spread_over_the_hours() -> None:
    hours = Counter(USUAL.slot(date(2026, 11, 24), f"m{n}/taobao").hour for n in range(14_000))
    assert set(hours) == set(range(8, 22))
    assert all(850 < count < 1150 for count in hours.values())


def moments(year: int) -> st.SearchStrategy[datetime]:
    return st.builds(datetime.combine, st.dates(date(year, 1, 1), date(year, 12, 31)), st.times(), st.just(SHANGHAI))


looks = st.builds(
    Visit,
    at=moments(2026),
    outcome=st.sampled_from(Outcome),
    failures=st.integers(0, 40),
    needs_change=st.booleans(),
    worked=st.booleans(),
    unchanged_since=st.none() | moments(2025),
    due_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 3, 1)),
    cut_short=st.booleans(),
)
policies = st.builds(
    Policy,
    begin=st.times().map(lambda t: t.replace(microsecond=0)),
    end=st.times().map(lambda t: t.replace(microsecond=0)),
    every=st.integers(1, 168).map(lambda n: n * HOUR),
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 1, 10)), max_size=4),
)


@given(look=looks, policy=policies, account=st.text(min_size=1))
def test_the_next_look_is_never_before_the_last_and_never_further_off_than_it_may_be(
    look: Visit, policy: Policy, account: str
) -> None:
    found = next_visit(account, look, policy)
    assert found.at >= look.at
    assert found.at - look.at <= max(policy.every, timedelta(days=7)) + (3 + len(policy.closed)) * DAY
    assert policy.allowed(found.at, account) == found.at
    if look.due_on is not None and look.due_on > look.at.date():
        assert found.at.date() <= look.due_on + (2 + len(policy.closed)) * DAY
