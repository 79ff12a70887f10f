"""Handing out accounts that are due: the ledger's schedule and leases, and DBOS beside it (`pip install dbos`).

Nothing is done with the accounts. An account of fankuan's is taken up, planned anew and given back, as in every look.
"""

import os
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import psutil

from agent.domain.accounts import AccountKey
from agent.domain.schedule import DueReason, Next
from agent.ledger import AccountHistory, Ledger, Limits
from benchmarks.schedule import fill
from benchmarks.world import Figures, now, world

ACCOUNTS, URGENT, AT_ONCE = 1000, 5, 8


async def handed_out() -> Figures:
    """Accounts a second, and the places in the order that the urgent ones get, which were asked for last."""
    rate, places = _ours()
    told: Figures = {
        "accounts": ACCOUNTS,
        "fankuan: accounts a second": round(rate),
        "fankuan: the last of 5 urgent ones is number": max(places),
    }
    if find_spec("dbos"):
        rate, places, grown = await _dbos()
        told["DBOS: accounts a second"] = round(rate)
        told["DBOS: the last of 5 urgent ones is number"] = max(places)
        told["DBOS: MB more of memory"] = round(grown)
    return told


def _ours() -> tuple[float, list[int]]:
    with world([["weimob"]]) as here:
        fill(here.ledger, ACCOUNTS, ["taobao"], now() - timedelta(hours=1))
        urgent = [f"x{number}" for number in range(ACCOUNTS - URGENT, ACCOUNTS)]
        for name in urgent:
            with here.ledger.begin() as tx:
                tx.schedule.at_once(name)
        order: list[str] = []
        began = perf_counter()
        while len(order) < ACCOUNTS:
            with here.ledger.read() as tx:
                due = tx.schedule.due(AT_ONCE, Limits(AT_ONCE, 10 * ACCOUNTS))
            for planned in due:
                order.append(planned[0].account.merchant_id)
                _look(here.ledger, planned[0].account.merchant_id)
        rate = ACCOUNTS / (perf_counter() - began)
        return rate, [order.index(name) + 1 for name in urgent]


def _look(ledger: Ledger, merchant: str) -> None:
    with ledger.begin() as tx:
        lease = tx.leases.take_account(AccountKey(merchant, "taobao"), holder="bench", place="bench#")
    if lease is None:
        raise RuntimeError(f"{merchant} is taken")
    found = replace(AccountHistory(0, None, None, None), unchanged_since=now())
    with ledger.begin() as tx:
        tx.schedule.plan(AccountKey(merchant, "taobao"), found, Next(now() + timedelta(days=1), DueReason.REGULAR))
    with ledger.begin() as tx:
        tx.leases.release(lease)


async def _dbos() -> tuple[float, list[int], float]:
    from dbos import DBOS

    order: list[str] = []

    @DBOS.workflow(name="look")  # type: ignore[untyped-decorator]
    async def look(account: str) -> None:
        order.append(account)

    before = psutil.Process(os.getpid()).memory_info().rss
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'engine.sqlite')}"
        DBOS(
            config={
                "name": "bench",
                "system_database_url": url,
                "executor_id": "solo",
                "application_version": "1",
                "log_level": "ERROR",
            }
        )
        DBOS.launch()
        limits = {"global_concurrency": AT_ONCE, "partition_concurrency": 1}
        await DBOS.register_queue_async("taobao", **limits, polling_interval_sec=0.1)
        began, asked = perf_counter(), []
        for number in range(ACCOUNTS):
            named = {"workflow_name": "look", "queue_name": "taobao", "queue_partition_key": f"x{number}"}
            first = {"priority": 1 if number >= ACCOUNTS - URGENT else 2, "workflow_id": f"look:{number}"}
            asked.append(await DBOS.enqueue_workflow_with_options_async({**named, **first}, f"x{number}"))
        for one in asked:
            await one.get_result()
        rate = ACCOUNTS / (perf_counter() - began)
        grown = psutil.Process(os.getpid()).memory_info().rss - before
        DBOS.destroy()
    return rate, [order.index(f"x{number}") + 1 for number in range(ACCOUNTS - URGENT, ACCOUNTS)], grown / 1e6
