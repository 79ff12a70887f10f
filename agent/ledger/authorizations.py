"""Authorisations (授权): until when they run, and the presses of 确认授权 that were begun."""

from collections.abc import Collection
from dataclasses import astuple
from datetime import date

from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.ledger.intents import Intents
from agent.ledger.tables import AuthorizationRow, IntentRow
from agent.ledger.transaction import Repository
from agent.ledger.values import Authorization, BegunAuthorization

# A kind of intent that no plan has: what is open of it is asked for here alone.
KIND = "authorize"
BEFORE = "authorized_until"


class Authorizations(Repository):
    """Until when platforms let the ERP in (授权), and the presses of 确认授权 that were begun."""

    def note(self, account: AccountKey, until: date) -> None:
        """Keep what the page says now."""
        row = self._tx.session.get(AuthorizationRow, astuple(account))
        if row is None:
            row = AuthorizationRow(**AuthorizationRow.columns(account))
            self._tx.session.add(row)
        row.authorized_until, row.read_at, row.run_id = until, self._tx.now, self._tx.run_id or ""

    def known(self, merchants: Collection[str] | None = None) -> list[Authorization]:
        """Those of all accounts, or of these merchants', by account."""
        query = select(AuthorizationRow)
        rows = self._tx.session.scalars(
            query if merchants is None else query.where(AuthorizationRow.merchant_id.in_(merchants))
        )
        return sorted((Authorization(r.account, r.authorized_until, r.read_at) for r in rows), key=lambda a: a.account)

    def begin(self, account: AccountKey, until: date | None, sent: dict[str, str]) -> int:
        """Open an intent for the press of 确认授权, and return its id; `until` is the end before it.

        `Intents.close` ends it. Raise IntentAlreadyOpen if one is open.
        """
        told = sent | ({BEFORE: until.isoformat()} if until else {})
        return Intents(self._tx).open_one(account, KIND, KIND, told)

    def begun(self, account: AccountKey) -> BegunAuthorization | None:
        """The press that was begun for an account and not closed."""
        query = select(IntentRow).where(IntentRow.is_of(account), IntentRow.kind == KIND, IntentRow.result.is_(None))
        row = self._tx.session.scalars(query).first()
        if row is None:
            return None
        before = row.sent.get(BEFORE)
        return BegunAuthorization(row.id, row.begun_at, date.fromisoformat(before) if before else None)
