"""Who may use the console: people with passwords, programs with tokens. Neither is kept as it is."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr
from sqlalchemy import select

from agent.domain.errors import UsageError
from agent.domain.roles import Role
from agent.domain.text import Text
from agent.ledger.console_tables import ConsoleSessionRow, TokenRow, UserRow
from agent.ledger.transaction import Transaction

SHORTEST_PASSWORD = 8
_LONGEST_PASSWORD = 1024
_TOKEN = "fk_"  # noqa: S105 - by which people recognise a token of ours
_NAME = re.compile(r"[\w.@-]{1,64}")
_HASHER = PasswordHasher()
# What is compared if there is no such user, so that an answer takes as long as for one that there is.
_NOBODY = _HASHER.hash(secrets.token_hex())


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


def add_user(tx: Transaction, name: str, role: Role, password: SecretStr) -> None:
    """Add a user. Raise UsageError if there is one of that name, and for a password that is too short."""
    _check_name(name)
    _check_password(password)
    row = tx.session.get(UserRow, name)
    if row is not None and row.ended_at is None:
        raise _taken(name)
    row = row or UserRow(name=name, added_at=tx.now)
    row.role, row.password, row.ended_at = role.value, _HASHER.hash(password.get_secret_value()), None
    tx.session.add(row)


def set_password(tx: Transaction, name: str, password: SecretStr) -> None:
    """Give a user another password, and end its sessions. Raise UsageError for an unknown user."""
    _check_password(password)
    row = _user(tx, name)
    row.password = _HASHER.hash(password.get_secret_value())
    end_sessions_of(tx, name)


def end_user(tx: Transaction, name: str) -> None:
    """Take a user's access away, with its sessions and its calendar address. Raise UsageError for an unknown user."""
    row = _user(tx, name)
    row.ended_at, row.calendar = tx.now, None
    end_sessions_of(tx, name)


def users(tx: Transaction) -> list[KnownUser]:
    """Return all users that may log in, by name."""
    query = select(UserRow).where(UserRow.ended_at.is_(None)).order_by(UserRow.name)
    return [KnownUser(r.name, Role(r.role), r.added_at, r.ended_at) for r in tx.session.scalars(query)]


def password_of(tx: Transaction, name: str) -> str | None:
    """Return what is kept of a user's password, None if nobody of that name may log in."""
    row = tx.session.get(UserRow, name)
    return row.password if row is not None and row.ended_at is None else None


def is_password(kept: str | None, given: SecretStr) -> bool:
    """Return True if `given` is the password of which `kept` was made. It takes as long if there is none."""
    try:
        _HASHER.verify(kept or _NOBODY, given.get_secret_value()[:_LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def end_sessions_of(tx: Transaction, name: str) -> None:
    """End all sessions of a user."""
    alive = (ConsoleSessionRow.user_name == name, ConsoleSessionRow.ended_at.is_(None))
    for row in tx.session.scalars(select(ConsoleSessionRow).where(*alive)):
        row.ended_at = tx.now


def open_calendar(tx: Transaction, name: str) -> SecretStr:
    """Return the secret of a new calendar address of a user; an earlier one opens nothing any more."""
    made = SecretStr(secrets.token_urlsafe(32))
    _user(tx, name).calendar = hashed(made)
    return made


def close_calendar(tx: Transaction, name: str) -> None:
    """Let the user's calendar address open nothing any more."""
    _user(tx, name).calendar = None


def has_calendar(tx: Transaction, name: str) -> bool:
    """Return True if the user has a calendar address."""
    return _user(tx, name).calendar is not None


def owns_calendar(tx: Transaction, given: SecretStr) -> bool:
    """Return True for the secret of the calendar address of somebody who is still a user."""
    query = select(UserRow.name).where(UserRow.calendar == hashed(given), UserRow.ended_at.is_(None))
    return tx.session.scalar(query) is not None


def add_token(tx: Transaction, name: str, role: Role) -> SecretStr:
    """Make a token and return it; it cannot be shown again. Raise UsageError if there is one of that name."""
    _check_name(name)
    row = tx.session.get(TokenRow, name)
    if row is not None and row.ended_at is None:
        raise _taken(name)
    token = SecretStr(_TOKEN + secrets.token_urlsafe(32))
    row = row or TokenRow(name=name, added_at=tx.now)
    row.role, row.hash, row.ended_at = role.value, hashed(token), None
    tx.session.add(row)
    return token


def end_token(tx: Transaction, name: str) -> None:
    """Take a token's access away. Raise UsageError for an unknown token."""
    row = tx.session.get(TokenRow, name)
    if row is None or row.ended_at is not None:
        raise _unknown(name)
    row.ended_at = tx.now


def tokens(tx: Transaction) -> list[KnownUser]:
    """Return all tokens that open something, by name; never what they are."""
    query = select(TokenRow).where(TokenRow.ended_at.is_(None)).order_by(TokenRow.name)
    return [KnownUser(r.name, Role(r.role), r.added_at, r.ended_at) for r in tx.session.scalars(query)]


def token(tx: Transaction, given: SecretStr) -> KnownUser | None:
    """Return whose token it is; None for one that is not known or was taken away."""
    query = select(TokenRow).where(TokenRow.hash == hashed(given), TokenRow.ended_at.is_(None))
    row = tx.session.scalar(query)
    return KnownUser(row.name, Role(row.role), row.added_at, row.ended_at) if row else None


def _user(tx: Transaction, name: str) -> UserRow:
    row = tx.session.get(UserRow, name)
    if row is None or row.ended_at is not None:
        raise _unknown(name)
    return row


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            Text(
                f"“{name}” cannot be a name. Use up to 64 letters, digits and . @ _ -",
                f"“{name}”不能用作名称。请使用不超过 64 个字母、数字或 . @ _ -",
            )
        )


def _check_password(password: SecretStr) -> None:
    if not SHORTEST_PASSWORD <= len(password.get_secret_value()) <= _LONGEST_PASSWORD:
        raise UsageError(
            Text(
                f"A password needs at least {SHORTEST_PASSWORD} characters. Choose a longer one.",
                f"密码至少需要 {SHORTEST_PASSWORD} 个字符，请重新设置。",
            )
        )


def _taken(name: str) -> UsageError:
    return UsageError(
        Text(
            f"“{name}” exists already. Choose another name, or remove it first.",
            f"“{name}”已存在。请换一个名称，或先删除。",
        )
    )


def _unknown(name: str) -> UsageError:
    return UsageError(Text(f"There is no “{name}”. See `list`.", f"没有“{name}”，可用 `list` 查看。"))
