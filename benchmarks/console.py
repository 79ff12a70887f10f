"""The console over 10,000 merchants with 3 accounts each and 300,000 orders in a SQLite file.

What each page takes on the server, from the request to the answer, the slowest of five after the first, and how many
questions it asks the ledger then; and how long it takes to work the sums out once, which happens behind the pages.
"after a change": before each visit another merchant's refund was requested, so that no sum is remembered. The statement
pays one refund of one merchant.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
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
from agent.domain.accounts import AccountKey
from agent.domain.roles import Role
from agent.ledger import Ledger
from agent.ledger.engine import open_engine, writing
from agent.ledger.run_tables import OutcomeRow, RunRow
from agent.ledger.sealing import purpose
from agent.ledger.service_tables import ScheduleRow
from agent.ledger.tables import AccountRow, FilingRow, MerchantRow, OrderRow, RefundRow
from agent.ledger.unsealing import PASSWORD, backoffice_purpose, payee_purpose
from agent.settings import Settings
from agent.vault import Vault
from benchmarks.world import Figures, now

MERCHANTS, PLATFORMS, ORDERS = 10_000, ("taobao", "jd", "suning"), 10
_TIMES = 6
_PASSWORD = SecretStr("correct horse battery")
_PAYER = "杭州笛佛软件有限公司"
_PAGES = (
    "/",
    "/money",
    "/money?stage=filed",
    "/money?stage=paid_out&platform=jd",
    "/money?stage=paid_out&after={paid_out}",
    "/money?merchant=m05000",
    "/money?month=2026-10",
    "/calendar",
    "/bank",
    "/accounts",
    "/accounts?after=m05000",
    "/accounts?platform=jd",
    "/accounts?q=m09999",
    "/accounts?state=failing",
    "/orders/5000-jd-3",
    "/runs",
    "/runs?before=r00500",
    "/runs/r00001",
    "/people",
    "/health",
    "/audit",
    "/audit?who=boss",
)
_CHANGED = ("/", "/money", "/money?stage=requested")
_ANSWERS = ("/api/v1/orders", "/api/v1/refunds", "/api/v1/accounts", "/api/v1/runs", "/metrics")


def pages() -> Figures:
    """Measure each page and each answer."""
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        ledger = Ledger.open(settings, now)
        _fill(settings, Vault.of(settings))
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
            await _note(
                figures, client, path.format(paid_out=f"{now().date() - timedelta(days=150)}_150000"), name=path
            )
        for number, path in enumerate(_CHANGED):
            asked = partial(_ask, ledger, iter(range(100 * number, MERCHANTS)))
            await _note(figures, client, path, name=f"{path} after a change", change=asked)
        await _note(figures, client, await _upload(client), name="/bank/… (a statement)")
        for path in _ANSWERS:
            await _note(figures, client, path, name=path, headers=headers)
    figures["load of the machine at the end"] = round(os.getloadavg()[0], 1)
    return figures


async def _note(
    figures: Figures,
    client: httpx.AsyncClient,
    path: str,
    *,
    name: str,
    headers: dict[str, str] | None = None,
    change: Callable[[], None] = lambda: None,
) -> None:
    figures[f"{name}: ms"], figures[f"{name}: queries"] = await _slowest(client, path, headers or {}, change)


async def _upload(client: httpx.AsyncClient) -> str:
    """Send a statement that pays one refund, and return where it is shown."""
    csrf = (await client.get("/bank")).text.partition('name="csrf" value="')[2].partition('"')[0]
    paid = f"{now().date():%Y%m%d},150.00,{_PAYER},{_number(5050)}\n"
    file = ("bank.csv", f"交易日期,收入金额,对方户名,本方账号\n{paid}".encode("gbk"))
    answer = await client.post("/bank", data={"csrf": csrf}, files={"statement": file})
    if answer.status_code != 303:
        raise AssertionError(answer.text)
    return answer.headers["location"]


def _ask(ledger: Ledger, merchants: Iterator[int]) -> None:
    """The refund of the next merchant is requested."""
    merchant = next(merchants)
    with ledger.begin() as tx:
        tx.refunds.note_requested(AccountKey(f"m{merchant:05}", "jd"), f"{merchant}-jd-3")


async def _slowest(
    client: httpx.AsyncClient, path: str, headers: dict[str, str], change: Callable[[], None]
) -> tuple[int, int]:
    took, asked = [], Counter[str]()

    def note(*_: object) -> None:
        asked[path] += 1

    for _ in range(_TIMES):
        change()
        event.listen(Engine, "before_cursor_execute", note)
        began = perf_counter()
        answer = await client.get(path, headers=headers)
        took.append(perf_counter() - began)
        event.remove(Engine, "before_cursor_execute", note)
        if answer.status_code != 200:
            raise AssertionError(f"{path}: {answer.status_code}")
    return round(max(took[1:]) * 1000), asked[path] // _TIMES


def _fill(settings: Settings, vault: Vault) -> None:
    engine = open_engine(settings.data_dir, None)
    with writing(engine).begin() as connection:
        named = [(n, p) for n in range(MERCHANTS) for p in PLATFORMS]
        _rows(connection, MerchantRow, (_merchant(vault, n) for n in range(MERCHANTS)))
        _rows(connection, AccountRow, (_account(vault, *each) for each in named))
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


def _number(merchant: int) -> str:
    """The account that the merchant's refunds go to."""
    return f"622848{merchant:013}"


def _merchant(vault: Vault, number: int) -> dict[str, Any]:
    name = f"m{number:05}"
    return {
        "id": name,
        "name": f"商家 {number}",
        "edition": "enterprise",
        "backoffice_username": "u",
        "backoffice_password": vault.seal(backoffice_purpose(name), _PASSWORD),
        "payee_bank": "银行",
        "payee_holder": "公司",
        "payee_account": vault.seal(payee_purpose(name), SecretStr(_number(number))),
    }


def _account(vault: Vault, number: int, platform: str) -> dict[str, Any]:
    named = {"merchant_id": f"m{number:05}", "platform": platform, "label": ""}
    password = vault.seal(purpose(PASSWORD, AccountKey(named["merchant_id"], platform)), _PASSWORD)
    return {**named, "username": "u", "password": password, "totp": None, "shop": f"店铺 {number}"}


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
        "platform": platform,
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
