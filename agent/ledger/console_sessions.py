"""Log-ins to the console: begun with a password, ended by the user or by time; and how often one may be tried."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from agent.domain.roles import Role
from agent.ledger.console_tables import ConsoleSessionRow, LoginCountRow, UserRow
from agent.ledger.transaction import Transaction
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


def begin(work: Transaction, user: str) -> SecretStr:
    """Begin a session, and return the id that the browser keeps; the ledger keeps its hash alone."""
    made = SecretStr(secrets.token_urlsafe(32))
    row = ConsoleSessionRow(id=hashed(made), user_name=user, begun_at=work.now, seen_at=work.now)
    work.session.add(row)
    return made


def find(work: Transaction, given: SecretStr) -> SessionUser | None:
    """Return who is logged in with that id; None for one that is not known, over, or whose user is gone."""
    row = _alive(work, given)
    user = work.session.get(UserRow, row.user_name) if row else None
    if row is None or user is None or user.ended_at is not None:
        return None
    return SessionUser(user.name, Role(user.role), work.now - row.seen_at > _NOTED_EVERY)


def note_seen(work: Transaction, given: SecretStr) -> None:
    """Note that the session is in use."""
    if row := _alive(work, given):
        row.seen_at = work.now


def end(work: Transaction, given: SecretStr) -> None:
    """End a session, if it is alive."""
    if row := _alive(work, given):
        row.ended_at = work.now


def may_try(work: Transaction, name: str, address: str) -> bool:
    """Count a try at logging in; return False once there were too many of late.

    What comes from an address that had too many counts for nobody's name, so that it cannot lock others out.
    """
    most = (TRIES_OF_ADDRESS, TRIES, TRIES_OF_NAME)
    return all(_counted(work, key) <= limit for key, limit in zip(_keys(name, address), most, strict=True))


def forgive(work: Transaction, name: str, address: str) -> None:
    """Forget the tries: the last one was right."""
    for key in _keys(name, address):
        if row := work.session.get(LoginCountRow, key):
            work.session.delete(row)


def _keys(name: str, address: str) -> tuple[str, str, str]:
    return f"address:{address}", f"both:{address}|{name}", f"name:{name}"


def _counted(work: Transaction, key: str) -> int:
    row = work.session.get(LoginCountRow, key)
    if row is None:
        row = LoginCountRow(key=key, tries=0, since=work.now)
        work.session.add(row)
    if work.now - row.since > TRIED_WITHIN:
        row.tries, row.since = 0, work.now
    row.tries += 1
    return row.tries


def _alive(work: Transaction, given: SecretStr) -> ConsoleSessionRow | None:
    row = work.session.get(ConsoleSessionRow, hashed(given))
    if row is None or row.ended_at is not None:
        return None
    over = work.now - row.begun_at > LONGEST or work.now - row.seen_at > _IDLE
    return None if over else row
