"""Renews the leases of this process, all at once, in a thread: one whose event loop is busy does not look dead."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from weakref import WeakKeyDictionary, ref

from loguru import logger
from sqlalchemy.exc import DBAPIError

from agent.ledger import OWN_ROWS, Lease, Ledger

_BEAT_SECONDS = 3.0
# Somewhat less than a lease lasts: what was sent by then arrives before another may begin.
_IN_FORCE_SECONDS = 8.0
# A loop that answers nothing for so long will not answer any more, and holds its merchants for nothing.
_LOOP_SECONDS = 60.0

Clocks = tuple[float, float]
T = TypeVar("T")


def clocks() -> Clocks:
    """Read both clocks: one of them stands still while the machine sleeps, and the other can be set."""
    return time.monotonic(), time.time()


@dataclass(slots=True, eq=False)
class HeldLease:
    """A lease that this process holds, and when it was known to last (on both clocks).

    It is `shared` as soon as two accounts of the merchant were at work under it at the same time.
    """

    lease: Lease
    known: Clocks = field(default_factory=clocks)
    shared: bool = False

    def in_force(self) -> bool:
        """False as soon as another might have it: after a freeze, a sleep of the machine, or without the database."""
        return max(now - then for now, then in zip(clocks(), self.known, strict=True)) < _IN_FORCE_SECONDS


class Heartbeat:
    """Tells the others, through one ledger, what of this process is alive, as long as something is."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ref(ledger)
        self._held: set[HeldLease] = set()
        self._workers: set[str] = set()
        self._lock = threading.Lock()
        self._ended: threading.Event | None = None
        self._answered = time.monotonic()

    @contextmanager
    def keep(self, held: HeldLease) -> Iterator[None]:
        """Renew a lease for as long as the block lasts."""
        self._begin(self._held, held)
        try:
            yield
        finally:
            self._end(self._held, held)

    @contextmanager
    def seen(self, worker: str) -> Iterator[None]:
        """Say that the worker of that name is there, for as long as the block lasts."""
        self._begin(self._workers, worker)
        try:
            yield
        finally:
            self._end(self._workers, worker)

    @property
    def beats(self) -> bool:
        """True as long as something is kept, and the event loop answers."""
        return self._ended is not None

    def _begin(self, kept: set[T], one: T) -> None:
        with self._lock:
            kept.add(one)
            if self._ended is None:
                self._ended, loop = threading.Event(), asyncio.get_running_loop()
                threading.Thread(target=self._beat, args=(self._ended, loop), name="heartbeat", daemon=True).start()

    def _end(self, kept: set[T], one: T) -> None:
        with self._lock:
            kept.discard(one)
            if not self._held and not self._workers and self._ended is not None:
                self._ended.set()
                self._ended = None

    def _beat(self, ended: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
        self._answered = time.monotonic()
        try:
            while not ended.wait(_BEAT_SECONDS):
                if time.monotonic() - self._answered > _LOOP_SECONDS:
                    logger.error("this process has done nothing for a minute: its leases are left to others")
                    return
                if not loop.is_closed():
                    loop.call_soon_threadsafe(self._answer)
                self._renew()
        finally:  # whatever ended it: what is kept next begins another
            with self._lock:
                if self._ended is ended:
                    self._ended = None

    def _answer(self) -> None:
        self._answered = time.monotonic()

    def _renew(self) -> None:
        with self._lock:
            held, workers = [*self._held], [*self._workers]
        known, ledger = clocks(), self._ledger()
        if ledger is None:
            return
        try:
            with ledger.begin(on=OWN_ROWS) as tx:
                ours = tx.leases.renew_all([each.lease for each in held])
                for name in workers:
                    tx.workers.seen(name)
        except DBAPIError as error:  # the database may come back in time; if not, the next click finds out
            logger.warning("leases were not renewed: {}", type(error.orig).__name__)
            return
        for each in held:
            if each.lease in ours:
                each.known = known
            else:
                self._lose(each)

    def _lose(self, held: HeldLease) -> None:
        with self._lock:
            was_held = held in self._held
            self._held.discard(held)
        if was_held:  # what was given back meanwhile is nobody's
            logger.warning("{} was taken over by another process", held.lease.name)


_heartbeats: WeakKeyDictionary[Ledger, Heartbeat] = WeakKeyDictionary()


def heartbeat(ledger: Ledger) -> Heartbeat:
    """Return the heartbeat of a ledger, of which this process needs one."""
    return _heartbeats.setdefault(ledger, Heartbeat(ledger))
