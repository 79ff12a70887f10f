"""When an account is looked at next (排程): a pure function of what the last look found and of the policy."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI

_DAY = timedelta(days=1)
# After a step the site may need a while: a confirmed order shows its number late, a filing is looked at by people.
_AFTER_WORK = timedelta(hours=4)
# A list that lags shows what was done after minutes or hours, and now and then the next day.
_UNTIL_LISTED = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), _DAY)
_FIRST_RETRY = {Outcome.UNKNOWN: timedelta(minutes=10), Outcome.FAILED: timedelta(minutes=30)}
# How long nothing has changed, and how many times the usual pause is made then. A week is the longest.
_CALM = ((timedelta(days=60), 7), (timedelta(days=14), 3))
_LONGEST = timedelta(days=7)


class DueReason(StrEnum):
    """Why an account is looked at when it is."""

    NEW = "new"
    ASKED = "asked"
    REGULAR = "regular"
    CALM = "calm"
    REFUND_DUE = "refund_due"
    AFTER_WORK = "after_work"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    NOT_LISTED = "not_listed"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, slots=True)
class Policy:
    """`begin` and `end` are the hours in which accounts are looked at (Asia/Shanghai); alike: the whole day.

    They may go past midnight. `every` is the usual pause; on `closed` days the platform is left alone.
    """

    begin: time = time(8)
    end: time = time(22)
    every: timedelta = _DAY
    closed: frozenset[date] = frozenset()

    @property
    def length(self) -> timedelta:
        """How long the hours are."""
        day = datetime(2000, 1, 1)  # noqa: DTZ001 - any day, for the difference alone
        return (datetime.combine(day, self.end) - datetime.combine(day, self.begin)) % _DAY or _DAY

    def slot(self, day: date, merchant: str) -> datetime:
        """The merchant's own moment in the hours that begin on a day: always the same, spread over all of them."""
        share = int.from_bytes(hashlib.sha256(merchant.encode()).digest()[:6]) / 2**48
        start = datetime.combine(day, self.begin, SHANGHAI)
        return (start + self.length * share).replace(microsecond=0)

    def allowed(self, moment: datetime, merchant: str) -> datetime:
        """The moment if it lies within the hours of an open day, else the merchant's slot on the next open one."""
        began = moment if moment.timetz().replace(tzinfo=None) >= self.begin else moment - _DAY
        inside = moment - datetime.combine(began.date(), self.begin, SHANGHAI) < self.length
        if inside and began.date() not in self.closed:
            return moment
        day = moment.date()
        while day in self.closed or self.slot(day, merchant) < moment:
            day += _DAY
        return self.slot(day, merchant)


@dataclass(frozen=True, slots=True)
class Visit:
    """What the last look at an account found, and when that was (aware).

    `failures` in a row, this one included. `needs_change`: trying again is no use before somebody has changed
    something. `unchanged_since` is when what it shows last changed; `due_on` the next day on which a refund may be
    requested. `cut_short`: it was stopped before all was done. `whole_at` is when the whole list was last read, where
    this look ended before its end: that is done once a week. `not_listed`: something that was accepted is not listed
    yet.
    """

    at: datetime
    outcome: Outcome
    failures: int = 0
    needs_change: bool = False
    worked: bool = False
    unchanged_since: datetime | None = None
    due_on: date | None = None
    cut_short: bool = False
    whole_at: datetime | None = None
    not_listed: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """When an account is looked at next, in Asia/Shanghai, and why then."""

    at: datetime
    why: DueReason


def next_visit(merchant: str, look: Visit, policy: Policy) -> Next:
    """The earliest of the moments at which looking is worth it, within the policy's hours.

    The accounts of a `merchant` (its id) share their slots.
    """
    at = look.at.astimezone(SHANGHAI)
    wanted = [_regular(merchant, at, look, policy)]
    if look.cut_short:
        wanted.append(Next(at, DueReason.CUT_SHORT))
    elif look.not_listed:
        times = min(max(look.failures, 1), len(_UNTIL_LISTED))
        wanted.append(Next(at + _UNTIL_LISTED[times - 1], DueReason.NOT_LISTED))
    elif look.outcome in _FIRST_RETRY and not look.needs_change:
        pause = _FIRST_RETRY[look.outcome] * 2 ** min(max(look.failures - 1, 0), 10)
        why = DueReason.IN_DOUBT if look.outcome is Outcome.UNKNOWN else DueReason.FAILED
        wanted.append(Next(at + min(pause, _DAY), why))
    elif look.worked and not look.needs_change:
        wanted.append(Next(at + _AFTER_WORK, DueReason.AFTER_WORK))
    if look.due_on is not None and look.due_on > at.date():
        wanted.append(Next(policy.slot(look.due_on, merchant), DueReason.REFUND_DUE))
    if look.whole_at is not None:
        wanted.append(Next(look.whole_at + _LONGEST, DueReason.REGULAR))
    first = min(wanted, key=lambda n: n.at)
    return Next(policy.allowed(first.at, merchant), first.why)


def _regular(merchant: str, at: datetime, look: Visit, policy: Policy) -> Next:
    still = at - look.unchanged_since if look.unchanged_since else timedelta()
    times = next((times for long, times in _CALM if still >= long), 1)
    pause = max(min(policy.every * times, _LONGEST), policy.every)
    if pause < _DAY:
        return Next(at + pause, DueReason.REGULAR)
    day = at.date()
    # The first slot after at least half of the pause: a look that somebody asked for moves it by no more than that.
    while policy.slot(day, merchant) < at + pause - _DAY / 2:
        day += _DAY
    return Next(policy.slot(day, merchant), DueReason.CALM if times > 1 else DueReason.REGULAR)
