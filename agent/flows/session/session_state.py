"""How far a log-in is known to have come, and what each thing that happens makes of it."""

from collections.abc import Mapping
from enum import StrEnum


class SessionState(StrEnum):
    """What is known of being logged in on a site."""

    OUT = "out"  # nobody is logged in: the next page is opened by way of the log-in
    KEPT = "kept"  # a kept session, which counts as alive until its first page says otherwise
    ANSWERED = "answered"  # the password was typed and answered; nobody is inside yet, or not any more
    ENTERED = "entered"  # the password led on; no page has shown yet that it led inside
    SEEN = "seen"  # a list shows rows, and was not read whole yet
    LOST = "lost"  # it ended before all of the list was read
    LIVE = "live"  # a page was read, or the log-in page itself sent us on

    @property
    def logged_in(self) -> bool:
        """True if pages can be opened straight away."""
        return self in (SessionState.KEPT, SessionState.ENTERED, SessionState.SEEN, SessionState.LIVE)

    @property
    def doubtful(self) -> bool:
        """True if a password was typed and nothing was read whole since."""
        return self in (SessionState.ANSWERED, SessionState.ENTERED, SessionState.SEEN, SessionState.LOST)

    @property
    def inside(self) -> bool:
        """True if the password that was typed last is seen to have led inside."""
        return self in (SessionState.SEEN, SessionState.LOST)


class SessionEvent(StrEnum):
    """What happens to a session."""

    TYPED = "typed"  # the password was typed, and the answer refuses nothing
    PASSED = "passed"  # the log-in is over: its shop is chosen, or its page sent us on
    ROWS = "rows"  # a list shows rows
    READ = "read"  # a page was read whole
    ENDED = "ended"  # the site asks for a log-in, or refuses what only a log-in may see


_State, _Event = SessionState, SessionEvent
# What is missing cannot happen: who is logged in does not log in.
TRANSITIONS: Mapping[tuple[SessionState, SessionEvent], SessionState] = {
    (_State.OUT, _Event.TYPED): _State.ANSWERED,
    (_State.OUT, _Event.PASSED): _State.LIVE,
    (_State.OUT, _Event.ROWS): _State.OUT,
    (_State.OUT, _Event.READ): _State.OUT,
    (_State.OUT, _Event.ENDED): _State.OUT,
    (_State.KEPT, _Event.ROWS): _State.KEPT,
    (_State.KEPT, _Event.READ): _State.LIVE,
    (_State.KEPT, _Event.ENDED): _State.OUT,
    (_State.ANSWERED, _Event.TYPED): _State.ANSWERED,
    (_State.ANSWERED, _Event.PASSED): _State.ENTERED,
    (_State.ANSWERED, _Event.ROWS): _State.LOST,
    (_State.ANSWERED, _Event.READ): _State.OUT,
    (_State.ANSWERED, _Event.ENDED): _State.ANSWERED,
    (_State.ENTERED, _Event.ROWS): _State.SEEN,
    (_State.ENTERED, _Event.READ): _State.LIVE,
    (_State.ENTERED, _Event.ENDED): _State.ANSWERED,
    (_State.SEEN, _Event.ROWS): _State.SEEN,
    (_State.SEEN, _Event.READ): _State.LIVE,
    (_State.SEEN, _Event.ENDED): _State.LOST,
    (_State.LOST, _Event.TYPED): _State.ANSWERED,
    (_State.LOST, _Event.PASSED): _State.SEEN,
    (_State.LOST, _Event.ROWS): _State.LOST,
    (_State.LOST, _Event.READ): _State.OUT,
    (_State.LOST, _Event.ENDED): _State.LOST,
    (_State.LIVE, _Event.ROWS): _State.LIVE,
    (_State.LIVE, _Event.READ): _State.LIVE,
    (_State.LIVE, _Event.ENDED): _State.OUT,
}
