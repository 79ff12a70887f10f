"""A worker of a fleet without a browser: `python -m tests.fleet_worker SETTINGS SLOTS SECONDS`.

It takes part in the hand-out as `fankuan worker` does, takes the real lease, opens and closes a real intent, plans the
next visit, and writes down in a table of the tests when it began and ended with what.
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from agent.cli.session import now
from agent.domain.errors import AccountBusy
from agent.domain.report import StepKind, StepResult
from agent.domain.schedule import DueReason, Next
from agent.fleet.handout import HandOut
from agent.fleet.presence import present, this_worker
from agent.flows.runs.context import RunContext
from agent.flows.runs.heartbeat import HeldLease
from agent.flows.runs.lease import merchant_lease
from agent.ledger import OWN_ROWS, AccountHistory, LeaseLost, Ledger, Limits, Planned, UnitOfWork
from agent.settings import Settings, load_settings

LOG = "CREATE TABLE visits (what text, merchant text, platform text, pid int, at timestamptz DEFAULT clock_timestamp())"


INSERT = "INSERT INTO visits (what, merchant, platform, pid) VALUES"


@dataclass(frozen=True)
class Worker:
    """What a visit needs. It lasts `seconds`."""

    settings: Settings
    ledger: Ledger
    slots: int
    seconds: float

    async def run(self, stop: asyncio.Event) -> None:
        url = self.settings.database_url
        if url is None:
            raise ValueError("a fleet shares a database")
        limits = Limits(self.settings.schedule.at_once, self.settings.schedule.a_minute)
        async with present(self.ledger, this_worker(self.settings, "worker", self.slots)):
            places = asyncio.Semaphore(self.slots)
            await HandOut(self.ledger, url, self.slots, places, limits, self.visit, drain=10).run(stop)

    async def visit(self, merchant: str) -> None:
        limits = Limits(self.settings.schedule.at_once, self.settings.schedule.a_minute)
        run = RunContext(settings=self.settings, ledger=self.ledger, clock=now, started_by="test", limits=limits)
        for planned in await self.ledger.look(lambda tx: tx.schedule.due_of(merchant)):
            try:
                async with merchant_lease(run, planned.account) as held:
                    await self.work(planned, held)
            except AccountBusy:
                await self.log("busy", planned)
            except (LeaseLost, DBAPIError):  # the latter where it was frozen in the middle of a transaction
                await self.log("refused", planned)

    async def work(self, planned: Planned, held: HeldLease) -> None:
        """Look whether it was done, do it if not, and plan the next visit."""
        await self.log("begin", planned)
        run_id = await self.ledger.write(lambda tx: tx.runs.start(dry_run=False, started_by="test"), on=OWN_ROWS)
        if self.seconds:
            done = await asyncio.to_thread(was_clicked, self.settings.database_url, planned)
            intent = await self.ledger.write(lambda tx: settle(tx, planned, done=done), held.lease, run_id=run_id)
            await asyncio.sleep(self.seconds)
            if intent is not None:
                await asyncio.to_thread(click, self.settings.database_url, planned, held)
                await self.ledger.write(lambda tx: tx.intents.close(intent, StepResult.DONE, None), held.lease)
        following = Next(now() + timedelta(days=1), DueReason.REGULAR)
        await self.ledger.write(lambda tx: end(tx, planned, following), held.lease)

    async def log(self, what: str, planned: Planned) -> None:
        await asyncio.to_thread(note, self.settings.database_url, what, planned)


def settle(tx: UnitOfWork, planned: Planned, *, done: bool) -> int | None:
    """Close what was begun before, as the look has shown it; begin the step unless it is done."""
    for each in tx.intents.open_of(planned.account):
        tx.intents.close(each.id, StepResult.ALREADY if done else StepResult.FAILED, None)
    return None if done else tx.intents.begin(planned.account, StepKind.CONFIRM, "1", {})


def end(tx: UnitOfWork, planned: Planned, following: Next) -> None:
    """Plan the next visit and write that down, at once: whoever is struck between the two would have ended unseen."""
    tx.schedule.plan(planned.account, AccountHistory(0, None, None), following)
    what, merchant, platform, pid = row_of("end", planned)
    row = {"what": what, "merchant": merchant, "platform": platform, "pid": pid}
    tx.session.execute(text(f"{INSERT} (:what, :merchant, :platform, :pid)"), row)


def was_clicked(url: SecretStr | None, planned: Planned) -> bool:
    asked = "SELECT count(*) FROM visits WHERE what = 'click' AND merchant = %s"
    with psycopg.connect(url.get_secret_value() if url else "") as connection:
        return connection.execute(asked, [planned.account.merchant_id]).fetchone() != (0,)


def row_of(what: str, planned: Planned) -> tuple[str, str, str, int]:
    return what, planned.account.merchant_id, planned.account.platform, os.getpid()


def note(url: SecretStr | None, what: str, planned: Planned) -> None:
    with psycopg.connect(url.get_secret_value() if url else "", autocommit=True) as connection:
        connection.execute(f"{INSERT} (%s, %s, %s, %s)", row_of(what, planned))


def click(url: SecretStr | None, planned: Planned, held: HeldLease) -> None:
    """Write a click down, unless the lease is in force no more: as the proxy, which lets nothing pass then."""
    with psycopg.connect(url.get_secret_value() if url else "", autocommit=True) as connection:
        if not held.in_force():
            raise LeaseLost(held.lease.name)
        connection.execute(f"{INSERT} (%s, %s, %s, %s)", row_of("click", planned))


async def main(config: str, slots: str, seconds: str) -> None:
    settings = load_settings(Path(config))
    ledger = Ledger.open(settings, now)
    await Worker(settings, ledger, int(slots), float(seconds)).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
