"""Steps that are not listed: whatever lists lag behind, nothing is sent twice, and nothing is forgotten."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.doubt import PATIENCE, Experience, Heard, Sent, Verdict, judge
from agent.domain.orders import SHANGHAI

NOON = datetime(2026, 9, 30, 12, tzinfo=SHANGHAI)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING = Experience()
LISTED = Experience(newest_listed=NOON - DAY, shown_within=MINUTE)
LATER = Experience(newest_listed=NOON + MINUTE, shown_within=MINUTE)


def after(age: timedelta, heard: Heard | None, lists: Experience = NOTHING, *, seen: bool | None = False) -> Verdict:
    return judge(seen, Sent(NOON, heard, NOON, NOON + MINUTE), lists, NOON + age)


@pytest.mark.parametrize("lists", [NOTHING, LISTED, LATER])
def test_what_was_accepted_never_counts_as_not_done(lists: Experience) -> None:
    for age in (MINUTE, HOUR, DAY, PATIENCE - MINUTE):
        assert after(age, Heard.ACCEPTED, lists) is Verdict.LOOK_AGAIN
    for age in (PATIENCE, 300 * DAY):
        assert after(age, Heard.ACCEPTED, lists) is Verdict.PERSON


@pytest.mark.parametrize("heard", [*Heard, None])
def test_what_is_listed_happened(heard: Heard | None) -> None:
    assert after(300 * DAY, heard, seen=True) is Verdict.HAPPENED


def test_what_was_refused_and_is_absent_did_not_happen() -> None:
    assert after(MINUTE, Heard.REFUSED) is Verdict.DID_NOT
    assert after(MINUTE, Heard.REFUSED, seen=None) is Verdict.LOOK_AGAIN


def test_absence_after_an_unclear_answer_counts_once_the_list_shows_what_was_sent_later() -> None:
    assert after(MINUTE, Heard.UNCLEAR) is Verdict.LOOK_AGAIN
    assert after(MINUTE, Heard.UNCLEAR, LATER) is Verdict.DID_NOT


def test_or_once_it_was_given_as_long_as_the_last_one_took_and_twice_that_if_that_was_late() -> None:
    assert after(MINUTE, Heard.UNCLEAR, LISTED) is Verdict.DID_NOT
    assert after(MINUTE / 2, Heard.UNCLEAR, LISTED) is Verdict.LOOK_AGAIN
    assert after(MINUTE, Heard.UNCLEAR, replace(LISTED, late=True)) is Verdict.LOOK_AGAIN
    assert after(2 * MINUTE, Heard.UNCLEAR, replace(LISTED, late=True)) is Verdict.DID_NOT


def test_or_once_it_was_absent_for_a_day_unless_the_list_owes_something_else() -> None:
    assert after(DAY - MINUTE, Heard.UNCLEAR) is Verdict.LOOK_AGAIN
    assert after(DAY, Heard.UNCLEAR) is Verdict.DID_NOT
    assert after(DAY, Heard.UNCLEAR, Experience(waiting=True)) is Verdict.LOOK_AGAIN
    assert judge(False, Sent(NOON, Heard.UNCLEAR, NOON, NOON + DAY), NOTHING, NOON + DAY) is Verdict.LOOK_AGAIN


def test_of_a_run_that_was_killed_absence_counts_at_once_unless_the_list_is_known_to_lag() -> None:
    assert after(MINUTE, None) is Verdict.DID_NOT
    assert after(MINUTE, None, Experience(waiting=True)) is Verdict.LOOK_AGAIN
    assert after(MINUTE, None, replace(LISTED, late=True)) is Verdict.LOOK_AGAIN


def test_what_may_still_be_under_way_is_looked_at_again() -> None:
    assert judge(False, Sent(NOON, Heard.REFUSED, settled=False), LATER, NOON + DAY) is Verdict.LOOK_AGAIN


# properties


@dataclass
class World:
    """A site that lists what it did `lag` later, and what is known of it. Steps are numbered."""

    lag: timedelta
    now: datetime = NOON
    done: dict[int, list[datetime]] = field(default_factory=dict)
    open: dict[int, Sent] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    persons: set[int] = field(default_factory=set)
    newest: tuple[datetime, timedelta, bool] | None = None

    @property
    def experience(self) -> Experience:
        waiting = any(s.heard is Heard.ACCEPTED and s.missing_since for s in self.open.values())
        if self.newest is None:
            return Experience(waiting=waiting)
        begun, within, late = self.newest
        return Experience(newest_listed=begun, shown_within=within, late=late, waiting=waiting)

    def send(self, step: int, heard: Heard | None, *, stored: bool) -> None:
        if stored:
            self.done.setdefault(step, []).append(self.now)
        self.open[step] = Sent(self.now, heard, self.now)

    def look(self) -> None:
        seen = {n: any(self.now - at >= self.lag for at in self.done.get(n, [])) for n in self.open}
        for step, sent in [*self.open.items()]:
            if seen[step]:
                self.closed.add(step)
                del self.open[step]
                shown = (sent.begun_at, self.now - sent.begun_at, sent.missing_since is not None)
                self.newest = max(self.newest or shown, shown)
        for step, sent in self.open.items():
            self.open[step] = replace(sent, missing_since=sent.missing_since or self.now)
        for step, sent in [*self.open.items()]:
            verdict = judge(False, sent, self.experience, self.now)
            if verdict is Verdict.DID_NOT:
                del self.open[step]
            elif verdict is Verdict.PERSON:
                self.persons.add(step)


_PAUSES = st.sampled_from([timedelta(seconds=7), MINUTE, 10 * MINUTE, HOUR, 5 * HOUR, DAY])
_LAGS = st.sampled_from([timedelta(), timedelta(seconds=1), MINUTE, 10 * MINUTE, HOUR, 20 * HOUR])
_ENDS = st.sampled_from([(Heard.ACCEPTED, True), (Heard.REFUSED, False), (Heard.UNCLEAR, True), (Heard.UNCLEAR, False)])
# Where nothing is known of a list, only one that is up to date within the grace of 6 s can be trusted after a kill.
_KILLS = st.sampled_from([(None, True), (None, False)])


@given(_LAGS, st.lists(st.tuples(st.integers(0, 3), _ENDS | _KILLS, _PAUSES), max_size=25))
def test_whatever_is_answered_nothing_is_done_twice_and_everything_ends(
    lag: timedelta, history: list[tuple[int, tuple[Heard | None, bool], timedelta]]
) -> None:
    world = World(lag)
    for step, (heard, stored), pause in history:
        trusted = heard is not None or lag <= timedelta(seconds=6)
        if step not in world.closed and step not in world.open and trusted:
            world.send(step, heard, stored=stored)
        world.now += pause
        world.look()
        assert all(len(times) == 1 for times in world.done.values())
    for _ in range(5):
        world.now += DAY
        world.look()
    assert set(world.done) <= world.closed
    assert set(world.open) <= world.persons


@given(_LAGS, st.lists(_PAUSES, max_size=12))
def test_what_a_site_only_claims_to_have_done_is_a_persons_in_the_end(lag: timedelta, looks: list[timedelta]) -> None:
    world = World(lag)
    world.send(1, Heard.ACCEPTED, stored=False)
    for pause in looks:
        world.now += pause
        world.look()
        assert set(world.open) == {1}
    world.now += PATIENCE
    world.look()
    assert world.persons == {1}
