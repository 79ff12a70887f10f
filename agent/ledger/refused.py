"""Log-ins that a site refused: they are not tried again before they are corrected, or a person gets in."""

from pydantic import SecretStr
from sqlalchemy import select

from agent.ledger.merchants import scrubber
from agent.ledger.tables import RefusedLoginRow
from agent.ledger.values import PENDING_LOGINS, RefusedLogin
from agent.ledger.work import UnitOfWork


def note(work: UnitOfWork, merchant: str, site: str, refused: RefusedLogin) -> None:
    """Keeps a refusal, in the place of an earlier one."""
    said, mark = scrubber(work, merchant).clean(refused.said), work.vault.seal(_purpose(merchant, site), refused.mark)
    row = work.session.get(RefusedLoginRow, (merchant, site))
    if row is None:
        row = RefusedLoginRow(merchant_id=merchant, site=site)
        work.session.add(row)
    row.mark, row.reason, row.said, row.refused_at = mark, refused.reason, said, work.now


def find(work: UnitOfWork, mark: SecretStr) -> RefusedLogin | None:
    """The refusal of that very log-in, whoever tried it: merchants may have the back office's in common."""
    for row in work.session.scalars(select(RefusedLoginRow).where(RefusedLoginRow.reason.not_in(PENDING_LOGINS))):
        if work.vault.open(_purpose(row.merchant_id, row.site), row.mark) == mark:
            return RefusedLogin(mark, row.reason, row.said)
    return None


def pending(work: UnitOfWork, merchant: str, site: str, mark: SecretStr) -> RefusedLogin | None:
    """What is kept of that very log-in of a merchant, if it is no refusal."""
    row = work.session.get(RefusedLoginRow, (merchant, site))
    if row is None or row.reason not in PENDING_LOGINS or work.vault.open(_purpose(merchant, site), row.mark) != mark:
        return None
    return RefusedLogin(mark, row.reason, row.said)


def forget(work: UnitOfWork, merchant: str, site: str | None = None) -> None:
    """Somebody got in, or, without a `site`, an operator has said anew what the merchant's log-ins are."""
    query = select(RefusedLoginRow).where(RefusedLoginRow.merchant_id == merchant)
    for row in work.session.scalars(query if site is None else query.where(RefusedLoginRow.site == site)):
        work.session.delete(row)


def _purpose(merchant: str, site: str) -> str:
    return f"refused-login|{merchant}|{site}"
