"""Brings a database to the tables of this version of fankuan."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.ledger.engine import writing

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(engine: Engine) -> None:
    """Runs the migrations that are missing, all in one transaction, while other processes wait.

    Raises UsageError for a database that a newer fankuan has migrated.
    """
    with writing(engine).begin() as connection:
        config = configuration(connection)
        script = ScriptDirectory.from_config(config)
        present = MigrationContext.configure(connection).get_current_revision()
        if present == script.get_current_head():
            return
        if present is not None and present not in {revision.revision for revision in script.walk_revisions()}:
            raise _too_new(present)
        command.upgrade(config, "head")


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for the packaged migrations, on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _too_new(revision: str) -> UsageError:
    return UsageError(
        Text(
            f"The ledger was made by a newer fankuan (revision {revision}). Install that version again.",
            f"台账由更新版本的 fankuan 创建（修订 {revision}）。请重新安装该版本。",
        )
    )
