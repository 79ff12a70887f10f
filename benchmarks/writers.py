"""Transactions a second on PostgreSQL (fsync on): one writer, and many for different merchants at the same time.

Each plans a merchant's next visit, as every look does, and waits 4 ms in it, as for a database on another machine.
Besides, the same many with one lock for all of them. What the machine's cores are busy with counts everything on it.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import psutil
from cryptography.fernet import Fernet
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.schedule import DueReason, Next
from agent.ledger import AccountHistory, Ledger, lease_of
from agent.ledger.engine import open_engine
from agent.settings import Settings
from agent.vault import Vault
from benchmarks.fleet import database
from benchmarks.schedule import fill
from benchmarks.world import Figures, now

WRITERS, _PROCESSES, _SECONDS, _WAIT_SECONDS = 64, 4, 10.0, 0.004


def transactions() -> Figures:
    """How many of them are committed a second."""
    with TemporaryDirectory() as folder, database() as url:
        settings = Settings(
            data_dir=Path(folder), database_url=SecretStr(url), vault_key=SecretStr(Fernet.generate_key().decode())
        )
        ledger = Ledger.open(settings, now)
        fill(ledger, WRITERS, ["taobao"], now() + timedelta(days=1))
        ledger.close()
        one = _rate(settings, 1, named=True)
        psutil.cpu_percent()
        many = _rate(settings, WRITERS, named=True)
        busy = psutil.cpu_percent()
        all_in_turn = _rate(settings, WRITERS, named=False)
    return {
        "writers": WRITERS,
        "one writer: transactions a second": round(one),
        "all writers: transactions a second": round(many),
        "all writers: times one": round(many / one, 1),
        "all writers: percent of the cores in use": round(busy),
        "load of the machine": round(os.getloadavg()[0], 1),
        "all writers, one lock for all: transactions a second": round(all_in_turn),
    }


def _rate(settings: Settings, writers: int, *, named: bool) -> float:
    numbers = [range(start, writers, _PROCESSES) for start in range(min(_PROCESSES, writers))]
    with ProcessPoolExecutor(len(numbers), get_context("spawn")) as pool:
        work = partial(_process, settings, named=named)
        return sum(pool.map(work, numbers))


def _process(settings: Settings, numbers: Sequence[int], *, named: bool) -> float:
    """Transactions a second of one process, with a thread and a connection for each of its writers."""
    with ThreadPoolExecutor(len(numbers)) as threads:
        return sum(threads.map(partial(_writer, settings, named=named), numbers))


def _writer(settings: Settings, number: int, *, named: bool) -> float:
    # Opened by hand, for nothing is sealed of these merchants that a key would fit.
    engine = open_engine(settings.data_dir, settings.database_url)
    ledger, merchant, done = Ledger(engine, Vault.of(settings, sealed_before=False), now), f"x{number}", 0
    account, following = AccountKey(merchant, "taobao"), Next(now() + timedelta(days=1), DueReason.REGULAR)
    began = perf_counter()
    while perf_counter() - began < _SECONDS:
        with ledger.begin(on=lease_of(merchant) if named else None) as tx:
            tx.schedule.plan(account, AccountHistory(0, None, now()), following)
            sleep(_WAIT_SECONDS)
        done += 1
    took = perf_counter() - began
    ledger.close()
    return done / took
