"""Where: the processes that share the schedule, on however many machines."""

import asyncio
import os
import platform as machine
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from loguru import logger
from sqlalchemy.exc import DBAPIError

from agent.flows.runs.lease import place
from agent.ledger import OWN_ROWS, Ledger, UnitOfWork, Worker
from agent.settings import Settings

_SEEN_SECONDS = 5.0


def this_worker(settings: Settings, kind: str, slots: int) -> Worker:
    """Name this process as its leases do. `kind` is the command, `slots` how many merchants it works on at a time."""
    pid = os.getpid()
    return Worker(f"{place(settings)}{pid}", kind, machine.node(), pid, slots)


@asynccontextmanager
async def present(ledger: Ledger, worker: Worker) -> AsyncIterator[None]:
    """Tell the others that this process is there, for as long as the block lasts."""
    await _write(ledger, lambda tx: tx.workers.begin(worker))
    seen = asyncio.create_task(_stay_seen(ledger, worker.name))
    try:
        yield
    finally:
        seen.cancel()
        await _write(ledger, lambda tx: tx.workers.end(worker.name))


async def _stay_seen(ledger: Ledger, name: str) -> None:
    while True:
        await asyncio.sleep(_SEEN_SECONDS)
        await _write(ledger, lambda tx: tx.workers.seen(name))


async def _write(ledger: Ledger, change: Callable[[UnitOfWork], None]) -> None:
    """Write without holding up the event loop. While the database is away, the process only seems dead to others."""

    def write() -> None:
        with ledger.begin(on=OWN_ROWS) as tx:
            change(tx)

    try:
        await asyncio.to_thread(write)
    except DBAPIError as error:
        logger.warning("this worker could not say that it is there: {}", type(error.orig).__name__)
