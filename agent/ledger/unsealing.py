"""Opens what is sealed of merchants and accounts, and masks it in text."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from agent.domain.merchants import Account, Credentials, Edition, Merchant, Payee, Registration
from agent.ledger.scrub import Scrubber
from agent.ledger.sealing import purpose
from agent.ledger.tables import AccountRow, MerchantRow
from agent.ledger.transaction import Transaction

PASSWORD, TOTP = "account-password", "account-totp"


def opened(tx: Transaction, ids: Collection[str]) -> list[Merchant]:
    """Return the merchants with these ids, or all, by id, their secrets opened; not what was removed."""
    query = select(MerchantRow).order_by(MerchantRow.id).options(selectinload(MerchantRow.accounts))
    query = query.where(MerchantRow.state != Registration.REMOVED.value)
    rows = tx.session.scalars(query.where(MerchantRow.id.in_(ids)) if ids else query)
    return [_merchant(tx, row) for row in rows]


def payees(tx: Transaction) -> dict[str, Payee]:
    """Return where the refunds of each merchant go, by id; nothing else is opened."""
    query = select(MerchantRow).where(MerchantRow.state != Registration.REMOVED.value)
    found = ((row, _payee(tx, row)) for row in tx.session.scalars(query))
    return {row.id: payee for row, payee in found if payee is not None}


def scrubber(tx: Transaction, merchant_id: str) -> Scrubber:
    """Masks the secrets of that merchant; one that is not registered has none."""
    return Scrubber(opened(tx, [merchant_id]))


def _merchant(tx: Transaction, row: MerchantRow) -> Merchant:
    password = tx.vault.open(backoffice_purpose(row.id), row.backoffice_password)
    return Merchant(
        id=row.id,
        name=row.name,
        edition=Edition(row.edition),
        backoffice=Credentials(row.backoffice_username, password),
        payee=_payee(tx, row),
        accounts=tuple(_opened(tx, account) for account in row.accounts if account.state != Registration.REMOVED),
        file_as=row.file_as,
        paused=row.state == Registration.PAUSED,
    )


def _payee(tx: Transaction, row: MerchantRow) -> Payee | None:
    if row.payee_account is None:
        return None
    number = tx.vault.open(payee_purpose(row.id), row.payee_account)
    return Payee(row.payee_bank or "", row.payee_holder or "", number)


def _opened(tx: Transaction, row: AccountRow) -> Account:
    login = None
    if row.username is not None and row.password is not None:
        password = tx.vault.open(purpose(PASSWORD, row.account), row.password)
        totp = tx.vault.open(purpose(TOTP, row.account), row.totp) if row.totp else None
        login = Credentials(row.username, password, totp)
    return Account(row.account, login, row.shop, row.state == Registration.PAUSED)


def backoffice_purpose(merchant_id: str) -> str:
    return f"backoffice-password|{merchant_id}"


def payee_purpose(merchant_id: str) -> str:
    return f"payee-account|{merchant_id}"
