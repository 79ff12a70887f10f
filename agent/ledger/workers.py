"""Workers (工作进程): the processes that take up what is due, by what each says of itself every few seconds."""

from datetime import timedelta

from sqlalchemy import delete, select

from agent.ledger.leases import LASTS
from agent.ledger.service_tables import WorkerRow
from agent.ledger.transaction import Repository
from agent.ledger.values import KnownWorker, Worker

# One that died is of interest for a while; one that was frozen goes on with its row when it wakes up.
_TOLD_FOR, _KEPT_FOR = timedelta(hours=1), timedelta(days=1)


class Workers(Repository):
    """Which workers run."""

    def begin(self, worker: Worker) -> None:
        """Add a worker that starts now, and forget those that nobody has heard of for a day."""
        now = self._tx.now
        self._tx.session.execute(delete(WorkerRow).where(WorkerRow.seen_at < now - _KEPT_FOR))
        row = self._tx.session.get(WorkerRow, worker.name) or WorkerRow(name=worker.name)
        row.kind, row.host, row.pid, row.slots = worker.kind, worker.host, worker.pid, worker.slots
        row.started_at = row.seen_at = now
        self._tx.session.add(row)

    def seen(self, name: str) -> None:
        """Keep that a worker is alive."""
        row = self._tx.session.get(WorkerRow, name)
        if row is not None:
            row.seen_at = self._tx.now

    def end(self, name: str) -> None:
        """Forget a worker that has stopped."""
        self._tx.session.execute(delete(WorkerRow).where(WorkerRow.name == name))

    def all(self) -> list[KnownWorker]:
        """Return those that run and those that died within the last hour, the oldest first."""
        dead = self._tx.now - LASTS
        query = select(WorkerRow).where(WorkerRow.seen_at > self._tx.now - _TOLD_FOR)
        return [
            KnownWorker(
                Worker(row.name, row.kind, row.host, row.pid, row.slots),
                started_at=row.started_at,
                seen_at=row.seen_at,
                alive=row.seen_at > dead,
            )
            for row in self._tx.session.scalars(query.order_by(WorkerRow.started_at, WorkerRow.name))
        ]
