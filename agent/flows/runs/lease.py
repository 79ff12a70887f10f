"""Keeps two processes, on one machine or on several, from working on the same merchant."""

import asyncio
import os
import platform as machine
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import getnode

from filelock import FileLock, Timeout

from agent.domain.accounts import AccountKey
from agent.domain.errors import AccountBusy
from agent.flows.runs.context import RunContext
from agent.flows.runs.heartbeat import HeldLease, clocks, heartbeat
from agent.ledger import Lease, Ledger, UnitOfWork, lease_of
from agent.settings import Settings

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def place(settings: Settings) -> str:
    """Where this process runs, for those who share the ledger: this very folder of locks, on this very machine."""
    folder = _locks(settings).stat()
    running = _BOOT.read_text().strip() if _BOOT.exists() else f"{getnode():x}"
    return f"{machine.node()}:{running}:{folder.st_dev}:{folder.st_ino}#"


@asynccontextmanager
async def merchant_lease(context: RunContext, account: AccountKey) -> AsyncIterator[HeldLease]:
    """The lease of the account's merchant, kept until the end of the block.

    Raise AccountBusy while another process holds the merchant, and if the platform's limits are reached. What
    died on this machine is known at once, by its file lock; on another one, when it did not renew its lease for 10 s.
    """
    with _file_lock(context.settings, account.merchant_id):
        async with kept(context.ledger, await _taken(context, account)) as held:
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
        lease, limits = self.held.lease, self.context.limits
        try:
            joined = await self.context.ledger.write(lambda tx: tx.leases.join(lease, account, limits), lease)
        except asyncio.CancelledError:
            await self._left(lease, account)
            raise
        if not joined:
            raise AccountBusy(account.merchant_id)
        return self.held

    async def _left(self, lease: Lease, account: AccountKey) -> None:
        await self.context.ledger.write(lambda tx: tx.leases.leave(lease, account), on=lease.name)

    async def _ended(self, account: AccountKey, held: HeldLease) -> None:
        if self._at_work:
            await self._left(held.lease, account)
        else:
            self.held = None
            await self._stack.aclose()


async def _taken(context: RunContext, account: AccountKey) -> HeldLease:
    """Take the lease. A task that is cancelled meanwhile gives it back."""
    known, here, taken = clocks(), place(context.settings), list[Lease]()

    def take(tx: UnitOfWork) -> None:
        lease = tx.leases.take_account(account, holder=str(os.getpid()), place=here, limits=context.limits)
        if lease is not None:
            taken.append(lease)

    try:
        await context.ledger.write(take, on=lease_of(account.merchant_id))
    except asyncio.CancelledError:
        for lease in taken:
            await _release(context.ledger, lease)
        raise
    if not taken:
        raise AccountBusy(account.merchant_id)
    return HeldLease(taken[0], known)


@asynccontextmanager
async def kept(ledger: Ledger, held: HeldLease) -> AsyncIterator[HeldLease]:
    """Renew a lease for as long as the block lasts, and give it back then."""
    try:
        with heartbeat(ledger).keep(held):
            yield held
    finally:
        await _release(ledger, held.lease)


async def _release(ledger: Ledger, lease: Lease) -> None:
    await ledger.write(lambda tx: tx.leases.release(lease), on=lease.name)


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
