"""Log-ins to the console: begun with a password, ended by the user or by time; and how often one may be tried."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from agent.domain.roles import Role
from agent.ledger.console_tables import ConsoleSessionRow, LoginCountRow, UserRow
from agent.ledger.transaction import Repository, Transaction
from agent.ledger.users import hashed

LONGEST = timedelta(hours=12)
_IDLE = timedelta(hours=4)
# A session is not written to at every look.
_NOTED_EVERY = timedelta(minutes=1)
# Of a name from one address, of that address, of the name from all of them: several people may come from one address,
# as behind a proxy, and nobody can keep the owner of a name out from a single one.
TRIES, TRIES_OF_ADDRESS, TRIES_OF_NAME, TRIED_WITHIN = 5, 20, 50, timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SessionUser:
    """Who is logged in. `stale`: that it was used now is to be noted."""

    name: str
    role: Role
    stale: bool


class ConsoleSessions(Repository):
    """Who is logged in to the console, and how often a log-in was tried."""

    def begin(self, user: str) -> SecretStr:
        """Begin a session, and return the id that the browser keeps; the ledger keeps its hash alone."""
        made = SecretStr(secrets.token_urlsafe(32))
        row = ConsoleSessionRow(id=hashed(made), user_name=user, begun_at=self._tx.now, seen_at=self._tx.now)
        self._tx.session.add(row)
        return made

    def find(self, given: SecretStr) -> SessionUser | None:
        """Return who is logged in with that id; None for one that is not known, over, or whose user is gone."""
        row = _alive(self._tx, given)
        user = self._tx.session.get(UserRow, row.user_name) if row else None
        if row is None or user is None or user.ended_at is not None:
            return None
        return SessionUser(user.name, Role(user.role), self._tx.now - row.seen_at > _NOTED_EVERY)

    def note_seen(self, given: SecretStr) -> None:
        """Note that the session is in use."""
        if row := _alive(self._tx, given):
            row.seen_at = self._tx.now

    def end(self, given: SecretStr) -> None:
        """End a session, if it is alive."""
        if row := _alive(self._tx, given):
            row.ended_at = self._tx.now

    def may_try(self, name: str, address: str) -> bool:
        """Count a try at logging in; return False once there were too many of late.

        What comes from an address that had too many counts for nobody's name, so that it cannot lock others out.
        """
        most = (TRIES_OF_ADDRESS, TRIES, TRIES_OF_NAME)
        return all(_counted(self._tx, key) <= limit for key, limit in zip(_keys(name, address), most, strict=True))

    def forgive(self, name: str, address: str) -> None:
        """Forget the tries: the last one was right."""
        for key in _keys(name, address):
            if row := self._tx.session.get(LoginCountRow, key):
                self._tx.session.delete(row)


def _keys(name: str, address: str) -> tuple[str, str, str]:
    kept = hashed(SecretStr(name))  # what was typed as a name may be a password
    return f"address:{address}", f"both:{address}|{kept}", f"name:{kept}"


def _counted(tx: Transaction, key: str) -> int:
    row = tx.session.get(LoginCountRow, key)
    if row is None:
        row = LoginCountRow(key=key, tries=0, since=tx.now)
        tx.session.add(row)
    if tx.now - row.since > TRIED_WITHIN:
        row.tries, row.since = 0, tx.now
    row.tries += 1
    return row.tries


def _alive(tx: Transaction, given: SecretStr) -> ConsoleSessionRow | None:
    row = tx.session.get(ConsoleSessionRow, hashed(given))
    if row is None or row.ended_at is not None:
        return None
    over = tx.now - row.begun_at > LONGEST or tx.now - row.seen_at > _IDLE
    return None if over else row
