"""Who may use the console: people with passwords, programs with tokens. Neither is kept as it is."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import select

from agent.domain.access_errors import NameTaken, NameUnknown, NameUnusable, PasswordTooShort
from agent.domain.roles import Role
from agent.ledger.console_tables import ConsoleSessionRow, UserRow
from agent.ledger.transaction import Repository, Transaction

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1024
_NAME = re.compile(r"[\w.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A user or a token: its name, what it may do, since when, and until when it did."""

    name: str
    role: Role
    added_at: datetime
    ended_at: datetime | None


def hashed(secret: SecretStr) -> str:
    """Return the SHA-256 of a token or a session's id, which are long and random, as the ledger keeps it."""
    return hashlib.sha256(secret.get_secret_value().encode()).hexdigest()


class Users(Repository):
    """Who may use the console with a password."""

    def add(self, name: str, role: Role, password: SecretStr) -> None:
        """Add a user. Raise UsageError if there is one of that name, and for a password that is too short."""
        check_name(name)
        _check_password(password)
        row = self._tx.session.get(UserRow, name)
        if row is not None and row.ended_at is None:
            raise NameTaken(name)
        row = row or UserRow(name=name, added_at=self._tx.now)
        row.role, row.password, row.ended_at = role.value, _kept(password), None
        self._tx.session.add(row)

    def set_password(self, name: str, password: SecretStr) -> None:
        """Give a user another password, and end its sessions. Raise UsageError for an unknown user."""
        _check_password(password)
        row = _user(self._tx, name)
        row.password = _kept(password)
        self.end_sessions_of(name)

    def end(self, name: str) -> None:
        """End a user's access, sessions and calendar address. Raise UsageError for an unknown user."""
        row = _user(self._tx, name)
        row.ended_at, row.calendar = self._tx.now, None
        self.end_sessions_of(name)

    def known(self) -> list[KnownUser]:
        """Return all users that may log in, by name."""
        query = select(UserRow).where(UserRow.ended_at.is_(None)).order_by(UserRow.name)
        return [KnownUser(r.name, Role(r.role), r.added_at, r.ended_at) for r in self._tx.session.scalars(query)]

    def password_of(self, name: str) -> str | None:
        """Return what is kept of a user's password, None if nobody of that name may log in."""
        row = self._tx.session.get(UserRow, name)
        return row.password if row is not None and row.ended_at is None else None

    def end_sessions_of(self, name: str) -> None:
        """End all sessions of a user."""
        alive = (ConsoleSessionRow.user_name == name, ConsoleSessionRow.ended_at.is_(None))
        for row in self._tx.session.scalars(select(ConsoleSessionRow).where(*alive)):
            row.ended_at = self._tx.now

    def open_calendar(self, name: str) -> SecretStr:
        """Return the secret of a new calendar address of a user; an earlier one opens nothing any more."""
        made = SecretStr(secrets.token_urlsafe(32))
        _user(self._tx, name).calendar = hashed(made)
        return made

    def close_calendar(self, name: str) -> None:
        """Let the user's calendar address open nothing any more."""
        _user(self._tx, name).calendar = None

    def has_calendar(self, name: str) -> bool:
        """Return True if the user has a calendar address."""
        return _user(self._tx, name).calendar is not None

    def owns_calendar(self, given: SecretStr) -> bool:
        """Return True for the secret of the calendar address of somebody who is still a user."""
        query = select(UserRow.name).where(UserRow.calendar == hashed(given), UserRow.ended_at.is_(None))
        return self._tx.session.scalar(query) is not None


def _user(tx: Transaction, name: str) -> UserRow:
    row = tx.session.get(UserRow, name)
    if row is None or row.ended_at is not None:
        raise NameUnknown(name)
    return row


def check_name(name: str) -> None:
    """Raise NameUnusable for what cannot name a user or a token."""
    if not _NAME.fullmatch(name):
        raise NameUnusable(name)


def _check_password(password: SecretStr) -> None:
    if not SHORTEST_PASSWORD <= len(password.get_secret_value()) <= LONGEST_PASSWORD:
        raise PasswordTooShort(SHORTEST_PASSWORD)


def _kept(password: SecretStr) -> str:
    """What is kept of a password. Its library is loaded if it is needed: that takes a tenth of a second."""
    from agent.ledger.passwords import hash_of

    return hash_of(password)
