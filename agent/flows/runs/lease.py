"""Keeps two processes, on one machine or on several, from working on the same merchant."""

import asyncio
import os
import platform as machine
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import getnode

from filelock import FileLock, Timeout
from loguru import logger
from sqlalchemy.exc import DBAPIError

from agent.domain.accounts import AccountKey
from agent.domain.errors import AccountBusy
from agent.flows.runs.context import RunContext
from agent.ledger import Lease, Ledger, lease_of
from agent.settings import Settings

_RENEW_SECONDS = 5.0
# Somewhat less than a lease lasts: what was sent by then arrives before another may begin.
_IN_FORCE_SECONDS = 12.0
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def _clocks() -> tuple[float, float]:
    return time.monotonic(), time.time()


@dataclass(slots=True)
class HeldLease:
    """A lease that this process holds, and when it was known to last (on both clocks: one stands still in a sleep)."""

    lease: Lease
    known: tuple[float, float] = field(default_factory=_clocks)

    def in_force(self) -> bool:
        """False as soon as another might have it: after a freeze, a sleep of the machine, or without the database."""
        return max(now - then for now, then in zip(_clocks(), self.known, strict=True)) < _IN_FORCE_SECONDS


def place(settings: Settings) -> str:
    """Where this process runs, for those who share the ledger: this very folder of locks, on this very machine."""
    folder = _locks(settings).stat()
    running = _BOOT.read_text().strip() if _BOOT.exists() else f"{getnode():x}"
    return f"{machine.node()}:{running}:{folder.st_dev}:{folder.st_ino}#"


@asynccontextmanager
async def merchant_lease(context: RunContext, account: AccountKey) -> AsyncIterator[HeldLease]:
    """The lease of the account's merchant, kept until the end of the block.

    Raise AccountBusy while another process holds the merchant, and if the platform's limits are reached. What
    died on this machine is known at once, by its file lock; on another one, when it did not renew its lease for 15 s.
    """
    with _file_lock(context.settings, account.merchant_id):
        known = _clocks()
        with context.ledger.begin(on=lease_of(account.merchant_id)) as tx:
            lease = tx.leases.take_account(
                account, holder=str(os.getpid()), place=place(context.settings), limits=context.limits
            )
        if lease is None:
            raise AccountBusy(account.merchant_id)
        held = HeldLease(lease, known)
        async with kept(context.ledger, held):
            yield held


@asynccontextmanager
async def kept(ledger: Ledger, held: HeldLease) -> AsyncIterator[None]:
    """Renew a lease for as long as the block lasts, and give it back then."""
    renewing = asyncio.create_task(_renew(ledger, held))
    try:
        yield
    finally:
        renewing.cancel()
        with ledger.begin(on=held.lease.name) as tx:
            tx.leases.release(held.lease)


async def _renew(ledger: Ledger, held: HeldLease) -> None:
    lease = held.lease
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        known = _clocks()
        try:
            with ledger.begin(on=lease.name) as tx:
                ours = tx.leases.renew(lease)
        except DBAPIError as error:  # the database may come back in time; if not, the next click finds out
            logger.warning("{} was not renewed: {}", lease.name, type(error.orig).__name__)
            continue
        if not ours:
            logger.warning("{} was taken over by another process", lease.name)
            return
        held.known = known


@contextmanager
def _file_lock(settings: Settings, merchant_id: str) -> Iterator[None]:
    lock = FileLock(_locks(settings) / f"{merchant_id}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise AccountBusy(merchant_id) from None
    try:
        yield
    finally:
        lock.release()


def _locks(settings: Settings) -> Path:
    folder = settings.data_dir / "locks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
