"""The states of a session: each transition of the table, and what no series of them can lead to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.flows.session.session_state import TRANSITIONS, SessionEvent, SessionState

STARTS = (SessionState.OUT, SessionState.KEPT)
LOGS_IN = (SessionEvent.TYPED, SessionEvent.PASSED)


def walked(start: SessionState, events: list[SessionEvent]) -> list[tuple[SessionEvent, SessionState]]:
    """The states after each event that can happen; the others are left out."""
    path, state = [], start
    for event in events:
        if (state, event) in TRANSITIONS:
            state = TRANSITIONS[state, event]
            path.append((event, state))
    return path


def test_every_state_can_be_reached() -> None:
    reached = set(STARTS)
    for _ in SessionState:
        reached |= {after for (before, _), after in TRANSITIONS.items() if before in reached}
    assert reached == set(SessionState)


@pytest.mark.parametrize("state", SessionState)
def test_out_of_every_state_a_log_in_and_a_read_lead_to_a_live_session(state: SessionState) -> None:
    events = [SessionEvent.ENDED, SessionEvent.TYPED, SessionEvent.PASSED, SessionEvent.READ]
    assert walked(state, events)[-1] == (SessionEvent.READ, SessionState.LIVE)


@pytest.mark.parametrize("state", SessionState)
@pytest.mark.parametrize("event", SessionEvent)
def test_only_who_is_out_logs_in_and_all_else_can_happen_at_any_time(state: SessionState, event: SessionEvent) -> None:
    assert ((state, event) in TRANSITIONS) is not (state.logged_in and event in LOGS_IN)


@pytest.mark.parametrize(("before", "event"), TRANSITIONS)
def test_what_an_event_says_holds_after_it(before: SessionState, event: SessionEvent) -> None:
    after = TRANSITIONS[before, event]
    match event:
        case SessionEvent.TYPED:
            assert (after.logged_in, after.doubtful, after.inside) == (False, True, False)
        case SessionEvent.PASSED:
            assert (after.logged_in, after.doubtful, after.inside) == (True, before.doubtful, before.inside)
        case SessionEvent.ROWS:
            assert (after.logged_in, after.inside) == (before.logged_in, before.doubtful)
        case SessionEvent.READ:
            assert (after.logged_in, after.doubtful) == (before.logged_in, False)
        case SessionEvent.ENDED:
            assert (after.logged_in, after.inside) == (False, before.inside)


@given(start=st.sampled_from(STARTS), events=st.lists(st.sampled_from(SessionEvent), max_size=20))
def test_a_typed_password_is_in_doubt_until_a_page_was_read(start: SessionState, events: list[SessionEvent]) -> None:
    doubtful = False
    for event, state in walked(start, events):
        doubtful = event is SessionEvent.TYPED or (doubtful and event is not SessionEvent.READ)
        assert state.doubtful is doubtful


@given(start=st.sampled_from(STARTS), events=st.lists(st.sampled_from(SessionEvent), max_size=20))
def test_no_session_is_live_that_was_neither_read_nor_sent_on(start: SessionState, events: list[SessionEvent]) -> None:
    path = walked(start, events)
    if path and path[-1][1] is SessionState.LIVE:
        happened = {event for event, _ in path}
        assert happened & {SessionEvent.READ, SessionEvent.PASSED}
