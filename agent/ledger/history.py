"""Writes a history row for every row that a session adds or changes, in the same transaction, by itself."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from agent.ledger.tables import Base, HistoryRow

HIDDEN = "(sealed)"


def keep_history(session: Session, clock: Callable[[], datetime], run_id: str | None) -> None:
    """From now on every flush of `session` records what it writes, at the time of `clock`, as part of `run_id`."""

    def record(session: Session, context: UOWTransaction, instances: object) -> None:
        session.add_all(
            [
                HistoryRow(
                    at=clock(),
                    run_id=run_id,
                    entity=row.__tablename__,
                    entity_key=_key(row),
                    event=kind,
                    changes=changes,
                )
                for row, kind in _written(session)
                if (changes := dict(_changes(row, kind)))
            ]
        )

    event.listen(session, "before_flush", record)


def _written(session: Session) -> Iterator[tuple[Base, str]]:
    for kind, rows in (("added", session.new), ("changed", session.dirty)):
        for row in list(rows):
            if isinstance(row, Base) and not isinstance(row, HistoryRow):
                yield row, kind


def _key(row: Base) -> str:
    parts = (getattr(row, name) for name in row.known_by)
    return "/".join(str(part) for part in parts if part not in (None, ""))


def _changes(row: Base, kind: str) -> Iterator[tuple[str, object]]:
    """Per column the new value, and for a changed row the old one before it; what is sealed is not shown."""
    state = inspect(row)
    for name, column in state.mapper.columns.items():
        found = state.attrs[name].history
        before, after = found.deleted, found.added
        if not after or column.info.get("passing") or (before and before[0] == after[0]):
            continue
        told = [HIDDEN if column.info.get("sealed") else _plain(value) for value in (*before, *after)]
        yield column.name, told if kind == "changed" else told[0]


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
