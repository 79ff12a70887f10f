"""Opens the database: SQLite in a file by default, with one writer at a time, or what `database_url` names.

On PostgreSQL those who write the same wait for each other: a transaction names what it changes, such as a merchant. One
that names nothing waits for all others, and they for it.
"""

import hashlib
import os
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from agent.domain.errors import UsageError
from agent.domain.text import Text

FILE = "ledger.sqlite3"
BUSY_SECONDS = 30
_CAUSES = {
    "connection refused": "connection refused: no server listens there",
    "timeout": "no answer in time",
    "timed out": "no answer in time",
    "could not translate host name": "the host's name is not known",
    "name or service not known": "the host's name is not known",
    "failed to resolve host": "the host's name is not known",
    "password authentication failed": "user or password refused",
    "no password supplied": "it wants a password",
    "no route to host": "no route to the host",
    "network is unreachable": "the network is unreachable",
}
# Any numbers, as long as every fankuan takes the same ones.
_WRITERS_LOCK, _NAMED_LOCKS = 8_405_694, 8_405_695
# What a transaction names that adds or changes only rows which nobody else changes, such as those of its own run.
OWN_ROWS = ""
_IDLE_SECONDS = 10
# A machine that is gone says no goodbye: the server's answers to it, and ours to the server, are given up after this.
IMPATIENT = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 8000,
    "connect_timeout": 5,
}


def open_engine(data_dir: Path, database_url: SecretStr | None) -> Engine:
    """An engine for `database_url`, else for the file in `data_dir`, made for its owner alone.

    Which transactions of `writing(engine)` exclude each other, across processes too, is said there. Raise UsageError
    for a bad URL, and where the driver for it is not installed.
    """
    if database_url is not None:
        engine = _server_engine(_server_url(database_url))
        event.listen(engine, "connect", _let_no_transaction_hang)
        event.listen(engine, "begin", _queue_up)
        return engine
    path = data_dir / FILE
    _check_own(path)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"isolation_level": None, "timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _check_own(path: Path) -> None:
    """Raise UsageError, with nothing written, for a SQLite file that holds another program's tables."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return  # whatever is wrong with it is told when it is opened
    if tables and "alembic_version" not in tables:
        named = ", ".join(sorted(tables)[:3])
        raise UsageError(
            Text(
                f"{path} is another program's database (tables: {named}). Nothing was written.",
                f"{path} 是其他程序的数据库（表：{named}）。未写入任何内容。",
            ),
            Text("Choose another `data_dir`.", "请更换 data_dir。"),
        )


def writing(engine: Engine, on: str | None = None) -> Engine:
    """The same engine for transactions that write, and that wait for others from their beginning.

    `on` names what they change: they exclude others of the same name, and those without one, which exclude all. On
    SQLite all of them exclude each other.
    """
    return engine.execution_options(writes=True, on=on)


def wait_for(connection: Connection, name: str) -> None:
    """Exclude, until the transaction ends, others that wait for the same name. On SQLite they are excluded anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT {_named_lock(name)}")


def _named_lock(name: str) -> str:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], signed=True)
    return f"pg_advisory_xact_lock({_NAMED_LOCKS}, {key})"


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # FULL: an intent that was committed survives a power failure. Recursive triggers: so that REPLACE, which deletes
    # rows, meets the triggers that keep the history.
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _let_no_transaction_hang(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    # A process that is frozen in the middle of one would keep all others from writing.
    cursor = connection.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s'")
    cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    connection.commit()
    cursor.close()


def _begin(connection: Connection) -> None:
    # The driver's own BEGIN is deferred: two that read and then write would lose one's changes or fail.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _queue_up(connection: Connection) -> None:
    options = connection.get_execution_options()
    on = options.get("on")
    if not options.get("writes"):
        return
    if on is None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")
        return
    beside = f"pg_advisory_xact_lock_shared({_WRITERS_LOCK})"
    connection.exec_driver_sql(f"SELECT {beside}, {_named_lock(on)}" if on else f"SELECT {beside}")


def _server_url(database_url: SecretStr) -> URL:
    try:
        url = make_url(database_url.get_secret_value())
    except (ArgumentError, ValueError):  # the latter for a port that is no number, which it repeats
        url = None
    if url is None or url.get_backend_name() not in {"postgresql", "postgres"} or _is_cut_wrongly(url):
        raise UsageError(
            Text("database_url names no PostgreSQL database.", "database_url 不是 PostgreSQL 数据库地址。"),
            Text(
                "Write it like postgresql://user:password@host/name, with %40, %2F, %3A, %3F and %23 for @ / : ? # "
                "in the password, or leave it out for a SQLite file in the data directory.",
                "请写成 postgresql://用户:密码@主机/库名，密码中的 @ / : ? # 写成 %40 %2F %3A %3F %23；"
                "或删除该项以使用数据目录中的 SQLite 文件。",
            ),
        ) from None
    return url.set(drivername="postgresql+psycopg")


def conninfo(database_url: SecretStr) -> str:
    """The address as libpq reads it, with the password."""
    return _server_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _is_cut_wrongly(url: URL) -> bool:
    """True if a part of the password was taken for the host or for what follows it."""
    return "@" in f"{url.host}{url.database}"


def _server_engine(url: URL) -> Engine:
    try:
        import_module("procrastinate")
        return create_engine(url, pool_pre_ping=True, connect_args=IMPATIENT)
    except ImportError as error:  # also where psycopg is there and the libpq that it needs is not
        text = str(error).partition("\n")[0]
        raise UsageError(
            Text(
                f"database_url names a PostgreSQL database, but its driver or Procrastinate cannot be loaded ({text}).",
                f"database_url 指定了 PostgreSQL 数据库，但无法加载其驱动或 Procrastinate（{text}）。",
            ),
            Text(
                'Install it: pip install "psycopg[binary]" "procrastinate>=3.10,<3.11"',
                '请安装：pip install "psycopg[binary]" "procrastinate>=3.10,<3.11"',
            ),
        ) from None


def unusable(place: str, error: Exception) -> UsageError:
    """The error for a database that cannot be opened. `place` is its file, or where its URL is set."""
    text: Any = error.orig if hasattr(error, "orig") else error
    broken = isinstance(text, sqlite3.DatabaseError) and "not a database" in str(text)
    cure = (
        Text("Put the file back from your backup.", "请从备份恢复该文件。")
        if broken
        else Text(
            "Check the owner and mode of the file and its folder, the space on the disk, and `database_url`.",
            "请检查文件及其目录的所有者与权限、磁盘空间以及 database_url。",
        )
    )
    # What a server's driver says repeats parts of the URL, and a part of the password may be among them.
    told = str(text).partition("\n")[0] if isinstance(text, sqlite3.Error | OSError) else _cause(text)
    return UsageError(Text(f"The ledger {place} cannot be opened ({told}).", f"无法打开台账 {place}（{told}）。"), cure)


def server_of(database_url: SecretStr) -> str:
    """Name the server of a URL for people, such as `of database_url (db.example.com)`.

    Only if it surely is the server: of a URL that is written wrongly a part of the password may stand in its place.
    """
    url, written = _server_url(database_url), database_url.get_secret_value()
    sure = url.host and url.password is not None and written.count("@") == 1
    told = sure and written.rpartition("@")[2].startswith(str(url.host))
    return f"of database_url ({url.host})" if told else "of database_url"


def _cause(words: object) -> str:
    """Why a server was not reached, in words of our own: the driver's repeat parts of the URL."""
    text = str(words).lower()
    return next((cause for sign, cause in _CAUSES.items() if sign in text), _kind(words))


def _kind(text: object) -> str:
    """What kind of error a driver tells of: its name, and the code that the server gave, if it was reached."""
    code = getattr(text, "sqlstate", None)
    return f"{type(text).__name__}, SQLSTATE {code}" if code else type(text).__name__
