"""Keeps two processes, on one machine or on several, from working on the same merchant."""

import asyncio
import os
import platform as machine
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
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
    """A lease that this process holds, and when it was known to last (on both clocks: one stands still in a sleep).

    It is `shared` as soon as two accounts of the merchant were at work under it at the same time.
    """

    lease: Lease
    known: tuple[float, float] = field(default_factory=_clocks)
    shared: bool = False

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


@dataclass(slots=True)
class MerchantLease:
    """The one lease of a merchant, held as long as any of its accounts is worked on: see `of`."""

    context: RunContext
    held: HeldLease | None = None
    _at_work: int = 0
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def of(self, account: AccountKey) -> AsyncIterator[HeldLease]:
        """The lease, while the block works on that account. Raise what merchant_lease() raises, and LeaseLost."""
        async with self._changing:
            held = await self._begun(account)
            self._at_work += 1
            held.shared |= self._at_work > 1
        try:
            yield held
        finally:
            async with self._changing:
                self._at_work -= 1
                await self._ended(account, held)

    async def _begun(self, account: AccountKey) -> HeldLease:
        if self.held is None:
            self.held = await self._stack.enter_async_context(merchant_lease(self.context, account))
            return self.held
        with self.context.ledger.begin(self.held.lease) as tx:
            if not tx.leases.join(self.held.lease, account, self.context.limits):
                raise AccountBusy(account.merchant_id)
        return self.held

    async def _ended(self, account: AccountKey, held: HeldLease) -> None:
        if self._at_work:
            with self.context.ledger.begin(on=held.lease.name) as tx:
                tx.leases.leave(held.lease, account)
        else:
            self.held = None
            await self._stack.aclose()


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
