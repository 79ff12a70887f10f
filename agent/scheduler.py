"""When (APScheduler): runs a job once a day at a fixed time in Asia/Shanghai.

No command uses it yet: `fankuan serve` is to be built on it.
"""

from collections.abc import Awaitable, Callable
from datetime import time

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from agent.domain.orders import SHANGHAI

# A machine that slept through the hour does the day's run when it wakes, once, however often it was missed.
_LATE_SECONDS = 12 * 3600


def daily(job: Callable[[], Awaitable[None]], at: time) -> AsyncIOScheduler:
    """A scheduler that runs `job` every day at `at` (Asia/Shanghai), never twice at the same time; not started yet."""
    scheduler = AsyncIOScheduler(
        timezone=SHANGHAI, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _LATE_SECONDS}
    )
    trigger = CronTrigger(hour=at.hour, minute=at.minute, second=at.second, timezone=SHANGHAI)
    scheduler.add_job(job, trigger, id="daily")
    return scheduler
