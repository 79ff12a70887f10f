"""Keeps two processes, on one machine or on several, from working on the same merchant."""

import asyncio
import os
import platform as machine
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from filelock import FileLock, Timeout
from loguru import logger
from sqlalchemy.exc import DBAPIError

from agent.domain.errors import AccountBusy
from agent.ledger import Lease, Ledger, Limits
from agent.settings import Settings

_RENEW_SECONDS = 5.0


def place(settings: Settings) -> str:
    """Where this process runs, for those who share the ledger: the machine and its data directory."""
    return f"{machine.node()}:{settings.data_dir}#"


@asynccontextmanager
async def only_one(
    settings: Settings, ledger: Ledger, merchant_id: str, platform: str, limits: Limits | None = None
) -> AsyncIterator[Lease]:
    """The merchant's lease, kept until the end of the block.

    Raises AccountBusy while another process holds the merchant, and where the platform's `limits` are reached. What
    died on this machine is known at once, by its file lock; on another one, when it did not renew its lease for 15 s.
    """
    with _file_lock(settings, merchant_id):
        lease = ledger.take_account(
            merchant_id, platform, holder=str(os.getpid()), place=place(settings), limits=limits
        )
        if lease is None:
            raise AccountBusy(merchant_id)
        async with kept(ledger, lease):
            yield lease


@asynccontextmanager
async def kept(ledger: Ledger, lease: Lease) -> AsyncIterator[None]:
    """Renews a lease for as long as the block lasts, and gives it back then."""
    renewing = asyncio.create_task(_renew(ledger, lease))
    try:
        yield
    finally:
        renewing.cancel()
        ledger.release_lease(lease)


async def _renew(ledger: Ledger, lease: Lease) -> None:
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        try:
            held = ledger.renew_lease(lease)
        except DBAPIError as error:  # the database may come back in time; if not, the next click finds out
            logger.warning("{} was not renewed: {}", lease.name, type(error.orig).__name__)
            continue
        if not held:
            logger.warning("{} was taken over by another process", lease.name)
            return


@contextmanager
def _file_lock(settings: Settings, merchant_id: str) -> Iterator[None]:
    folder = settings.data_dir / "locks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(folder / f"{merchant_id}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise AccountBusy(merchant_id) from None
    try:
        yield
    finally:
        lock.release()
