"""What becomes of a step that was sent and is not listed: pure rules for lists that lag behind what was done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A review by people or a nightly job has run by then, weekends included; after that only a person can find out.
PATIENCE = timedelta(days=3)
# Caches, replicas and search indexes that are rebuilt once a day have been rebuilt by then.
_UNSEEN_FOR = timedelta(days=1)
# Two looks closer together than this may have met the same cache.
_APART = timedelta(hours=4)
# A list that was late once may be later the next time.
_MARGIN = 2


class Heard(StrEnum):
    """What a site answered to a step: that it took it, that it did not, or nothing that tells which.

    An error of the site's own and a lost answer tell nothing: many a site has done by then what it was asked for.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNCLEAR = "unclear"


class Verdict(StrEnum):
    """What is to be done about a step that was sent: close it either way, look again later, or ask a person."""

    HAPPENED = "happened"
    DID_NOT = "did_not"
    LOOK_AGAIN = "look_again"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Sent:
    """A step that was begun and is not known to have ended. All moments are aware.

    `heard` is None if nobody lived to hear the answer. `missing_since` is the first look that showed it as not done.
    `settled` is false while the site may still be at work on it.
    """

    begun_at: datetime
    heard: Heard | None = None
    heard_at: datetime | None = None
    missing_since: datetime | None = None
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Experience:
    """How soon a list has shown the steps of one kind.

    `newest_listed` is when the newest step that it is known to show was begun, `shown_within` how long after that a
    look showed it, and `late` whether an earlier look did not. `waiting`: a step that was accepted was looked for and
    is missing still. `unproven`: such a step is no older than three days, and nothing proves that what was sent of it
    was right.
    """

    newest_listed: datetime | None = None
    shown_within: timedelta | None = None
    late: bool = False
    waiting: bool = False
    unproven: bool = False

    @property
    def lags(self) -> bool:
        """True if the list is known to show a step only some time after it was done."""
        return self.waiting or self.late


def judge(seen: bool | None, sent: Sent, lists: Experience, now: datetime) -> Verdict:
    """What to do about a step. `seen`: whether the lists show it as done; None if they say nothing either way.

    What a site accepted is never taken for not done, however long it is missing.
    """
    if seen is True:
        return Verdict.HAPPENED
    if seen is False and sent.settled and _absence_counts(sent, lists, now):
        return Verdict.DID_NOT
    return Verdict.PERSON if now - (sent.heard_at or sent.begun_at) >= PATIENCE else Verdict.LOOK_AGAIN


def _absence_counts(sent: Sent, lists: Experience, now: datetime) -> bool:
    if sent.heard is Heard.ACCEPTED:
        return False
    if sent.heard is Heard.REFUSED or (sent.heard is None and not lists.lags):
        return True
    if lists.newest_listed is not None and lists.newest_listed > sent.begun_at:
        return True  # the list shows what was sent later
    age = now - sent.begun_at
    if lists.waiting:
        return False
    if lists.shown_within is not None and age >= lists.shown_within * (_MARGIN if lists.late else 1):
        return True
    return sent.missing_since is not None and age >= _UNSEEN_FOR and now - sent.missing_since >= _APART
