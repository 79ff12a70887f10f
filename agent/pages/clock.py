"""Clocks of 12 hours, days of the week and days told from today, as pages write them."""

import re
from datetime import datetime, timedelta

_WEEKDAYS = "一二三四五六日"
_WEEKDAY = re.compile(r" ?[(]?(?:星期|周|礼拜)([一二三四五六日天])[)]? ?")
_SPELT = re.compile(r"(\d{1,2})[时点](\d{2})分(?:(\d{2})秒)?")
_MORNING = ("上午", "早上", "早晨", "清晨", "凌晨", "AM")
_LATER = ("下午", "傍晚", "晚上", "午后", "PM")
_HALVES = "|".join((*_MORNING, *_LATER, "中午"))
_HALF_DAY = re.compile(
    rf"(?:(?P<before>{_HALVES}) ?)?(?<!\d)(?P<hour>\d{{1,2}})(?P<rest>:\d{{2}}(?::\d{{2}})?)"
    r"(?: ?(?P<after>[AP]M)(?![A-Z]))?",
    re.IGNORECASE,
)
_FROM_TODAY = re.compile(r"(今天|今日|昨天|昨日|前天) ?(\d{1,2}:\d{2}(?::\d{2})?)")
_DAYS_AGO = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
# Right after midnight nobody knows which day the page calls today.
_UNSURE = timedelta(minutes=10)


def of_24_hours(text: str) -> str:
    """Text with its clocks of 12 hours as ones of 24 and without days of the week: 下午9:39 and 9:39 PM become 21:39.

    What can be two hours, such as 晚上12:10, is left as it is, and so is no moment.
    """
    spelt = _SPELT.sub(lambda m: f"{m[1]}:{m[2]}" + (f":{m[3]}" if m[3] else ""), _WEEKDAY.sub(" ", text))
    return _HALF_DAY.sub(_turned, spelt)


def _turned(match: re.Match[str]) -> str:
    text = (match["before"] or match["after"] or "").upper()
    if not text or (match["before"] and match["after"]):
        return match.group()
    hour = _hour(text, int(match["hour"]))
    return match.group() if hour is None else f" {hour:02}{match['rest']}"


def _hour(text: str, hour: int) -> int | None:
    if text in _MORNING:
        return hour % 12 if hour <= 12 else None
    if text == "中午":
        return {11: 11, 12: 12, 1: 13, 13: 13}.get(hour)
    if hour > 12:
        return hour if hour < 24 else None
    return None if hour in (0, 12) and text in ("晚上", "傍晚") else hour % 12 + 12


def weekday_in(text: str) -> int | None:
    """The day of the week that a text names, Monday 0."""
    found = _WEEKDAY.search(text)
    return _WEEKDAYS.index(found[1].replace("天", "日")) if found else None


def from_today(text: str, now: datetime) -> datetime | None:
    """今天 10:20 and 昨天 10:20 as moments, `now` being when the page was read; None for anything else."""
    match = _FROM_TODAY.fullmatch(of_24_hours(text).strip())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if match is None or now - midnight < _UNSURE:
        return None
    hour, minute, second = (int(p) for p in (match[2] + ":00:00").split(":")[:3])
    if hour > 23 or minute > 59 or second > 59:
        return None
    when = midnight - timedelta(days=_DAYS_AGO[match[1]]) + timedelta(hours=hour, minutes=minute, seconds=second)
    return when if when <= now + _UNSURE else None
