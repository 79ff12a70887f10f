"""Moves a ledger from its SQLite file to PostgreSQL, all of it or nothing."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select, text

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.ledger.engine import FILE, open_engine, writing
from agent.ledger.migrate import migrate
from agent.ledger.service_tables import LeaseRow
from agent.ledger.tables import Base
from agent.settings import Settings

_ROWS = 1000


def move(settings: Settings, now: datetime) -> dict[str, int]:
    """Copy every row into the database of `database_url`, and give the number of rows by table. `now` is aware.

    The file is renamed then, so that nothing goes on in it. Raise UsageError if there is no such file or no
    `database_url`, if the database holds a ledger already, and while a fankuan works on this one.
    """
    file = settings.data_dir / FILE
    if settings.database_url is None or not file.exists():
        raise _nothing_to_move(file)
    source, target = open_engine(settings.data_dir, None), open_engine(settings.data_dir, settings.database_url)
    try:
        migrate(source)
        migrate(target)
        with source.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        with writing(source).begin() as old:  # nobody else writes in it any more
            if at_work := old.scalars(select(LeaseRow.name).where(LeaseRow.until > now)).all():
                raise _at_work(at_work)
            with writing(target).begin() as new:
                copied = _copy(old, new)
            for ending in ("", "-wal", "-shm"):
                if (part := file.with_name(f"{FILE}{ending}")).exists():
                    part.rename(file.with_name(f"{FILE}.moved{ending}"))
    finally:
        source.dispose()
        target.dispose()
    return copied


def _copy(old: Connection, new: Connection) -> dict[str, int]:
    for table in Base.metadata.sorted_tables:
        if _count(new, table):
            raise _not_empty(table.name)
    for table in Base.metadata.sorted_tables:
        for rows in old.execute(select(table)).mappings().partitions(_ROWS):
            new.execute(insert(table), [dict(row) for row in rows])
        _go_on_counting(new, table)
    counts = {table.name: (_count(old, table), _count(new, table)) for table in Base.metadata.sorted_tables}
    if lost := [name for name, (before, after) in counts.items() if before != after]:
        raise AssertionError(f"not all rows arrived: {lost}")  # which takes all of it back
    return {name: after for name, (_, after) in counts.items()}


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Let the numbers that the database gives out go on after those that came along."""
    (key, *more) = table.primary_key.columns
    if not more and key.type.python_type is int:
        last = connection.scalar(select(func.max(key)))
        if last is not None:
            sequence = text("SELECT setval(pg_get_serial_sequence(:table, :key), :last)")
            connection.execute(sequence, {"table": table.name, "key": key.name, "last": last})


def _nothing_to_move(file: Path) -> UsageError:
    return UsageError(
        Text(
            f"Set database_url to the PostgreSQL database that {file} is to be moved to; that file has to be there.",
            f"请把 database_url 设为目标 PostgreSQL 数据库；源台账 {file} 必须存在。",
        )
    )


def _at_work(leases: Sequence[str]) -> UsageError:
    named = ", ".join(leases)
    return UsageError(
        Text(f"A fankuan works on this ledger right now ({named}).", f"有 fankuan 正在使用该台账（{named}）。"),
        Text("Stop it, and try again 10 seconds later.", "请先停止，10 秒后重试。"),
    )


def _not_empty(table: str) -> UsageError:
    return UsageError(
        Text(
            f"The database of database_url holds a ledger already (table {table}).",
            f"database_url 指定的数据库已有台账数据（表 {table}）。",
        ),
        Text("Nothing was changed: name an empty database.", "未做任何更改，请指定空数据库。"),
    )
