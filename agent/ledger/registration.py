"""Who is worked on: merchants and accounts that are paused, resumed or removed."""

from pydantic import SecretStr
from sqlalchemy import delete, select

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Registration
from agent.ledger.run_tables import EvidenceRow, OutcomeRow, StepRow
from agent.ledger.schedule import Schedule
from agent.ledger.session_tables import ChallengeRow, RefusedLoginRow, SessionRow
from agent.ledger.tables import AccountRow, Base, IntentRow, MerchantRow
from agent.ledger.transaction import Repository, Transaction
from agent.ledger.unsealing import backoffice_purpose

_SECRETS = (SessionRow, ChallengeRow, RefusedLoginRow)  # what of a log-in is kept besides
# They name the merchant up to which something was done, and are about none.
_MARKS = ("bookmarks", "cursors")
_PLACES_AT_ONCE = 900  # old SQLite takes no question with more than 999 values


class Registrations(Repository):
    """Who is worked on."""

    def set_state(self, of: AccountKey | str, state: Registration) -> bool:
        """Pause or resume an account, or a merchant by its id. Return False if there is none that is not removed."""
        row = _row(self._tx, of)
        if row is None or row.state == Registration.REMOVED:
            return False
        row.state = state.value
        if state is Registration.ACTIVE:
            Schedule(self._tx).at_once(of)
        return True

    def remove(self, of: AccountKey | str) -> bool:
        """Erase the secrets of an account, or of a merchant with all its accounts; what is known of the money stays."""
        row = _row(self._tx, of)
        if row is None:
            return False
        accounts = row.accounts if isinstance(row, MerchantRow) else [row]
        if isinstance(row, MerchantRow):
            row.state = Registration.REMOVED.value
            row.backoffice_password = self._tx.vault.seal(backoffice_purpose(row.id), SecretStr(""))
            row.payee_bank = row.payee_holder = row.payee_account = None
        for account in accounts:
            account.state = Registration.REMOVED.value
            account.username = account.password = account.totp = None
        for table in _SECRETS:
            own = table.merchant_id == of if isinstance(of, str) else table.is_of(of)
            self._tx.session.execute(delete(table).where(own))
        return True

    def erase(self, merchant_id: str) -> bool:
        """Delete a merchant with all that is known of it. History and audit trail stay: they are append-only."""
        if self._tx.session.get(MerchantRow, merchant_id) is None:
            return False
        intents = select(IntentRow.id).where(IntentRow.merchant_id == merchant_id)
        outcomes = select(OutcomeRow.id).where(OutcomeRow.merchant_id == merchant_id)
        self._tx.session.execute(delete(EvidenceRow).where(EvidenceRow.intent_id.in_(intents)))
        places = _pictures(self._tx, merchant_id)
        for start in range(0, len(places), _PLACES_AT_ONCE):
            some = places[start : start + _PLACES_AT_ONCE]
            self._tx.session.execute(delete(EvidenceRow).where(EvidenceRow.path.in_(some)))
        self._tx.session.execute(delete(StepRow).where(StepRow.outcome_id.in_(outcomes)))
        for table in reversed(Base.metadata.sorted_tables):
            if "merchant_id" in table.c and table.name not in _MARKS:
                self._tx.session.execute(table.delete().where(table.c.merchant_id == merchant_id))
        self._tx.session.execute(delete(MerchantRow).where(MerchantRow.id == merchant_id))
        self._tx.session.expire_all()
        return True


def _pictures(tx: Transaction, merchant_id: str) -> list[str]:
    """Where pictures of a merchant's pages are on which no step was taken: of how runs ended, and for who was asked."""
    session, own = tx.session, OutcomeRow.merchant_id == merchant_id
    ended = session.scalars(select(OutcomeRow.evidence).where(own))
    steps = session.scalars(select(StepRow.evidence).join(OutcomeRow, OutcomeRow.id == StepRow.outcome_id).where(own))
    asked = session.scalars(select(ChallengeRow.picture).where(ChallengeRow.merchant_id == merchant_id))
    listed = {place for places in (*ended, *steps) for place in places or ()}
    return sorted(listed | {place for place in asked if place is not None})


def _row(tx: Transaction, of: AccountKey | str) -> MerchantRow | AccountRow | None:
    if isinstance(of, str):
        return tx.session.get(MerchantRow, of)
    return tx.session.get(AccountRow, (of.merchant_id, of.platform, of.label))
