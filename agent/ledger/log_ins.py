"""Log-ins that a site refused: they are not tried again before they are corrected, or a person gets in."""

from dataclasses import astuple

from pydantic import SecretStr
from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.ledger.sealing import purpose
from agent.ledger.session_tables import RefusedLoginRow
from agent.ledger.session_values import PENDING_LOGINS, RefusedLogin
from agent.ledger.transaction import Repository
from agent.ledger.unsealing import scrubber


class LogIns(Repository):
    """What sites made of log-ins, as far as it is not that they let somebody in."""

    def note(self, account: AccountKey, refused: RefusedLogin) -> None:
        """Keep a refusal, in the place of an earlier one."""
        message, fingerprint = (
            scrubber(self._tx, account.merchant_id).clean(refused.message),
            self._tx.vault.seal(_purpose(account), refused.fingerprint),
        )
        row = self._tx.session.get(RefusedLoginRow, astuple(account))
        if row is None:
            row = RefusedLoginRow(**RefusedLoginRow.columns(account))
            self._tx.session.add(row)
        row.fingerprint, row.reason, row.message, row.refused_at = fingerprint, refused.reason, message, self._tx.now

    def find(self, fingerprint: SecretStr) -> RefusedLogin | None:
        """The refusal of that very log-in, whoever tried it: merchants may have the back office's in common."""
        for row in self._tx.session.scalars(
            select(RefusedLoginRow).where(RefusedLoginRow.reason.not_in(PENDING_LOGINS))
        ):
            if self._tx.vault.open(_purpose(row.account), row.fingerprint) == fingerprint:
                return RefusedLogin(fingerprint, row.reason, row.message)
        return None

    def pending(self, account: AccountKey, fingerprint: SecretStr) -> RefusedLogin | None:
        """What is kept of that very log-in of an account, if it is no refusal."""
        row = self._tx.session.get(RefusedLoginRow, astuple(account))
        if (
            row is None
            or row.reason not in PENDING_LOGINS
            or self._tx.vault.open(_purpose(account), row.fingerprint) != fingerprint
        ):
            return None
        return RefusedLogin(fingerprint, row.reason, row.message)

    def forget(self, of: AccountKey | str) -> None:
        """Somebody got into the account, or, of a merchant's id, an operator has said anew what its log-ins are."""
        condition = RefusedLoginRow.merchant_id == of if isinstance(of, str) else RefusedLoginRow.is_of(of)
        for row in self._tx.session.scalars(select(RefusedLoginRow).where(condition)):
            self._tx.session.delete(row)


def _purpose(account: AccountKey) -> str:
    return purpose("refused-login", account)
