"""Fifty thousand accounts in the ledger: finding the due ones, and the memory that it takes."""

import os
from datetime import timedelta
from statistics import median
from time import perf_counter

import psutil
from sqlalchemy import insert

from agent.domain.orders import SHANGHAI
from agent.domain.schedule import Policy, Why
from agent.ledger import Limits
from agent.ledger.tables import AccountRow, MerchantRow, ScheduleRow
from benchmarks.world import Figures, now, world

_ROWS = 5000


def fifty_thousand() -> Figures:
    """Half of them taobao, half jd, spread over the hours of a day; some are due, and none is."""
    with world([["weimob"]]) as here:
        before = psutil.Process(os.getpid()).memory_info().rss
        _fill(here.ledger)
        took = [_timed(lambda: here.ledger.due(8, Limits(4, 30))) for _ in range(20)]
        for number in range(0, 50_000, 1000):
            here.ledger.look_at_once(f"x{number}", "taobao")
        busy = [_timed(lambda: here.ledger.due(8, Limits(4, 30))) for _ in range(20)]
        grown = psutil.Process(os.getpid()).memory_info().rss - before
    return {
        "milliseconds to find that few are due": round(1000 * median(took), 1),
        "milliseconds with 50 that somebody asked for": round(1000 * median(busy), 1),
        "MB more of memory": round(grown / 1e6),
    }


def _fill(ledger: object) -> None:
    engine = ledger._engine  # type: ignore[attr-defined]
    policy, tomorrow = Policy(), now().astimezone(SHANGHAI).date() + timedelta(days=1)
    with engine.begin() as connection:
        for start in range(0, 50_000, _ROWS):
            names = [f"x{number}" for number in range(start, start + _ROWS)]
            platforms = ["taobao" if number % 2 == 0 else "jd" for number in range(start, start + _ROWS)]
            connection.execute(
                insert(MerchantRow),
                [
                    {"id": n, "name": n, "edition": "cloud", "backoffice_username": n, "backoffice_password": ""}
                    for n in names
                ],
            )
            pairs = list(zip(names, platforms, strict=True))
            connection.execute(insert(AccountRow), [{"merchant_id": n, "platform": p} for n, p in pairs])
            connection.execute(
                insert(ScheduleRow),
                [
                    {
                        "merchant_id": n,
                        "platform": p,
                        "due_at": policy.slot(tomorrow, n),
                        "why": Why.REGULAR.value,
                        "failures": 0,
                    }
                    for n, p in pairs
                ],
            )


def _timed(work: object) -> float:
    began = perf_counter()
    work()  # type: ignore[operator]
    return perf_counter() - began
