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
_FIRST_NOTICE = 2004


@dataclass(frozen=True, slots=True)
class WorkDay:
    """`works`: people work on that day. `announced`: a notice says so, it is not our cautious guess."""

    works: bool
    announced: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Tells working days from rest days for 2001 to 2099.

    `holidays` and `workdays` (make-up days) are a notice that the library does not have yet: they go before what it
    says, and a year that they name counts as announced. `announced_until` hides the library's notices after that year.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    announced_until: int | None = None

    def look(self, day: date) -> WorkDay:
        """What is known of `day`. Without a notice only Monday to Friday outside every likely break are working."""
        if day in self.holidays or day in self.workdays:
            return WorkDay(day in self.workdays, announced=True)
        if not self._announced(day):
            likely = _likely_rest(day.year) | _likely_rest(day.year + 1)
            return WorkDay(day.weekday() < 5 and day not in likely, announced=False)
        if self._in_library(day.year):
            return WorkDay(_notices(day.year).is_working_day(day), announced=True)
        return WorkDay(day.weekday() < 5 and day not in _by_law(day.year), announced=True)

    def is_announced(self, year: int) -> bool:
        """True if the notice for `year` is known."""
        return self._is_named(year) or self._in_library(year)

    def known_until(self, year: int) -> int | None:
        """The last year of which the notice is known: the end of the years without a gap from `year` on, else before.

        None if none is known.
        """
        if not self.is_announced(year):
            return next((y for y in range(year - 1, _FIRST_NOTICE - 1, -1) if self.is_announced(y)), None)
        while self.is_announced(year + 1):
            year += 1
        return year

    def left_out(self, year: int) -> list[date]:
        """The days of the law (法定节假日) that a notice given for `year` does not mention: it may be incomplete."""
        if not self._is_named(year) or self._in_library(year):
            return []
        given = self.holidays | self.workdays
        return sorted(_by_law(year) - given)

    def _announced(self, day: date) -> bool:
        return self.is_announced(day.year) and (not _is_late(day) or self.is_announced(day.year + 1))

    def _is_named(self, year: int) -> bool:
        # What lies in late December is next year's notice and says nothing of the year that ends.
        return any(day.year == year and not _is_late(day) for day in self.holidays | self.workdays)

    def _in_library(self, year: int) -> bool:
        """Every notice so far had make-up days; a guess of the library's has none."""
        if self.announced_until is not None and year > self.announced_until:
            return False
        return any(day.year == year for day in _notices(year).weekend_workdays)


def _is_late(day: date) -> bool:
    return day.month == 12 and day.day >= _LATE_DECEMBER


@lru_cache(maxsize=256)
def _notices(year: int) -> HolidayBase:
    # The next year's notice is loaded with it: its make-up days may fall in this December.
    return country_holidays("CN", years=(year, year + 1), expand=False, language="zh_CN")


@lru_cache(maxsize=256)
def _likely_rest(year: int) -> frozenset[date]:
    return frozenset(day for name, reach in _LONGEST_BREAKS.items() for day in _break(year, name, *reach))


@lru_cache(maxsize=256)
def _by_law(year: int) -> frozenset[date]:
    """The days that are holidays whatever a notice says; those given in their place (补假) may be moved by one."""
    return frozenset(day for day, name in _notices(year).items() if day.year == year and "补假" not in name)


def _break(year: int, festival: str, before: int, after: int) -> Iterator[date]:
    # Until 2008 some of them were no holidays.
    named = (day for day, name in _notices(year).items() if day.year == year and festival in name)
    if first := min(named, default=None):
        yield from (first + timedelta(days) for days in range(-before, after + 1))
