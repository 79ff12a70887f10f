"""Opening a ledger: what is made, what is refused, and what a migration leaves."""

import multiprocessing
import os
import sqlite3
import stat
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from agent.domain.accounts import AccountKey
from agent.domain.errors import UsageError
from agent.domain.report import StepKind, StepResult
from agent.ledger import IntentAlreadyOpen, Ledger, known_orders
from agent.ledger.engine import FILE, open_engine, writing
from agent.ledger.migrate import configuration, migrate
from agent.ledger.tables import Base
from agent.settings import Settings
from tests.fixtures.ledgers import put_ledger_without_labels
from tests.ledger.support import PLANTED, Clock, account, merchant, settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The data directory of a SQLite ledger that holds one merchant."""
    folder = tmp_path / "var"
    ledger = Ledger.open(settings(folder), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([merchant()])
    ledger.close()
    return folder


def key() -> SecretStr:
    return SecretStr(Fernet.generate_key().decode())


class TestFiles:
    def test_are_for_their_owner_alone(self, home: Path) -> None:
        before = os.umask(0)
        try:
            ledger = Ledger.open(settings(home), Clock())
            with ledger.begin() as tx:
                tx.runs.start(dry_run=True, started_by="test")
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in home.iterdir()}
            ledger.close()
        finally:
            os.umask(before)
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert {FILE, f"{FILE}-wal", "vault.key"} <= modes.keys()
        assert set(modes.values()) == {0o600}

    def test_are_set_up_to_survive_a_power_failure(self, home: Path) -> None:
        engine = open_engine(home, None)
        with engine.connect() as connection:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            assert [connection.scalar(text(f"PRAGMA {name}")) for name in names] == ["wal", 2, 1, 30_000]
        engine.dispose()

    @pytest.mark.parametrize("name", ["a b", "数据", "50%", "x?y=z#"])
    def test_may_lie_in_any_folder(self, tmp_path: Path, name: str) -> None:
        Ledger.open(settings(tmp_path / name), Clock()).close()
        assert (tmp_path / name / FILE).exists()


class TestRefusals:
    def test_a_lost_key_file_is_not_replaced(self, home: Path) -> None:
        (home / "vault.key").unlink()
        with pytest.raises(UsageError, match=r"vault\.key is missing"):
            Ledger.open(settings(home), Clock())
        assert not (home / "vault.key").exists()

    def test_a_lost_key_file_of_an_empty_ledger_is(self, tmp_path: Path) -> None:
        Ledger.open(settings(tmp_path), Clock()).close()
        (tmp_path / "vault.key").unlink()
        Ledger.open(settings(tmp_path), Clock()).close()
        assert (tmp_path / "vault.key").exists()

    def test_a_wrong_key_shows_at_once(self, home: Path) -> None:
        content = (home / FILE).read_bytes()
        with pytest.raises(UsageError, match="cannot be opened with the key from FANKUAN_VAULT_KEY"):
            Ledger.open(settings(home, vault_key=key()), Clock())
        assert (home / FILE).read_bytes() == content

    def test_a_wrong_key_shows_though_the_first_merchant_was_removed(self, home: Path) -> None:
        ledger = Ledger.open(settings(home), Clock())
        with ledger.begin() as tx:
            tx.merchants.save([merchant("m2")])
            tx.registrations.remove("m1")
        ledger.close()
        with pytest.raises(UsageError, match="cannot be opened with the key from FANKUAN_VAULT_KEY"):
            Ledger.open(settings(home, vault_key=key()), Clock())

    def test_an_exposed_key_file(self, home: Path) -> None:
        (home / "vault.key").chmod(0o644)
        with pytest.raises(UsageError, match="chmod 600"):
            Ledger.open(settings(home), Clock())

    def test_a_file_that_is_no_database_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / FILE).write_bytes(b"not a database, but long enough to be looked at" * 50)
        with pytest.raises(UsageError, match=r"not a database.*from your backup"):
            Ledger.open(settings(tmp_path), Clock())
        assert (tmp_path / FILE).read_bytes().startswith(b"not a database")

    def test_a_folder_in_the_place_of_the_file(self, tmp_path: Path) -> None:
        (tmp_path / FILE).mkdir()
        with pytest.raises(UsageError, match="cannot be opened"):
            Ledger.open(settings(tmp_path), Clock())

    def test_a_ledger_of_a_newer_version(self, home: Path) -> None:
        with sqlite3.connect(home / FILE) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
        with pytest.raises(UsageError, match="newer fankuan"):
            Ledger.open(settings(home), Clock())

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "mysql://u:s3cret@h/d",
            "s3cret",
            "sqlite:///s3cret.db",
            "postgresql://user:s3cret",
            "postgresql://u:x@127.0.0.1:s3cret/db",
            "postgresql://user:p@s3cret@127.0.0.1/db",
            "postgresql://user:p@127.0.0.1/s3cret@h/db",
        ],
    )
    def test_a_database_that_is_not_supported(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(UsageError, match="database_url names no PostgreSQL") as caught:
            Ledger.open(settings(tmp_path, database_url=url), Clock())
        assert "s3cret" not in str(caught.value) + repr(caught.value.__cause__)

    def test_a_server_that_does_not_answer(self, tmp_path: Path) -> None:
        url = "postgresql://user:s3cret@127.0.0.1:1/x"
        with pytest.raises(
            UsageError, match=r"of database_url \(127.0.0.1\) cannot be opened \(connection refused"
        ) as caught:
            Ledger.open(settings(tmp_path, database_url=url), Clock())
        assert "s3cret" not in str(caught.value)

    @pytest.mark.parametrize(
        "url",
        ["postgresql://user:54321", "postgresql://user:p@127.0.0.1:54321/x?s3cret=1", "postgresql://a:54321/s3cret"],
    )
    def test_a_drivers_words_are_not_repeated(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(UsageError, match=r"of database_url( \(127.0.0.1\))? cannot be opened \(") as caught:
            Ledger.open(settings(tmp_path, database_url=url), Clock())
        told = "".join(traceback.format_exception(caught.value)) + caught.value.text.zh  # what the log would show, too
        assert not any(part in told for part in ("54321", "s3cret"))

    def test_swapped_secrets_are_not_used(self, home: Path) -> None:
        with sqlite3.connect(home / FILE) as connection:
            connection.execute("UPDATE accounts SET password = (SELECT backoffice_password FROM merchants)")
        connection.close()
        with pytest.raises(UsageError, match="sealed for something else"):
            Ledger.open(settings(home), Clock())


class TestKeys:
    def test_a_new_key_in_front_still_opens_the_old_values(self, tmp_path: Path) -> None:
        old, new = key(), key()
        ledger = Ledger.open(settings(tmp_path, vault_key=old), Clock())
        with ledger.begin() as tx:
            tx.merchants.save([merchant()])
        ledger.close()
        both = SecretStr(f"{new.get_secret_value()},{old.get_secret_value()}")
        ledger = Ledger.open(settings(tmp_path, vault_key=both), Clock())
        with ledger.read() as tx:
            assert tx.merchants.find()[0].backoffice.password.get_secret_value() == PLANTED[1]
        ledger.close()


class TestMigrations:
    def test_make_exactly_the_tables_of_the_models(self, ledger: Ledger, config: Settings) -> None:
        engine = open_engine(config.data_dir, config.database_url)
        with engine.connect() as connection:
            ours = {"compare_type": True, "include_name": lambda name, *_: not f"{name}".startswith("procrastinate_")}
            context = MigrationContext.configure(connection, opts=ours)
            assert compare_metadata(context, Base.metadata) == []
        engine.dispose()

    def test_keep_the_accounts_of_a_ledger_of_the_first_version(self, tmp_path: Path) -> None:
        engine = open_engine(tmp_path, None)
        with writing(engine).begin() as connection:
            command.upgrade(configuration(connection), "0001")
            connection.execute(text("INSERT INTO merchants VALUES ('m1', 'n', 'cloud', 'u', 'p', NULL, NULL, NULL)"))
            connection.execute(text("INSERT INTO accounts VALUES ('m1', 'jd', 'user', 'sealed', 'shop')"))
        migrate(engine)
        with engine.connect() as connection:
            kept = connection.execute(text("SELECT platform, username, password, shop FROM accounts")).all()
        engine.dispose()
        assert [tuple(row) for row in kept] == [("jd", "user", "sealed", "shop")]

    def test_lose_nothing_of_a_ledger_without_labels(self, tmp_path: Path) -> None:
        put_ledger_without_labels(tmp_path)
        ledger = Ledger.open(settings(tmp_path), Clock())
        try:
            with ledger.read() as tx:
                (known,) = tx.merchants.find()
            assert [str(each.key) for each in known.accounts] == ["m1/jd", "m1/taobao"]
            assert known.accounts[1].login == account().login
            assert [each.order.order_no for each in known_orders(ledger)] == ["1"]
            with ledger.read() as tx:
                assert [str(each.account) for each in tx.schedule.all()] == ["m1/jd", "m1/taobao"]
            with ledger.read() as tx:
                assert [(str(each.account), each.reason) for each in tx.runs.latest()] == [
                    ("m1/taobao", "page_changed")
                ]
            with ledger.read() as tx:
                assert [str(each.account) for each in tx.sessions.known()] == ["m1/taobao", "m1/wdgj"]
            with ledger.read() as tx:
                (waiting,) = tx.challenges.waiting()
            assert str(waiting.account) == "m1/wdgj"
            with ledger.begin() as tx:
                run = tx.runs.start(dry_run=False, started_by="test")
            with pytest.raises(IntentAlreadyOpen), ledger.begin(run_id=run) as tx:
                tx.intents.begin(AccountKey("m1", "taobao"), StepKind.FILE, "1", {})
            with ledger.read() as tx:
                (begun,) = tx.intents.open_of(AccountKey("m1", "taobao"))
            with ledger.begin() as tx:
                tx.intents.close(begun.id, StepResult.DONE, None)
            with ledger.begin() as tx:
                tx.merchants.save([replace(known, accounts=(account(label="second"),))])
            with ledger.begin(run_id=run) as tx:
                assert tx.intents.begin(AccountKey("m1", "taobao", "second"), StepKind.FILE, "1", {}) > begun.id
        finally:
            ledger.close()

    def test_are_not_run_again(self, ledger: Ledger, reopen: Callable[[], Ledger]) -> None:
        with ledger.read() as first, reopen().read() as again:
            assert again.merchants.find() == first.merchants.find()

    def test_may_be_started_by_several_processes(self, tmp_path: Path) -> None:
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            assert pool.map(_open_and_count, [tmp_path / "var"] * 4, chunksize=1) == [1] * 4


class TestHistory:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE history SET event = 'forged'",
            "UPDATE history SET event = event WHERE id = 1",
            "DELETE FROM history",
            "DELETE FROM history WHERE id = 1",
        ],
    )
    def test_cannot_be_changed(self, ledger: Ledger, config: Settings, statement: str) -> None:
        engine = open_engine(config.data_dir, config.database_url)
        with pytest.raises(DBAPIError, match="append-only"), writing(engine).begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def test_cannot_be_replaced_from_outside(self, home: Path) -> None:
        connection = sqlite3.connect(home / FILE)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(
                "INSERT OR REPLACE INTO history (id, at, entity, entity_key, event, changes) "
                "VALUES (1, '2026-01-01', 'x', 'x', 'x', '{}')"
            )
        connection.close()

    @pytest.mark.postgres
    def test_cannot_be_truncated(self, postgres_database: str, tmp_path: Path) -> None:
        Ledger.open(settings(tmp_path, database_url=postgres_database), Clock()).close()
        engine = open_engine(tmp_path, SecretStr(postgres_database))
        with pytest.raises(DBAPIError, match="append-only"), writing(engine).begin() as connection:
            connection.execute(text("TRUNCATE history"))
        engine.dispose()


def _open_and_count(folder: Path) -> int:
    ledger = Ledger.open(settings(folder), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([merchant()])
    with ledger.read() as tx:
        count = len(tx.merchants.find())
    ledger.close()
    return count
