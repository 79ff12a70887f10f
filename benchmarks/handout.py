"""Handing out to worker processes that share a PostgreSQL (fsync on): no-op visits, an urgent one, one that is killed.

Nothing is done with the accounts. A visit takes the lease within the limits, plans the next visit and gives it back.
The load counts whatever the machine had to do: far above its cores, others took their part of them.
"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any

import psutil
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import func, make_url, select, text, update

from agent.domain.accounts import AccountKey
from agent.domain.errors import AccountBusy
from agent.domain.schedule import DueReason, Next
from agent.fleet.handout import HandOut
from agent.fleet.presence import present, this_worker
from agent.flows.runs.context import RunContext
from agent.flows.runs.lease import merchant_lease
from agent.ledger import AccountHistory, Ledger, Limits, UnitOfWork
from agent.ledger.engine import open_engine
from agent.ledger.service_tables import LeaseRow, ScheduleRow
from agent.settings import Settings
from agent.vault import Vault
from benchmarks.fleet import database
from benchmarks.many import PLATFORMS
from benchmarks.schedule import fill
from benchmarks.world import Figures, now

ACCOUNTS, SLOTS, URGENT = int(os.environ.get("ACCOUNTS", "600")), 4, 5
_LIMITS = Limits(1000, 1_000_000)
_VISIT_SECONDS = 0.3


def figures() -> Figures:
    """Hand-outs a second with three and six workers, and how soon urgent visits and those of the dead are begun."""
    told: Figures = {"accounts": ACCOUNTS, "slots of a worker": SLOTS}
    for workers in (3, 6):
        with _fleet(workers, 0.0) as fleet:
            before = fleet.cpu()
            rate = fleet.rate()
            told[f"{workers} workers: accounts a second"] = round(rate, 1)
            told[f"{workers} workers: CPU milliseconds a hand-out, with the database's"] = round(
                1000 * (fleet.cpu() - before) / ACCOUNTS, 1
            )
            told[f"{workers} workers: hand-outs that came to nothing"] = fleet.lost.value
            told[f"{workers} workers: load of the machine"] = round(os.getloadavg()[0], 1)
    with _fleet(3, _VISIT_SECONDS) as fleet:
        asked = fleet.urgent()
        told["asked for by a person: seconds until begun (median)"] = round(median(asked), 1)
        told["asked for by a person: seconds until begun (longest)"] = round(max(asked), 1)
        taken = fleet.killed()
        told["a worker is killed: merchants that it held"] = len(taken)
        told["a worker is killed: seconds until they are taken up (longest)"] = round(max(taken), 1)
    return told


class _Fleet:
    """Worker processes on a ledger of their own, and what is asked of it."""

    def __init__(
        self, ledger: Ledger, server: Path, lost: "Synchronized[int]", processes: Sequence[SpawnProcess]
    ) -> None:
        self.ledger, self.server, self.lost, self.processes = ledger, server, lost, processes

    def cpu(self) -> float:
        """Seconds of processor time that the workers and the database's processes have used."""
        ours = [psutil.Process(each.pid) for each in self.processes]
        server = psutil.Process(int((self.server / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]))
        return sum(sum(each.cpu_times()[:2]) for each in [*ours, server, *server.children()])

    def rate(self) -> float:
        """Accounts a second, from the first that is taken up to the last."""
        self._make_due()
        while self._ask(select(func.count()).where(ScheduleRow.claimed_at.is_(None))):
            sleep(0.2)
        first, last = self._ask(select(func.min(ScheduleRow.claimed_at), func.max(ScheduleRow.claimed_at)), whole=True)
        return float(ACCOUNTS / (last - first).total_seconds())

    def urgent(self) -> list[float]:
        """Seconds from when somebody asked to the lease, of some in the middle of the others."""
        self._make_due()
        took = []
        for number in range(ACCOUNTS - URGENT, ACCOUNTS):
            asked = now()
            with self.ledger.begin() as tx:
                tx.schedule.at_once(f"x{number}")
            query = select(ScheduleRow.claimed_at).where(ScheduleRow.merchant_id == f"x{number}")
            while (begun := self._ask(query)) is None:
                sleep(0.05)
            took.append((begun - asked).total_seconds())
        return took

    def killed(self) -> list[float]:
        """Seconds from the death of a worker until another has taken up each merchant that it held."""
        victim = self.processes[0]
        held = select(LeaseRow.name).where(LeaseRow.holder.endswith(f"#{victim.pid}"), LeaseRow.until.is_not(None))
        while not self._ask(held):
            sleep(0.05)
        victim.kill()
        victim.join()
        died = now()
        names = self._ask(held, several=True)
        taken: list[datetime | None] = [None]
        while None in taken:
            taken = self._ask(select(LeaseRow.taken_over_at).where(LeaseRow.name.in_(names)), several=True)
        return [(at - died).total_seconds() for at in taken if at is not None]

    def _make_due(self) -> None:
        with self.ledger.begin() as tx:
            tx.session.execute(update(ScheduleRow).values(due_at=now()))

    def _ask(self, query: Any, *, several: bool = False, whole: bool = False) -> Any:  # noqa: ANN401
        with self.ledger.read() as tx:
            if whole:
                return tx.session.execute(query).one()
            found = tx.session.scalars(query).all()
        return found if several else next(iter(found), None)


@contextmanager
def _fleet(workers: int, seconds: float) -> Iterator[_Fleet]:
    context = get_context("spawn")
    with TemporaryDirectory() as folder, database() as url:
        settings = Settings(
            data_dir=Path(folder), database_url=SecretStr(url), vault_key=SecretStr(Fernet.generate_key().decode())
        )
        ledger = Ledger.open(settings, now)
        fill(ledger, ACCOUNTS, PLATFORMS, now() + timedelta(hours=1))
        lost = context.Value("i", 0)
        processes = []
        for number in range(workers):
            home = Path(folder, f"machine{number}")
            home.mkdir()
            own = settings.model_copy(update={"data_dir": home})
            processes.append(context.Process(target=_work, args=(own, seconds, lost), daemon=True))
            processes[-1].start()
        fleet = _Fleet(ledger, Path(str(make_url(url).query["host"])), lost, processes)
        try:
            while not _all_there(ledger, workers):
                sleep(0.2)
            yield fleet
        finally:
            for process in processes:
                process.kill()
                process.join()
            ledger.close()


def _all_there(ledger: Ledger, workers: int) -> bool:
    with ledger.read() as tx:
        begun = tx.session.scalar(text("SELECT count(*) FROM procrastinate_workers"))
        return bool(begun == len(tx.workers.all()) == workers)


def _work(settings: Settings, seconds: float, lost: "Synchronized[int]") -> None:
    asyncio.run(_worker(settings, seconds, lost))


async def _worker(settings: Settings, seconds: float, lost: "Synchronized[int]") -> None:
    # Opened by hand, for nothing is sealed of these merchants that a key would fit.
    engine = open_engine(settings.data_dir, settings.database_url)
    ledger = Ledger(engine, Vault.of(settings, sealed_before=False), now)
    run = RunContext(settings=settings, ledger=ledger, clock=now, started_by="benchmark", limits=_LIMITS)

    async def visit(merchant: str) -> None:
        for planned in await ledger.look(lambda tx: tx.schedule.due_of(merchant)):
            try:
                async with merchant_lease(run, planned.account) as held:
                    await asyncio.sleep(seconds)
                    await ledger.write(partial(_plan, planned.account), held.lease)
            except AccountBusy:
                with lost.get_lock():
                    lost.value += 1

    async with present(ledger, this_worker(settings, "worker", SLOTS)):
        url = settings.database_url or SecretStr("")
        places = asyncio.Semaphore(SLOTS)
        await HandOut(ledger, url, SLOTS, places, _LIMITS, visit, drain=10).run(asyncio.Event())


def _plan(account: AccountKey, tx: UnitOfWork) -> None:
    following = Next(now() + timedelta(days=1), DueReason.REGULAR)
    tx.schedule.plan(account, AccountHistory(0, None, None), following)
