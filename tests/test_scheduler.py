"""The daily run comes at its time, in Shanghai's."""

import asyncio
from datetime import datetime, time, timedelta

from agent.domain.orders import SHANGHAI
from agent.scheduler import daily


async def test_the_job_is_due_at_its_time_in_shanghai() -> None:
    scheduler = daily(lambda: asyncio.sleep(0), time(3, 15))
    scheduler.start(paused=True)
    due = scheduler.get_job("daily").next_run_time
    scheduler.shutdown(wait=False)
    assert (due.hour, due.minute, due.utcoffset()) == (3, 15, timedelta(hours=8))


async def test_the_job_runs_when_its_time_comes() -> None:
    ran = asyncio.Event()

    async def job() -> None:
        ran.set()

    scheduler = daily(job, time(3, 15))
    scheduler.start()
    scheduler.modify_job("daily", next_run_time=datetime.now(SHANGHAI))
    async with asyncio.timeout(10):
        await ran.wait()
    scheduler.shutdown(wait=False)


async def test_what_was_missed_often_is_made_up_for_once_and_never_beside_itself() -> None:
    scheduler = daily(lambda: asyncio.sleep(0), time(3, 15))
    scheduler.start(paused=True)
    job = scheduler.get_job("daily")
    scheduler.shutdown(wait=False)
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, 12 * 3600)
