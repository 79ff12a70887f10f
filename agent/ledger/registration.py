"""Who is worked on: merchants and accounts that are paused, resumed or removed."""

from pydantic import SecretStr
from sqlalchemy import delete, select

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Registration
from agent.domain.schedule import DueReason
from agent.ledger import schedule
from agent.ledger.tables import (
    AccountRow,
    Base,
    ChallengeRow,
    EvidenceRow,
    IntentRow,
    MerchantRow,
    OutcomeRow,
    RefusedLoginRow,
    SessionRow,
    StepRow,
)
from agent.ledger.work import UnitOfWork

_SECRETS = (SessionRow, ChallengeRow, RefusedLoginRow)  # what of a log-in is kept besides


def set_state(work: UnitOfWork, of: AccountKey | str, state: Registration) -> bool:
    """Pause or resume an account, or a merchant by its id. Return False if there is none that is not removed."""
    row = _row(work, of)
    if row is None or row.state == Registration.REMOVED:
        return False
    row.state = state.value
    if state is Registration.ACTIVE:
        schedule.at_once(work, of, DueReason.ASKED)
    return True


def remove(work: UnitOfWork, of: AccountKey | str) -> bool:
    """Erase the secrets of an account, or of a merchant with all its accounts; what is known of the money stays."""
    row = _row(work, of)
    if row is None:
        return False
    accounts = row.accounts if isinstance(row, MerchantRow) else [row]
    if isinstance(row, MerchantRow):
        row.state = Registration.REMOVED.value
        row.backoffice_password = work.vault.seal(f"backoffice-password|{row.id}", SecretStr(""))
        row.payee_bank = row.payee_holder = row.payee_account = None
    for account in accounts:
        account.state = Registration.REMOVED.value
        account.username = account.password = account.totp = None
    for table in _SECRETS:
        own = table.merchant_id == of if isinstance(of, str) else table.is_of(of)
        work.session.execute(delete(table).where(own))
    return True


def erase(work: UnitOfWork, merchant_id: str) -> bool:
    """Delete a merchant with all that is known of it. History and audit trail stay: they are append-only."""
    if work.session.get(MerchantRow, merchant_id) is None:
        return False
    intents = select(IntentRow.id).where(IntentRow.merchant_id == merchant_id)
    outcomes = select(OutcomeRow.id).where(OutcomeRow.merchant_id == merchant_id)
    work.session.execute(delete(EvidenceRow).where(EvidenceRow.intent_id.in_(intents)))
    work.session.execute(delete(StepRow).where(StepRow.outcome_id.in_(outcomes)))
    for table in reversed(Base.metadata.sorted_tables):
        if "merchant_id" in table.c:
            work.session.execute(table.delete().where(table.c.merchant_id == merchant_id))
    work.session.execute(delete(MerchantRow).where(MerchantRow.id == merchant_id))
    work.session.expire_all()
    return True


def _row(work: UnitOfWork, of: AccountKey | str) -> MerchantRow | AccountRow | None:
    if isinstance(of, str):
        return work.session.get(MerchantRow, of)
    return work.session.get(AccountRow, (of.merchant_id, of.platform, of.label))
