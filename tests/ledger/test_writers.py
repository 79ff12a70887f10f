"""Who writes at the same time as others, and who waits: on PostgreSQL those of different merchants do not."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from agent.domain.accounts import AccountKey
from agent.domain.report import AccountReport
from agent.ledger import OWN_ROWS, Ledger, Limits, engine, lease_of
from agent.ledger.engine import open_engine
from agent.notify.news import News
from agent.settings import Settings
from tests.ledger.support import NOW, Clock, merchant, settings

MERCHANTS = [f"m{number}" for number in range(1, 9)]
M1, M2 = lease_of("m1"), lease_of("m2")


@pytest.fixture
def config(tmp_path: Path, postgres_database: str) -> Settings:
    """Settings for a fresh ledger on PostgreSQL."""
    return settings(tmp_path / "var", database_url=SecretStr(postgres_database))


@pytest.fixture
def ledger(reopen: Callable[[], Ledger]) -> Ledger:
    made = reopen()
    with made.begin() as tx:
        tx.merchants.save([merchant(name, ("jd",)) for name in MERCHANTS])
    return made


@pytest.fixture
def impatient(ledger: Ledger, reopen: Callable[[], Ledger], monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """The same ledger for somebody who gives up at once if there is something to wait for."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    return reopen()


def waits(ledger: Ledger, on: str | None) -> bool:
    """Whether another transaction that writes has to wait."""
    with suppress(DBAPIError), ledger.begin(on=on):
        return False
    return True


pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        *((M1, M2, False), (M1, M1, True), (M1, OWN_ROWS, False), (OWN_ROWS, OWN_ROWS, False)),
        *((None, M1, True), (M1, None, True), (None, OWN_ROWS, True), (OWN_ROWS, None, True), (None, None, True)),
    ],
)
def test_who_changes_the_same_waits_and_who_names_nothing_waits_for_all(
    ledger: Ledger, impatient: Ledger, first: str | None, second: str | None, expected: bool
) -> None:
    with ledger.begin(on=first):
        assert waits(impatient, second) is expected
    assert not waits(impatient, second)


def test_a_lease_names_what_is_changed_under_it(ledger: Ledger, impatient: Ledger) -> None:
    with ledger.begin(on=M1) as tx:
        lease = tx.leases.take_account(AccountKey("m1", "jd"), holder="1", place="here#")
    with ledger.begin(lease):
        assert waits(impatient, M1)
        assert not waits(impatient, M2)


def test_a_lease_is_taken_by_one_of_those_who_ask_at_the_same_moment(
    reopen: Callable[[], Ledger], ledger: Ledger, clock: Clock
) -> None:
    clock.step = timedelta()

    def take(number: int) -> bool:
        with reopen().begin(on=OWN_ROWS) as tx:  # whatever the transaction has named
            return tx.leases.take("serve", str(number), f"place{number}#") is not None

    assert sum(at_once(take, 8)) == 1


def test_the_limits_of_a_platform_hold_for_those_who_ask_at_the_same_moment(
    reopen: Callable[[], Ledger], ledger: Ledger, clock: Clock
) -> None:
    clock.step = timedelta()

    def take(number: int) -> bool:
        account = AccountKey(MERCHANTS[number], "jd")
        with reopen().begin(on=lease_of(account.merchant_id)) as tx:
            return tx.leases.take_account(account, holder=str(number), place="here#", limits=Limits(3, 5)) is not None

    assert sum(at_once(take, 8)) == 3


def at_once(call: Callable[[int], bool], times: int) -> list[bool]:
    with ThreadPoolExecutor(times) as threads:
        return [*threads.map(call, range(times))]


def test_runs_that_begin_in_the_same_second_have_ids_of_their_own(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = iter(["ab12", "ab12", "ab12", "cd34"])
    monkeypatch.setattr(secrets, "token_hex", lambda _size: next(ends))
    monkeypatch.setattr(ledger, "_clock", lambda: NOW)
    found = []
    for _ in range(2):
        with ledger.begin(on=OWN_ROWS) as tx:
            found.append(tx.runs.start(dry_run=False, started_by="test"))
    assert [each[-4:] for each in found] == ["ab12", "cd34"]
    for run_id in found:
        with ledger.begin(on=OWN_ROWS, run_id=run_id) as tx:
            tx.runs.finish()


def test_news_leave_out_no_account_whose_end_is_committed_after_that_of_a_later_one(
    ledger: Ledger, reopen: Callable[[], Ledger], config: Settings
) -> None:
    recorded, go_on = Event(), Event()

    def record(name: str, wait: Callable[[], object]) -> None:
        other = reopen()
        with other.begin(on=OWN_ROWS) as tx:
            run_id = tx.runs.start(dry_run=False, started_by="test")
        with other.begin(on=lease_of(name), run_id=run_id) as tx:
            tx.runs.record(AccountReport(AccountKey(name, "jd")))
            tx.session.flush()
            wait()

    def hold() -> None:
        recorded.set()
        go_on.wait(30)

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(record, "m1", hold)
        assert recorded.wait(30)
        record("m2", lambda: None)
        asked: Future[int] = threads.submit(lambda: News(config, ledger, lambda *_: None, NOW).until)
        until_somebody_waits(config)
        go_on.set()
        slow.result(30)
        with ledger.read() as tx:
            assert asked.result(30) == tx.runs.last_outcome()
            _, looked_at = tx.runs.looked_at(0, asked.result(), 10)
        assert looked_at == {"m1", "m2"}


def until_somebody_waits(config: Settings) -> None:
    made = open_engine(config.data_dir, config.database_url)
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
    )
    while True:
        with made.connect() as connection:
            if connection.scalar(waiting):
                break
    made.dispose()


async def test_the_event_loop_goes_on_while_the_database_lets_somebody_wait(
    ledger: Ledger, reopen: Callable[[], Ledger]
) -> None:
    other = reopen()
    with ledger.begin(on=M1):
        waiting = asyncio.create_task(other.write(lambda tx: tx.runs.start(dry_run=False, started_by="test"), on=M1))
        reading = asyncio.create_task(other.look(lambda tx: tx.merchants.ids()))
        for _ in range(200):
            await asyncio.sleep(0.001)
        assert not waiting.done()
        assert len(await asyncio.wait_for(reading, 30)) == len(MERCHANTS)
    assert await asyncio.wait_for(waiting, 30)
