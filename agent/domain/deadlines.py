"""From when a refund may be requested (返款等待期): counted from the subscription's date in Asia/Shanghai."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, Self

from agent.domain.calendar import WorkDay
from agent.domain.errors import UsageError
from agent.domain.text import Text

# Outside these the holiday library knows no Chinese New Year, and a date is more likely a slip than a subscription.
FIRST = date(2001, 1, 1)
LAST = date(2090, 12, 31)


class Calendar(Protocol):
    """Tells working days from rest days."""

    def look(self, day: date) -> WorkDay:
        """Whether people work on `day`, and whether that has been announced."""


class Unit(StrEnum):
    """What a period is counted in: 工作日, 个月, 年."""

    WORKING_DAY = "working day"
    MONTH = "month"
    YEAR = "year"


_IN_CHINESE = {Unit.WORKING_DAY: "个工作日", Unit.MONTH: "个月", Unit.YEAR: "年"}
_LONGEST = {Unit.WORKING_DAY: 250, Unit.MONTH: 60, Unit.YEAR: 8}


@dataclass(frozen=True, slots=True)
class Due:
    """A refund may be requested from `due_on`. `provisional`: the holidays on the way are not all announced yet, and
    `due_on` is a cautious bound: it may turn out to be earlier, not later.
    """

    due_on: date
    rule: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class RefundRule:
    """A waiting period such as 5 working days."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `5 working days`, `2 months` or `1 year`. Raise UsageError, which names what is allowed."""
        found = re.fullmatch(r"([0-9]{1,3}) +(working day|month|year)s?", text.strip().lower())
        if found is None or not 1 <= int(found[1]) <= _LONGEST[Unit(found[2])]:
            raise _unknown_rule(text)
        return cls(int(found[1]), Unit(found[2]))

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    @property
    def text(self) -> Text:
        """The period in words: “5 working days”, “5 个工作日”."""
        return Text(str(self), f"{self.count} {_IN_CHINESE[self.unit]}")

    def due(self, ordered_on: date, calendar: Calendar) -> Due:
        """When the period after `ordered_on` (Asia/Shanghai) is over. That day itself is not counted.

        Raise UsageError for a date outside 2001-2090.
        """
        if not FIRST <= ordered_on <= LAST:
            raise _unlikely_date(ordered_on)
        if self.unit is Unit.WORKING_DAY:
            return self._after_working_days(ordered_on, calendar)
        months = self.count if self.unit is Unit.MONTH else 12 * self.count
        return Due(add_months(ordered_on, months), str(self), provisional=False)

    def _after_working_days(self, day: date, calendar: Calendar) -> Due:
        left, provisional = self.count, False
        while left:
            day += timedelta(days=1)
            seen = calendar.look(day)
            left -= seen.works
            provisional |= not seen.announced
        return Due(day, str(self), provisional)


def add_months(day: date, months: int) -> date:
    """The same day some calendar months on; a day that does not exist becomes the month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _unknown_rule(text: str) -> UsageError:
    most = [f"{count} {unit}s" for unit, count in _LONGEST.items()]
    return UsageError(
        Text(f"“{text}” is not a waiting period.", f"“{text}”不是有效的等待期。"),
        Text(
            f"Write a number and a unit, such as “5 working days”, “2 months” or “1 year” (at most {', '.join(most)}).",
            f"请写数字加单位，例如 “5 working days”（5 个工作日）、“2 months”（2 个月）"
            f"或 “1 year”（1 年），最多 {'、'.join(most)}。",
        ),
    )


def _unlikely_date(day: date) -> UsageError:
    return UsageError(
        Text(f"{day} is not a likely date of a subscription.", f"{day} 不像是订购日期。"),
        Text(f"Give one from {FIRST} to {LAST}.", f"请填写 {FIRST} 至 {LAST} 之间的日期。"),
    )
