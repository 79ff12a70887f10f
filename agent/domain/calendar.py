"""Working days in mainland China: the State Council's holidays (放假) and make-up days (调休), and the years beyond."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import HolidayBase, country_holidays

# Around each festival the longest break that the notices of 2004-2026 ever made of it: days before its first day, days
# after. Where the notice is not out yet, all of them count as rest, so that a bound can be late but not early.
_LONGEST_BREAKS = {
    "元旦": (2, 2),
    "春节": (2, 8),
    "清明节": (2, 2),
    "劳动节": (2, 6),
    "端午节": (2, 2),
    "中秋节": (2, 2),
    "国庆节": (2, 7),
}
# New Year's notice may move the last days of the old year: make-up days fell on 26 December or later.
_LATE_DECEMBER = 26


@dataclass(frozen=True, slots=True)
class WorkDay:
    """`works`: people work on that day. `announced`: a notice says so, it is not our cautious guess."""

    works: bool
    announced: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Tells working days from rest days for 2001 to 2099. `announced_until` hides the notices after that year."""

    announced_until: int | None = None

    def look(self, day: date) -> WorkDay:
        """What is known of `day`. Without a notice only Monday to Friday outside every likely break are working."""
        if self._announced(day):
            return WorkDay(_notices(day.year).is_working_day(day), announced=True)
        likely = _likely_rest(day.year) | _likely_rest(day.year + 1)
        return WorkDay(day.weekday() < 5 and day not in likely, announced=False)

    def is_announced(self, year: int) -> bool:
        """True where the notice for `year` is in the data. Every notice so far had make-up days; a guess has none."""
        if self.announced_until is not None and year > self.announced_until:
            return False
        return any(day.year == year for day in _notices(year).weekend_workdays)

    def _announced(self, day: date) -> bool:
        late = day.month == 12 and day.day >= _LATE_DECEMBER
        return self.is_announced(day.year) and (not late or self.is_announced(day.year + 1))


@lru_cache(maxsize=256)
def _notices(year: int) -> HolidayBase:
    # The next year's notice is loaded with it: its make-up days may fall in this December.
    return country_holidays("CN", years=(year, year + 1), expand=False, language="zh_CN")


@lru_cache(maxsize=256)
def _likely_rest(year: int) -> frozenset[date]:
    return frozenset(day for name, reach in _LONGEST_BREAKS.items() for day in _break(year, name, *reach))


def _break(year: int, festival: str, before: int, after: int) -> Iterator[date]:
    # Until 2008 some of them were no holidays.
    named = (day for day, name in _notices(year).items() if day.year == year and festival in name)
    if first := min(named, default=None):
        yield from (first + timedelta(days) for days in range(-before, after + 1))
