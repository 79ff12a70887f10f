"""Authorisations (授权): until when they run, and the presses of 确认授权 that were begun."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from agent.domain.merchants import Account
from agent.ledger.tables import AuthorizationRow, IntentRow
from agent.ledger.values import Authorization, BegunAuthorization
from agent.ledger.work import UnitOfWork

# A kind of intent that no plan has: what is open of it is asked for here alone.
KIND = "authorize"
BEFORE = "authorized_until"


def note(work: UnitOfWork, account: Account, until: date) -> None:
    """Keeps what the page says now."""
    key = (account.merchant, account.platform)
    row = work.session.get(AuthorizationRow, key)
    if row is None:
        row = AuthorizationRow(merchant_id=account.merchant, platform=account.platform)
        work.session.add(row)
    row.authorized_until, row.read_at, row.run_id = until, work.now, work.run_id or ""


def known(work: UnitOfWork, merchants: Collection[str] | None) -> list[Authorization]:
    """Those of all accounts, or of these merchants', by merchant and platform."""
    query = select(AuthorizationRow).order_by(AuthorizationRow.merchant_id, AuthorizationRow.platform)
    rows = work.session.scalars(
        query if merchants is None else query.where(AuthorizationRow.merchant_id.in_(merchants))
    )
    return [Authorization(r.merchant_id, r.platform, r.authorized_until, r.read_at) for r in rows]


def begun(work: UnitOfWork, account: Account) -> BegunAuthorization | None:
    """The press that was begun for an account and not closed."""
    query = select(IntentRow).where(
        IntentRow.merchant_id == account.merchant,
        IntentRow.platform == account.platform,
        IntentRow.kind == KIND,
        IntentRow.result.is_(None),
    )
    row = work.session.scalars(query).first()
    if row is None:
        return None
    before = row.sent.get(BEFORE)
    return BegunAuthorization(row.id, row.begun_at, date.fromisoformat(before) if before else None)
