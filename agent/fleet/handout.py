"""Hands what is due out to all workers that share a PostgreSQL database, by Procrastinate: a job is a merchant's visit.

The ledger stays the order book, the judge of limits, and what keeps two from the same merchant. The engine orders,
wakes, hands a merchant to one worker, and forgets the jobs of the dead; nothing is lost with a job, for what is due
stays due.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from loguru import logger
from procrastinate import App, PsycopgConnector, jobs, manager
from procrastinate.exceptions import ConnectorException
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError

from agent.domain.schedule import DueReason
from agent.ledger import Ledger, Limits, Planned, UnitOfWork
from agent.ledger.engine import IMPATIENT, conninfo

TASK = "visit"
_ASKED, _TAKEN_OVER, _REGULAR = 9, 5, 0
_TICK_SECONDS, _BEAT_SECONDS, _DEAD_SECONDS = 1.0, 3.0, 10.0
# For as long as the database answers nothing, it is asked again after this.
_AGAIN_SECONDS = 3.0
# Each message wakes all of them: above so many, asking each second costs less.
_LISTENING = 20
# One that is frozen in the middle of a transaction would keep all others from handing anything out.
_NO_HANGING = "-c idle_in_transaction_session_timeout=10s -c lock_timeout=10s"
# Any number, as long as every fankuan takes the same one.
_TICK_LOCK = 8_405_696
_AWAY = (ConnectorException, psycopg.Error, DBAPIError, OSError, TimeoutError)
_TRIES = 10
_WITH_ENGINE = "SELECT lock, queue_name, status::text FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
_HURRY = """UPDATE procrastinate_jobs SET priority = %(priority)s
    WHERE status = 'todo' AND priority < %(priority)s AND lock = ANY(%(merchants)s)"""

Visit = Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class HandOut:
    """Takes part in the hand-out, for `slots` accounts at a time: `visit` is called with the id of each merchant.

    An account of a visit takes one of the `places`, and no merchant is fetched while none is free, so that none waits
    here whom another could visit. Begun visits have `drain` seconds to end once it is to stop.
    """

    ledger: Ledger
    database_url: SecretStr
    slots: int
    places: asyncio.Semaphore
    limits: Limits
    visit: Visit
    drain: float
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _connector: PsycopgConnector = field(init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Take part until `stop` is set. While the database is away, nothing is handed out, and it goes on after."""
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # what it says at length is told here in a line
        while not stop.is_set():
            try:
                await self._take_part(stop)
            except _AWAY as error:
                logger.warning("nothing is handed out for now: {}", type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _AGAIN_SECONDS)

    async def _take_part(self, stop: asyncio.Event) -> None:
        self._connector = self._new_connector()
        app = App(connector=self._connector)
        engine = app.job_manager = _Engine(self._connector, self.places)
        app.task(name=TASK)(self._begin)
        async with app.open_async():
            working = asyncio.create_task(
                app.run_worker_async(
                    concurrency=self.slots,
                    listen_notify=await self.ledger.look(lambda tx: len(_alive(tx))) <= _LISTENING,
                    fetch_job_polling_interval=_TICK_SECONDS,
                    abort_job_polling_interval=60.0,  # a visit that is to stop is told by the service
                    update_heartbeat_interval=_BEAT_SECONDS,
                    stalled_worker_timeout=_DEAD_SECONDS,
                    delete_jobs=jobs.DeleteJobCondition.ALWAYS.value,
                    shutdown_graceful_timeout=self.drain,
                    install_signal_handlers=False,
                )
            )
            beside: list[asyncio.Task[Any]] = [
                working,
                *(asyncio.create_task(each) for each in (self._tick_on(app), engine.goes_stale(), _set(stop))),
            ]
            try:
                done, _ = await asyncio.wait(beside, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
            for task in done:
                task.result()  # raises what ended it

    async def _begin(self, merchant: str) -> None:
        try:
            await self.visit(merchant)
        finally:
            self._wake.set()  # there is room for another

    async def _tick_on(self, app: App) -> None:
        while True:
            await self.tick(app)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _TICK_SECONDS)
            self._wake.clear()

    async def tick(self, app: App) -> None:
        """Give the engine what is due and has room, unless another process does so at this moment."""
        async with self._connector.pool.connection() as connection, connection.transaction():
            asked = await connection.execute(f"SELECT pg_try_advisory_xact_lock({_TICK_LOCK}) AS ours")
            if await asked.fetchone() != (True,):
                return
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_SECONDS):
                await connection.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', true)", [job.id])
                logger.info("{}: the visit of a worker that died is given to another", job.lock)
            rows = await (await connection.execute(_WITH_ENGINE)).fetchall()
            queued = {merchant: platform for merchant, platform, _ in rows}
            waiting = sum(status == "todo" for *_, status in rows)
            found = await self.ledger.look(lambda tx: self._wanted(tx, queued, waiting))
            await connection.execute(_HURRY, {"priority": _ASKED, "merchants": found.hurried})
            for priority, planned in found.due:
                first = planned[0].account
                job_of = app.configure_task(
                    TASK,
                    connection=connection,
                    queue=first.platform,
                    lock=first.merchant_id,
                    queueing_lock=first.merchant_id,
                    priority=priority,
                )
                await job_of.defer_async(merchant=first.merchant_id)

    def _wanted(self, tx: UnitOfWork, queued: dict[str, str], waiting: int) -> "_Wanted":
        """What is to be given to the engine: no more than two for each slot, so that the order stays the ledger's."""
        most = 2 * sum(_alive(tx)) - waiting
        left_over = tx.leases.left_over()
        found = tx.schedule.due(max(most, self.slots), self.limits, queued)
        due = [(_priority(each, left_over), each) for each in found]
        # What somebody asked for is given in any case.
        wanted = [each for place, each in enumerate(due) if place < most or each[0] == _ASKED]
        return _Wanted(wanted, tx.schedule.asked_for(queued))

    def _new_connector(self) -> PsycopgConnector:
        return PsycopgConnector(
            conninfo=conninfo(self.database_url),
            min_size=1,
            max_size=self.slots + 3,
            timeout=_DEAD_SECONDS,
            kwargs={**IMPATIENT, "options": _NO_HANGING},
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    due: list[tuple[int, list[Planned]]]
    hurried: list[str]


class _Engine(manager.JobManager):
    """Remembers when the database last heard of this worker, and gives up waiting for an answer."""

    def __init__(self, connector: Any, places: asyncio.Semaphore) -> None:  # noqa: ANN401 - the engine's own
        super().__init__(connector)
        self._places = places
        self._heard = asyncio.Event()

    async def update_heartbeat(self, worker_id: int) -> None:
        """See the engine's."""
        await super().update_heartbeat(worker_id)
        self._heard.set()

    async def goes_stale(self) -> None:
        """Return never; raise TimeoutError once the database has not heard of this worker for long."""
        while True:
            async with asyncio.timeout(_DEAD_SECONDS):
                await self._heard.wait()
            self._heard.clear()

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """See the engine's. What was fetched and did not arrive is given to another once the worker begins anew."""
        if not await self._has_place():
            return None  # it asks again within a second
        async with asyncio.timeout(_DEAD_SECONDS):
            return await super().fetch_job(queues, worker_id)

    async def _has_place(self) -> bool:
        """True if a place is free, or becomes so soon. Accounts of merchants that are here already go before."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_TICK_SECONDS), self._places:
                return True
        return False

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        """See the engine's. A job that others took for a dead worker's is gone already."""
        for _ in range(_TRIES):
            try:
                await super().finish_job(job, status, delete_job)
                return
            except ConnectorException as error:
                if isinstance(error.__cause__, psycopg.errors.RaiseException):
                    return
                await asyncio.sleep(_TICK_SECONDS)


async def _set(event: asyncio.Event) -> None:
    await event.wait()


def _priority(planned: list[Planned], left_over: set[str]) -> int:
    if any(each.why is DueReason.ASKED for each in planned):
        return _ASKED
    return _TAKEN_OVER if planned[0].account.merchant_id in left_over else _REGULAR


def _alive(tx: UnitOfWork) -> list[int]:
    """The slots of each worker that is alive."""
    return [each.worker.slots for each in tx.workers.all() if each.alive]
