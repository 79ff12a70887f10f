"""The tokens that programs show to the console API, kept as hashes alone."""

import secrets

from pydantic import SecretStr
from sqlalchemy import select

from agent.domain.access_errors import NameTaken, NameUnknown
from agent.domain.roles import Role
from agent.ledger.console_tables import TokenRow
from agent.ledger.transaction import Repository
from agent.ledger.users import KnownUser, check_name, hashed

_TOKEN = "fk_"  # noqa: S105 - by which people recognise a token of ours


class Tokens(Repository):
    """What programs show instead of a password."""

    def add(self, name: str, role: Role) -> SecretStr:
        """Make a token and return it; it cannot be shown again. Raise UsageError if there is one of that name."""
        check_name(name)
        row = self._tx.session.get(TokenRow, name)
        if row is not None and row.ended_at is None:
            raise NameTaken(name)
        token = SecretStr(_TOKEN + secrets.token_urlsafe(32))
        row = row or TokenRow(name=name, added_at=self._tx.now)
        row.role, row.hash, row.ended_at = role.value, hashed(token), None
        self._tx.session.add(row)
        return token

    def end(self, name: str) -> None:
        """Take a token's access away. Raise UsageError for an unknown token."""
        row = self._tx.session.get(TokenRow, name)
        if row is None or row.ended_at is not None:
            raise NameUnknown(name)
        row.ended_at = self._tx.now

    def known(self) -> list[KnownUser]:
        """Return all tokens that open something, by name; never what they are."""
        query = select(TokenRow).where(TokenRow.ended_at.is_(None)).order_by(TokenRow.name)
        return [KnownUser(r.name, Role(r.role), r.added_at, r.ended_at) for r in self._tx.session.scalars(query)]

    def find(self, given: SecretStr) -> KnownUser | None:
        """Return whose token it is; None for one that is not known or was taken away."""
        query = select(TokenRow).where(TokenRow.hash == hashed(given), TokenRow.ended_at.is_(None))
        row = self._tx.session.scalar(query)
        return KnownUser(row.name, Role(row.role), row.added_at, row.ended_at) if row else None
