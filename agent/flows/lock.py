"""Keeps two processes of one machine from working on the same merchant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from filelock import FileLock, Timeout

from agent.domain.errors import AccountBusy
from agent.settings import Settings


@asynccontextmanager
async def only_one(settings: Settings, merchant_id: str) -> AsyncIterator[None]:
    """Raises AccountBusy while another process holds the merchant. The system frees the lock of one that dies."""
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
