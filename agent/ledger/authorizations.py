"""Authorisations (授权): until when they run, and the presses of 确认授权 that were begun."""

from collections.abc import Collection
from dataclasses import astuple
from datetime import date

from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.ledger.tables import AuthorizationRow, IntentRow
from agent.ledger.values import Authorization, BegunAuthorization
from agent.ledger.work import UnitOfWork

# A kind of intent that no plan has: what is open of it is asked for here alone.
KIND = "authorize"
BEFORE = "authorized_until"


def note(work: UnitOfWork, account: AccountKey, until: date) -> None:
    """Keeps what the page says now."""
    row = work.session.get(AuthorizationRow, astuple(account))
    if row is None:
        row = AuthorizationRow(**AuthorizationRow.columns(account))
        work.session.add(row)
    row.authorized_until, row.read_at, row.run_id = until, work.now, work.run_id or ""


def known(work: UnitOfWork, merchants: Collection[str] | None) -> list[Authorization]:
    """Those of all accounts, or of these merchants', by account."""
    query = select(AuthorizationRow)
    rows = work.session.scalars(
        query if merchants is None else query.where(AuthorizationRow.merchant_id.in_(merchants))
    )
    return sorted((Authorization(r.account, r.authorized_until, r.read_at) for r in rows), key=lambda a: a.account)


def begun(work: UnitOfWork, account: AccountKey) -> BegunAuthorization | None:
    """The press that was begun for an account and not closed."""
    query = select(IntentRow).where(IntentRow.is_of(account), IntentRow.kind == KIND, IntentRow.result.is_(None))
    row = work.session.scalars(query).first()
    if row is None:
        return None
    before = row.sent.get(BEFORE)
    return BegunAuthorization(row.id, row.begun_at, date.fromisoformat(before) if before else None)
