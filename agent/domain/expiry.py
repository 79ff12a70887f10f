"""When subscriptions (订购) and authorisations (授权) end, and which of them end soon."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from agent.domain.deadlines import LAST, add_months
from agent.domain.orders import SHANGHAI

SOON = 30  # days


@dataclass(frozen=True, slots=True)
class Period:
    """How long a subscription runs (订购周期): calendar months and days."""

    months: int = 0
    days: int = 0

    def end(self, ordered_at: datetime) -> datetime | None:
        """The midnight at which it ends, in Asia/Shanghai; None if that is beyond every likely date.

        Markets count from the day on which it was ordered, not from the hour. A renewal that was paid ahead of time
        begins only when the one before it ends: then this is too early, which at worst reminds too early.
        """
        day = ordered_at.astimezone(SHANGHAI).date()
        try:
            day = add_months(day, self.months) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            return None
        return datetime.combine(day, time(), SHANGHAI) if day <= LAST else None


def days_left(end: datetime | date | None, today: date) -> int | None:
    """How many days are left on `today` (Asia/Shanghai), if it is 30 at most; None for what has ended before."""
    if end is None:
        return None
    day = end.astimezone(SHANGHAI).date() if isinstance(end, datetime) else end
    left = (day - today).days
    return left if 0 <= left <= SOON else None
