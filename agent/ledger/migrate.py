"""Brings a database to the tables of this version of fankuan.

Alembic is loaded where something is to be migrated only: it takes a fifth of the time that a command needs to start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.ledger.engine import writing

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).with_name("migrations")
# 0001_first.py and so on: what the file's name begins with is the revision that it leads to.
_REVISIONS = sorted(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(engine: Engine) -> None:
    """Run the migrations that are missing, all in one transaction, while other processes wait.

    Raise UsageError for a database that a newer fankuan has migrated.
    """
    with engine.connect() as connection:
        if not _is_behind(connection):
            return
    from alembic import command  # before anybody is made to wait

    with writing(engine).connect() as connection, _without_references(connection), connection.begin():
        if _is_behind(connection):
            command.upgrade(configuration(connection), "head")
            _check_references(connection)


@contextmanager
def _without_references(connection: Connection) -> Iterator[None]:
    """Let SQLite put a new table in the place of one that others refer to: `ALTER TABLE` can do little there."""
    if connection.dialect.name != "sqlite":
        yield
        return
    _switch_references(connection, "OFF")
    try:
        yield
    finally:
        _switch_references(connection, "ON")


def _switch_references(connection: Connection, state: str) -> None:
    cursor = connection.connection.cursor()  # past SQLAlchemy, which begins a transaction: in one, this does nothing
    cursor.execute(f"PRAGMA foreign_keys = {state}")
    cursor.close()


def _check_references(connection: Connection) -> None:
    """Raise AssertionError, which takes the migration back, if a row refers to one that is not there."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise AssertionError(f"rows lost what they refer to: {broken[:3]}")


def _is_behind(connection: Connection) -> bool:
    present = _revision(connection)
    if present is not None and present not in _REVISIONS:
        raise _too_new(present)
    return present != _REVISIONS[-1]


def _revision(connection: Connection) -> str | None:
    """The last migration that was run, if Alembic has noted it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    present: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return present


def configuration(connection: Connection) -> "Config":
    """Alembic's configuration for the packaged migrations, on an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _too_new(revision: str) -> UsageError:
    return UsageError(
        Text(
            f"The ledger was made by a newer fankuan (revision {revision}).",
            f"台账由更新版本的 fankuan 创建（修订 {revision}）。",
        ),
        Text("Install that version again.", "请重新安装该版本。"),
    )
