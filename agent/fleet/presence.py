"""Tells the others that this process is there, and what it can do."""

import os
import platform as machine
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from loguru import logger
from sqlalchemy.exc import DBAPIError

from agent.flows.runs.heartbeat import heartbeat
from agent.flows.runs.lease import place
from agent.ledger import OWN_ROWS, Ledger, Worker
from agent.settings import Settings


def this_worker(settings: Settings, kind: str, slots: int) -> Worker:
    """Name this process as its leases do. `kind` is the command, `slots` how many accounts it works on at a time."""
    pid = os.getpid()
    return Worker(f"{place(settings)}{pid}", kind, machine.node(), pid, slots)


@asynccontextmanager
async def present(ledger: Ledger, worker: Worker) -> AsyncIterator[None]:
    """Tell the others that this process is there, for as long as the block lasts."""
    await ledger.write(lambda tx: tx.workers.begin(worker), on=OWN_ROWS)
    try:
        with heartbeat(ledger).seen(worker.name):
            yield
    finally:
        try:
            await ledger.write(lambda tx: tx.workers.end(worker.name), on=OWN_ROWS)
        except DBAPIError as error:  # the others will see that it is gone
            logger.warning("this worker could not say that it ends: {}", type(error.orig).__name__)
