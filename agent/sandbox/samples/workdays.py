"""When the back office lets a refund be requested."""

from datetime import date, timedelta
from functools import cache
from itertools import count

from holidays import HolidayBase, country_holidays

WORKING_DAYS = {"淘宝": 5, "天猫": 5, "京东": 20}
MONTHS = {"拍拍": 2, "一号店": 12}


@cache
def _china() -> HolidayBase:
    return country_holidays("CN")


def nth_working_day(start: date, days: int) -> date:
    """The `days`-th working day after `start`, by China's calendar with its make-up days."""
    working = (day for step in count(1) if _china().is_working_day(day := start + timedelta(days=step)))
    return next(day for number, day in enumerate(working, 1) if number == days)


def months_later(start: date, months: int) -> date:
    """The same day `months` later, or that month's last."""
    year, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(start.day, last.day))


def due(platform: str, ordered: date) -> date:
    """From when `platform`'s refund may be requested; at once if the vendor publishes no period."""
    if days := WORKING_DAYS.get(platform):
        return nth_working_day(ordered, days)
    return months_later(ordered, MONTHS.get(platform, 0))


def refusal(platform: str, ordered: date, today: date) -> str | None:
    """What the back office says to who comes too early."""
    if due(platform, ordered) <= today:
        return None
    days, months = WORKING_DAYS.get(platform), MONTHS.get(platform)
    return f"订购时间未满{f'{days}个工作日' if days else f'{months}个月'}，暂时无法申请返款"


def latest_due(platform: str, today: date) -> date:
    """The last subscription date whose refund may be requested today."""
    return next(day for back in count() if due(platform, day := today - timedelta(days=back)) <= today)
