"""The ledger (台账): the one door to the database."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Self, TypeVar

from filelock import FileLock
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from agent.ledger.engine import FILE, open_engine, server_of, unusable, writing
from agent.ledger.history import keep_history
from agent.ledger.merchants import any_id
from agent.ledger.migrate import migrate
from agent.ledger.transaction import Transaction
from agent.ledger.unit_of_work import UnitOfWork
from agent.ledger.unsealing import opened
from agent.ledger.values import Lease
from agent.settings import Settings
from agent.vault import Vault, make_private

T = TypeVar("T")


class Ledger:
    """Gives out transactions: `begin` for what writes, `read` for the rest. Processes may share the database."""

    def __init__(self, engine: Engine, vault: Vault, clock: Callable[[], datetime]) -> None:
        """Take a migrated database; `open` makes one. `clock` gives aware datetimes."""
        self._engine, self._vault, self._clock = engine, vault, clock

    @classmethod
    def open(cls, settings: Settings, clock: Callable[[], datetime]) -> Self:
        """Open the ledger of `settings`, and make data directory, database and key where they are missing.

        Raise UsageError if one of them cannot be used, above all where the key does not fit the sealed values.
        """
        folder = make_private(settings.data_dir)
        place = server_of(settings.database_url) if settings.database_url else str(folder / FILE)
        engine = None
        try:
            # Switching a new file to WAL and migrating it cannot wait for others as transactions do.
            with FileLock(folder / ".ledger.lock", mode=0o600):
                engine = open_engine(folder, settings.database_url)
                migrate(engine)
            return cls(engine, _fitting_vault(engine, settings, clock), clock)
        except (DBAPIError, OSError) as error:
            raise unusable(place, error) from None  # the cause may repeat the URL with its password
        finally:
            if engine is not None:
                engine.dispose()  # so that a failure leaves nothing open; a success connects anew

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def begin(
        self, lease: Lease | None = None, *, on: str | None = None, run_id: str | None = None
    ) -> Iterator[UnitOfWork]:
        """A transaction that writes: all that happens in the block is committed at its end, or nothing.

        What it changes is kept in the history as part of the run. Raise LeaseLost if `lease` is another's by now.

        It changes what `lease` is for, or what `on` names: `lease_of(merchant)`, or OWN_ROWS. It waits for others that
        change the same; without either for all that write, and they for it.
        """
        on = lease.name if lease is not None else on
        with Session(writing(self._engine, on)) as session, session.begin():
            session.connection()  # waits for the others, so that the moment below is the transaction's own
            keep_history(session, self._clock, run_id)
            tx = UnitOfWork(session, self._vault, self._clock(), run_id)
            if lease is not None:
                tx.leases.check(lease)
            yield tx

    async def write(
        self, change: Callable[[UnitOfWork], T], lease: Lease | None = None, *, on: str | None = None, run_id: str = ""
    ) -> T:
        """Return what `change` does in a transaction that begin() gives, in a thread: the event loop goes on.

        A task that is cancelled meanwhile waits for the transaction's end first.
        """

        def written() -> T:
            with self.begin(lease, on=on, run_id=run_id or None) as tx:
                return change(tx)

        return await _apart(written)

    async def look(self, question: Callable[[UnitOfWork], T]) -> T:
        """Return what `question` finds in a transaction that read() gives, in a thread: the event loop goes on."""

        def found() -> T:
            with self.read() as tx:
                return question(tx)

        return await _apart(found)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A transaction that reads. Raise RuntimeError if something is written in it: it would be lost."""
        with Session(self._engine) as session:
            event.listen(session, "before_flush", _refuse)
            event.listen(session, "do_orm_execute", _refuse_statement)
            yield UnitOfWork(session, self._vault, self._clock())
            session.flush()  # what was changed and not yet sent is refused, too


async def _apart(call: Callable[[], T]) -> T:
    task = asyncio.ensure_future(asyncio.to_thread(call))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _refuse(session: Session, context: UOWTransaction, instances: object) -> None:
    if session.new or session.deleted or any(map(session.is_modified, session.dirty)):
        raise _only_reads()


def _refuse_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise _only_reads()


def _only_reads() -> RuntimeError:
    return RuntimeError("this transaction reads; begin one that writes")


def _fitting_vault(engine: Engine, settings: Settings, clock: Callable[[], datetime]) -> Vault:
    """The vault, once it has opened what is sealed. A wrong key must show now, and not in the middle of a run."""
    with Session(engine) as session:
        sealed = any_id(session)
        vault = Vault.of(settings, sealed_before=sealed is not None)
        if sealed is not None:
            opened(Transaction(session, vault, clock()), [sealed])
    return vault
