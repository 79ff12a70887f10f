"""The console over 10,000 merchants with 3 accounts each and 300,000 orders in a SQLite file.

What each page takes on the server, from the request to the answer, the slowest of five after the first, and how many
questions it asks the ledger then; and how long it takes to work the sums out once, which happens behind the pages.
"""

import asyncio
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, event, insert

from agent.console.app import build
from agent.console.board import Board
from agent.console.freshness import catch_up
from agent.console.server import make
from agent.console.visitor import SESSION
from agent.domain.roles import Role
from agent.ledger import Ledger
from agent.ledger.engine import open_engine, writing
from agent.ledger.run_tables import OutcomeRow, RunRow
from agent.ledger.service_tables import ScheduleRow
from agent.ledger.tables import AccountRow, FilingRow, MerchantRow, OrderRow, RefundRow
from agent.settings import Settings
from benchmarks.world import Figures, now

MERCHANTS, PLATFORMS, ORDERS = 10_000, ("taobao", "jd", "suning"), 10
_TIMES = 6
_PASSWORD = SecretStr("correct horse battery")
_PAGES = (
    "/",
    "/money",
    "/money?stage=filed",
    "/money?stage=paid_out&platform=jd",
    "/bank",
    "/accounts",
    "/accounts?q=m09999",
    "/accounts?state=failing",
    "/orders/5000-jd-3",
    "/runs",
    "/runs/r00001",
    "/people",
    "/health",
    "/audit",
)
_ANSWERS = ("/api/v1/orders", "/api/v1/refunds", "/api/v1/accounts", "/api/v1/runs", "/metrics")


def pages() -> Figures:
    """Measure each page and each answer."""
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        ledger = Ledger.open(settings, now)
        _fill(settings)
        try:
            return asyncio.run(_measure(settings, ledger))
        finally:
            ledger.close()


async def _measure(settings: Settings, ledger: Ledger) -> Figures:
    console = make(settings, ledger, now, Board(now))
    began = perf_counter()
    while not catch_up(console, 200).done:
        pass
    figures: Figures = {
        "accounts": MERCHANTS * len(PLATFORMS),
        "orders": MERCHANTS * len(PLATFORMS) * ORDERS,
        "seconds to work the sums out once": round(perf_counter() - began, 1),
    }
    with ledger.begin() as tx:
        tx.users.add("boss", Role.ADMIN, _PASSWORD)
    with ledger.begin() as tx:
        session = tx.console_sessions.begin("boss").get_secret_value()
        token = tx.tokens.add("bench", Role.VIEWER).get_secret_value()
    transport = httpx.ASGITransport(build(console), client=("127.0.0.1", 1))
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", cookies={SESSION: session}
    ) as client:
        for path in _PAGES:
            figures[f"{path}: ms"], figures[f"{path}: queries"] = await _slowest(client, path, {})
        for path in _ANSWERS:
            figures[f"{path}: ms"], figures[f"{path}: queries"] = await _slowest(client, path, headers)
    return figures


async def _slowest(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> tuple[int, int]:
    took, asked = [], Counter[str]()

    def note(*_: object) -> None:
        asked[path] += 1

    event.listen(Engine, "before_cursor_execute", note)
    for _ in range(_TIMES):
        began = perf_counter()
        answer = await client.get(path, headers=headers)
        took.append(perf_counter() - began)
        if answer.status_code != 200:
            raise AssertionError(f"{path}: {answer.status_code}")
    event.remove(Engine, "before_cursor_execute", note)
    return round(max(took[1:]) * 1000), asked[path] // _TIMES


def _fill(settings: Settings) -> None:
    engine = open_engine(settings.data_dir, None)
    with writing(engine).begin() as connection:
        named = [(n, p) for n in range(MERCHANTS) for p in PLATFORMS]
        _rows(connection, MerchantRow, (_merchant(n) for n in range(MERCHANTS)))
        _rows(connection, AccountRow, (_account(*each) for each in named))
        _rows(connection, RunRow, (_run(n) for n in range(1000)))
        _rows(connection, ScheduleRow, (_visit(*each) for each in named))
        _rows(connection, OutcomeRow, (_outcome(*each) for each in named))
        _rows(
            connection, OrderRow, (_order(n, p, k) for n in range(MERCHANTS) for p in PLATFORMS for k in range(ORDERS))
        )
        filed = [(n, p, k) for n in range(MERCHANTS) for p in PLATFORMS for k in range(2, ORDERS)]
        _rows(connection, FilingRow, (_filing(*each) for each in filed))
        _rows(connection, RefundRow, (_refund(*each) for each in filed if each[2] > 3))
    engine.dispose()


def _rows(connection: Connection, kind: Any, rows: Any) -> None:  # noqa: ANN401 - any table
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == 5000:
            connection.execute(insert(kind), batch)
            batch = []
    if batch:
        connection.execute(insert(kind), batch)


def _merchant(number: int) -> dict[str, Any]:
    return {
        "id": f"m{number:05}",
        "name": f"商家 {number}",
        "edition": "enterprise",
        "backoffice_username": "u",
        "backoffice_password": "x",
        "payee_bank": "银行",
        "payee_holder": "公司",
        "payee_account": "x",
    }


def _account(number: int, platform: str) -> dict[str, Any]:
    named = {"merchant_id": f"m{number:05}", "platform": platform, "label": ""}
    return {**named, "username": "u", "password": "x", "totp": None, "shop": f"店铺 {number}"}


def _run(number: int) -> dict[str, Any]:
    at = now() - timedelta(hours=1000 - number)
    return {"id": f"r{number:05}", "dry_run": False, "started_by": "bench", "started_at": at, "finished_at": at}


def _visit(number: int, platform: str) -> dict[str, Any]:
    named = {"merchant_id": f"m{number:05}", "platform": platform, "label": ""}
    due = now() + timedelta(seconds=number)
    return {**named, "due_at": due, "why": "new", "failures": int(number % 50 == 0)}


def _outcome(number: int, platform: str) -> dict[str, Any]:
    failed = number % 50 == 0
    return {
        "run_id": f"r{number % 1000:05}",
        "merchant_id": f"m{number:05}",
        "platform": platform,
        "label": "",
        "outcome": "failed" if failed else "ok",
        "reason": "page_changed" if failed else None,
        "recorded_at": now() - timedelta(hours=number % 1000),
    }


def _order(number: int, platform: str, place: int) -> dict[str, Any]:
    ordered = now() - timedelta(days=30 * place, minutes=number)
    return {
        "merchant_id": f"m{number:05}",
        "platform": platform,
        "label": "",
        "order_no": f"{number}-{platform}-{place}",
        "birth_key": f"{number}-{platform}-{place}",
        "ordered_at": ordered,
        "service": "网店管家云端版",
        "ours": True,
        "amount": Decimal(100 + number % 100),
        "currency": "CNY",
        "status": "awaiting_confirmation" if place == 0 else "completed",
        "updated_at": now(),
        "run_id": f"r{number % 1000:05}",
    }


def _filing(number: int, platform: str, place: int) -> dict[str, Any]:
    return {
        "merchant_id": f"m{number:05}",
        "order_no": f"{number}-{platform}-{place}",
        "platform_name": platform,
        "ordered_on": (now() - timedelta(days=30 * place)).date(),
        "amount": Decimal(100 + number % 100),
        "status": ("filed", "refundable", "requested", "paid_out")[min(place - 2, 3)],
        "offered": place == 3,
        "first_seen_at": now(),
        "updated_at": now(),
        "run_id": f"r{number % 1000:05}",
    }


def _refund(number: int, platform: str, place: int) -> dict[str, Any]:
    at = now() - timedelta(days=25 * place)
    return {
        "merchant_id": f"m{number:05}",
        "order_no": f"{number}-{platform}-{place}",
        "platform": platform,
        "label": "",
        "requested_at": at,
        "paid_out_at": at + timedelta(days=5) if place > 4 else None,
    }
