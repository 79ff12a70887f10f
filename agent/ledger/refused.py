"""Log-ins that a site refused: they are not tried again before they are corrected, or a person gets in."""

from dataclasses import astuple

from pydantic import SecretStr
from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.ledger.merchants import scrubber
from agent.ledger.sealing import purpose
from agent.ledger.tables import RefusedLoginRow
from agent.ledger.values import PENDING_LOGINS, RefusedLogin
from agent.ledger.work import UnitOfWork


def note(work: UnitOfWork, account: AccountKey, refused: RefusedLogin) -> None:
    """Keeps a refusal, in the place of an earlier one."""
    said, mark = (
        scrubber(work, account.merchant_id).clean(refused.said),
        work.vault.seal(_purpose(account), refused.mark),
    )
    row = work.session.get(RefusedLoginRow, astuple(account))
    if row is None:
        row = RefusedLoginRow(**RefusedLoginRow.columns(account))
        work.session.add(row)
    row.mark, row.reason, row.said, row.refused_at = mark, refused.reason, said, work.now


def find(work: UnitOfWork, mark: SecretStr) -> RefusedLogin | None:
    """The refusal of that very log-in, whoever tried it: merchants may have the back office's in common."""
    for row in work.session.scalars(select(RefusedLoginRow).where(RefusedLoginRow.reason.not_in(PENDING_LOGINS))):
        if work.vault.open(_purpose(row.account), row.mark) == mark:
            return RefusedLogin(mark, row.reason, row.said)
    return None


def pending(work: UnitOfWork, account: AccountKey, mark: SecretStr) -> RefusedLogin | None:
    """What is kept of that very log-in of an account, if it is no refusal."""
    row = work.session.get(RefusedLoginRow, astuple(account))
    if row is None or row.reason not in PENDING_LOGINS or work.vault.open(_purpose(account), row.mark) != mark:
        return None
    return RefusedLogin(mark, row.reason, row.said)


def forget(work: UnitOfWork, of: AccountKey | str) -> None:
    """Somebody got into the account, or, of a merchant's id, an operator has said anew what its log-ins are."""
    condition = RefusedLoginRow.merchant_id == of if isinstance(of, str) else RefusedLoginRow.is_of(of)
    for row in work.session.scalars(select(RefusedLoginRow).where(condition)):
        work.session.delete(row)


def _purpose(account: AccountKey) -> str:
    return purpose("refused-login", account)
