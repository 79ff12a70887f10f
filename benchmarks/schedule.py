"""Fifty thousand accounts in the ledger: finding the due ones, the memory it takes, and how late they are begun."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from statistics import median, quantiles
from time import perf_counter

import psutil
from sqlalchemy import insert

from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI
from agent.domain.schedule import DueReason, Next, Policy
from agent.ledger import AccountHistory, Lease, Ledger, Limits
from agent.ledger.service_tables import ScheduleRow
from agent.ledger.tables import AccountRow, MerchantRow
from agent.settings import Settings
from benchmarks.many import PLATFORMS
from benchmarks.world import Figures, now, world

ACCOUNTS = 50_000
_ROWS = 5000
_LIMITS = Limits(4, 30)
_AT_ONCE, _LOOK, _TICK = 8, timedelta(seconds=4), timedelta(seconds=5)


def fifty_thousand(hours: float) -> Figures:
    """Spread over ten platforms and the hours of a day (08:00 to 22:00), of which so many are simulated."""
    with world([["weimob"]]) as here:
        before = psutil.Process(os.getpid()).memory_info().rss
        fill(here.ledger, ACCOUNTS, PLATFORMS)
        took = [_timed(here.ledger) for _ in range(20)]
        for number in range(0, ACCOUNTS, 1000):
            with here.ledger.begin() as tx:
                tx.schedule.at_once(f"x{number}")
        busy = [_timed(here.ledger) for _ in range(20)]
        late = _Day(here.settings).lateness(hours)
        grown = psutil.Process(os.getpid()).memory_info().rss - before
    return {
        "milliseconds to find that few are due": round(1000 * median(took), 1),
        "milliseconds with 50 that somebody asked for": round(1000 * median(busy), 1),
        "hours simulated": hours,
        "accounts begun in them": len(late),
        "seconds late (median)": round(median(late), 1),
        "seconds late (99 of 100)": round(quantiles(late, n=100)[98], 1),
        "seconds late (latest)": round(max(late), 1),
        "MB more of memory": round(grown / 1e6),
    }


class _Day:
    """A service on a clock of its own: eight merchants at a time, a look takes four seconds, a tick every five."""

    def __init__(self, settings: Settings) -> None:
        self.now = datetime.combine(now().date() + timedelta(days=1), Policy().begin, SHANGHAI)
        self.ledger = Ledger.open(settings, lambda: self.now)
        self.working: list[tuple[datetime, AccountKey, Lease]] = []

    def lateness(self, hours: float) -> list[float]:
        """Seconds from when each account was due to when it was begun."""
        late, end, tick = list[float](), self.now + timedelta(hours=hours), self.now
        while self.now < end:
            while self.working and self.working[0][0] <= self.now:
                self._ended(*heappop(self.working)[1:])
            late += self._begun()
            tick = tick + _TICK if tick <= self.now else tick
            self.now = min([tick, *(at for at, *_ in self.working[:1])])
        self.ledger.close()
        return late

    def _begun(self) -> list[float]:
        late = []
        with self.ledger.read() as tx:
            free = _AT_ONCE - len(self.working)
            due = tx.schedule.due(free, _LIMITS) if free > 0 else []
        for planned in due:
            each = planned[0]
            with self.ledger.begin() as tx:
                lease = tx.leases.take_account(each.account, holder="x", place="x#", limits=_LIMITS)
            if lease is not None:
                heappush(self.working, (self.now + _LOOK, each.account, lease))
                late += [(self.now - each.at).total_seconds()] if each.why is DueReason.REGULAR else []
        return late

    def _ended(self, account: AccountKey, lease: Lease) -> None:
        following = Next(self.now + timedelta(days=1), DueReason.REGULAR)
        with self.ledger.begin() as tx:
            tx.schedule.plan(account, AccountHistory(0, None, self.now, self.now), following)
        with self.ledger.begin() as tx:
            tx.leases.release(lease)


def fill(ledger: Ledger, count: int, platforms: Sequence[str], due_at: datetime | None = None) -> None:
    """Accounts of as many merchants, the platforms in turn, due at their slots of tomorrow or at a moment."""
    engine = ledger._engine
    policy, tomorrow = Policy(), now().astimezone(SHANGHAI).date() + timedelta(days=1)
    with engine.begin() as connection:
        for start in range(0, count, _ROWS):
            pairs = [(f"x{n}", platforms[n % len(platforms)]) for n in range(start, min(start + _ROWS, count))]
            connection.execute(
                insert(MerchantRow),
                [
                    {"id": n, "name": n, "edition": "cloud", "backoffice_username": n, "backoffice_password": ""}
                    for n, _ in pairs
                ],
            )
            connection.execute(insert(AccountRow), [{"merchant_id": n, "platform": p} for n, p in pairs])
            connection.execute(
                insert(ScheduleRow),
                [
                    {
                        "merchant_id": n,
                        "platform": p,
                        "due_at": due_at or policy.slot(tomorrow, n),
                        "why": DueReason.REGULAR.value,
                        "failures": 0,
                    }
                    for n, p in pairs
                ],
            )


def _timed(ledger: Ledger) -> float:
    began = perf_counter()
    with ledger.read() as tx:
        tx.schedule.due(8, _LIMITS)
    return perf_counter() - began
