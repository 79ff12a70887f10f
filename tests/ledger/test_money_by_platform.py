"""Two orders of one number on two platforms of a merchant: the money of each is its own."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.orm import Session

from agent.domain.orders import FilingStatus
from agent.domain.report import StepKind, StepResult
from agent.domain.stage import Stage
from agent.ledger import Ledger, known_orders, payments
from agent.ledger.engine import open_engine, writing
from agent.ledger.journeys import journeys
from agent.ledger.migrate import configuration, migrate
from agent.ledger.overview import everyone_files, never_published
from agent.ledger.pages import refunds
from agent.ledger.transaction import Transaction
from agent.vault import Vault
from tests.ledger.support import NOW, account, filing, merchant, order, settings

NUMBER = "12345"
TAOBAO, JD = account().key, account(platform="jd").key
CALLED = {"淘宝": {"taobao", "antd5"}, "京东": {"jd"}, "拼多多": {"pinduoduo"}}
PAID = FilingStatus.PAID_OUT
_WRITTEN = Path(__file__).parents[1] / "fixtures" / "money-0023.sql"


@pytest.fixture
def both(ledger: Ledger, run: str) -> Ledger:
    """A ledger with an order of that number on taobao and one on jd."""
    with ledger.begin(run_id=run) as tx:
        for each in (TAOBAO, JD):
            tx.orders.save(each, [order(NUMBER)])
    return ledger


def stages(ledger: Ledger) -> dict[str, Stage]:
    return {known.account.platform: known.stage for known in known_orders(ledger)}


def test_each_stands_where_its_own_filing_does(both: Ledger, run: str) -> None:
    with both.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(NUMBER), filing(NUMBER, platform="京东", status=PAID)], CALLED)
    assert stages(both) == {"taobao": Stage.FILED, "jd": Stage.PAID_OUT}
    paid = {known.account.platform: known.paid_out_at is not None for known in known_orders(both)}
    assert paid == {"taobao": False, "jd": True}


@pytest.mark.parametrize("name", [None, "亚马逊"])
def test_a_filing_that_does_not_tell_its_platform_may_be_of_either(both: Ledger, run: str, name: str | None) -> None:
    with both.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(NUMBER, platform=name, status=PAID)], CALLED)
    assert set(stages(both).values()) == {Stage.PAID_OUT}


def test_a_filing_tells_its_platform_once_the_list_shows_it(both: Ledger, run: str) -> None:
    for name in (None, "京东", None):
        with both.begin(run_id=run) as tx:
            tx.filings.save("m1", [filing(NUMBER, platform=name)], CALLED)
    assert stages(both) == {"taobao": Stage.CONFIRMED, "jd": Stage.FILED}


def test_a_filing_of_a_platform_without_an_account_is_none_of_theirs(both: Ledger, run: str) -> None:
    with both.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(NUMBER, platform="拼多多", status=PAID)], CALLED)
    assert set(stages(both).values()) == {Stage.CONFIRMED}


def test_of_two_platforms_of_one_name_that_of_the_merchant_is_meant(ledger: Ledger, run: str) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m2", ("antd5", "jd"))])
    with ledger.begin(run_id=run) as tx:
        for platform in ("antd5", "jd"):
            tx.orders.save(account("m2", platform).key, [order(NUMBER)])
        tx.filings.save("m2", [filing(NUMBER)], CALLED)
    assert stages(ledger) == {"antd5": Stage.FILED, "jd": Stage.CONFIRMED}


def test_a_refusal_and_a_request_are_of_one_of_them(both: Ledger, run: str) -> None:
    with both.begin(run_id=run) as tx:
        for each in (TAOBAO, JD):
            tx.refunds.note_too_early(each, NUMBER, "未到申请时间")
        tx.intents.close(tx.intents.begin(JD, StepKind.REQUEST_REFUND, NUMBER, {}), StepResult.DONE, None)
    with both.read() as tx:
        assert (set(tx.refunds.waits(TAOBAO)), set(tx.refunds.waits(JD))) == ({NUMBER}, set())
        told = {each.known.account: each for each in journeys(tx, NUMBER, never_published, everyone_files)}
        assert {each.order.platform if each.order else None for each in refunds(tx, 9, 0)} == {"taobao", "jd"}
    assert {key: each.known.requested_at is not None for key, each in told.items()} == {TAOBAO: False, JD: True}


def test_a_refund_that_was_listed_before_its_order_becomes_that_of_its_platform(ledger: Ledger, run: str) -> None:
    with ledger.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(NUMBER, platform=None, status=FilingStatus.REQUESTED)], CALLED)
        tx.orders.save(JD, [order(NUMBER)])
    for known in known_orders(ledger):
        assert known.requested_at is not None
    with ledger.begin(run_id=run) as tx:
        tx.refunds.note_requested(JD, NUMBER)
    with ledger.read() as tx:
        assert [name.platform for name in tx.refunds.by_order(["m1"])] == ["jd"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database as the version before has left it."""
    database, admin, name = None, None, f"fankuan_{uuid4().hex}"
    if request.param == "postgresql":
        server: URL = request.getfixturevalue("postgres_server")
        admin = request.getfixturevalue("postgres_admin")
        _execute(admin, f"CREATE DATABASE {name}")
        database = SecretStr(server.set(drivername="postgresql", database=name).render_as_string(hide_password=False))
    engine = open_engine(tmp_path, database)
    with writing(engine).begin() as connection:
        command.upgrade(configuration(connection), "0023")
        _fill(connection)
    yield engine
    engine.dispose()
    if admin is not None:
        _execute(admin, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(admin: Engine, statement: str) -> None:
    with admin.connect() as connection:
        connection.execute(text(statement))


def _fill(connection: Connection) -> None:
    for statement in _WRITTEN.read_text(encoding="utf-8").split(";"):
        if statement.strip():
            connection.execute(text(statement))


def _table(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_migration_keeps_the_money_that_each_order_was_shown_with(before: Engine) -> None:
    migrate(before)
    kept = (
        "SELECT order_no, platform, requested_at IS NOT NULL, paid_out_at IS NOT NULL, too_early_on IS NOT NULL "
        "FROM refunds ORDER BY order_no, platform"
    )
    assert _table(before, kept) == [
        ("1", "taobao", True, True, False),
        ("2", "jd", True, False, False),
        ("3", "jd", True, True, True),
        ("3", "taobao", True, True, False),
        ("4", "", True, False, False),
    ]
    parts = "SELECT order_no, platform, amount FROM payment_parts ORDER BY order_no"
    assert _table(before, parts) == [("1", "taobao", 6280), ("3", "", 6280)]


def test_a_statement_from_before_a_migration_is_taken_back_whole(before: Engine, tmp_path: Path) -> None:
    migrate(before)
    vault = Vault.of(settings(tmp_path), sealed_before=False)
    with Session(writing(before)) as session, session.begin():
        tx = Transaction(session, vault, NOW)
        assert [sorted(payments.paid(tx, "m1", each)) for each in ("taobao", "jd")] == [["1", "3"], ["3"]]
        assert payments.undo(tx, "b1") == 2
    assert _table(before, "SELECT COUNT(*) FROM refunds WHERE paid_out_at IS NOT NULL") == [(0,)]
