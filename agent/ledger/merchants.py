"""Merchants and accounts: kept with their secrets sealed, given back with them opened."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import astuple

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Account, Credentials, Edition, Merchant, Payee, Registration
from agent.domain.schedule import DueReason
from agent.ledger import schedule
from agent.ledger.scrub import Scrubber
from agent.ledger.sealing import purpose
from agent.ledger.tables import AccountRow, Base, MerchantRow
from agent.ledger.values import ImportCounts, Registered
from agent.ledger.work import UnitOfWork

_REMOVED = Registration.REMOVED.value
_IS_KEPT = MerchantRow.state != _REMOVED
_PASSWORD, _TOTP = "account-password", "account-totp"


def find(work: UnitOfWork, ids: Collection[str]) -> list[Merchant]:
    """The merchants with these ids, or all, by id; not those that were removed, nor accounts that were."""
    query = select(MerchantRow).order_by(MerchantRow.id).options(selectinload(MerchantRow.accounts))
    query = query.where(_IS_KEPT)
    rows = work.session.scalars(query.where(MerchantRow.id.in_(ids)) if ids else query)
    return [_merchant(work, row) for row in rows]


def registered(work: UnitOfWork, of: Collection[str] | None) -> list[Registered]:
    """All merchants, or these, by id; nothing of them is opened."""
    accounts = select(AccountRow.merchant_id, AccountRow.platform, AccountRow.label, AccountRow.shop)
    merchants = select(MerchantRow.id, MerchantRow.name, MerchantRow.edition).order_by(MerchantRow.id)
    if of is not None:
        accounts, merchants = accounts.where(AccountRow.merchant_id.in_(of)), merchants.where(MerchantRow.id.in_(of))
    rows, shops = work.session.execute(merchants).all(), defaultdict[str, dict[AccountKey, str | None]](dict)
    for merchant, platform, label, shop in sorted(work.session.execute(accounts).all(), key=lambda row: row[:3]):
        shops[merchant][AccountKey(merchant, platform, label)] = shop
    return [Registered(id_, name, Edition(edition), shops[id_]) for id_, name, edition in rows]


def ids(work: UnitOfWork) -> list[str]:
    """Those of all merchants, in order."""
    return list(work.session.scalars(select(MerchantRow.id).where(_IS_KEPT).order_by(MerchantRow.id)))


def save(work: UnitOfWork, merchants: Iterable[Merchant]) -> ImportCounts:
    """Adds or updates. What is not mentioned (a payee, a shop, a log-in, accounts) stays as it was."""
    counts: Counter[str] = Counter()
    for merchant in merchants:
        row = work.session.get(MerchantRow, merchant.id)
        counts[f"merchants_{_verdict(row)}"] += (anew := _put_merchant(work, row, merchant))
        if anew:
            schedule.at_once(work, merchant.id, DueReason.ASKED)
        for account in merchant.accounts:
            found = work.session.get(AccountRow, astuple(account.key))
            changed = _put_account(work, found, account)
            counts[f"accounts_{_verdict(found)}"] += changed or found is None
            work.session.flush()
            if found is None:
                schedule.add(work, account.key)
            elif changed:
                schedule.at_once(work, account.key, DueReason.ASKED)
        work.session.flush()
    return ImportCounts(**counts)


_CLEARED = {"payee.bank": "payee_bank", "payee.holder": "payee_holder", "payee.account": "payee_account"}


def clear(work: UnitOfWork, of: AccountKey | str, names: Collection[str]) -> None:
    """Forget these fields, which may be empty, of an account, or of a merchant by its id."""
    row: Base | None
    row = work.session.get(MerchantRow, of) if isinstance(of, str) else work.session.get(AccountRow, astuple(of))
    for name in names:
        setattr(row, _CLEARED.get(name, "totp" if name == "totp_secret" else name), None)


def name_shop(work: UnitOfWork, account: AccountKey, shop: str) -> None:
    """Registers which shop an account opens; nothing else of it changes."""
    row = work.session.get_one(AccountRow, astuple(account))
    row.shop = shop


def any_id(session: Session) -> str | None:
    """The id of some merchant, whose secrets are sealed, or None where there is none."""
    return session.scalar(select(MerchantRow.id).limit(1))


def scrubber(work: UnitOfWork, merchant_id: str) -> Scrubber:
    """Masks the secrets of that merchant; one that is not registered has none."""
    return Scrubber(find(work, [merchant_id]))


def _verdict(row: Base | None) -> str:
    return "added" if row is None else "updated"


def _put_merchant(work: UnitOfWork, row: MerchantRow | None, merchant: Merchant) -> bool:
    values: dict[str, str | None] = {
        "name": merchant.name,
        "edition": merchant.edition.value,
        "backoffice_username": merchant.backoffice.username,
    }
    secrets = {"backoffice_password": (_backoffice(merchant.id), merchant.backoffice.password)}
    if merchant.file_as is not None:
        values["file_as"] = merchant.file_as
    if merchant.payee is not None:
        values |= {"payee_bank": merchant.payee.bank, "payee_holder": merchant.payee.holder}
        secrets["payee_account"] = (_payee(merchant.id), merchant.payee.account)
    if row is None:
        row = MerchantRow(id=merchant.id)
        work.session.add(row)
    elif row.state == _REMOVED:
        row.state = Registration.ACTIVE.value
    return _put(work, row, values, secrets)


def _put_account(work: UnitOfWork, row: AccountRow | None, account: Account) -> bool:
    values: dict[str, str | None] = {}
    secrets = {}
    if account.shop is not None:
        values["shop"] = account.shop
    if account.login is not None:
        values["username"] = account.login.username
        secrets["password"] = (purpose(_PASSWORD, account.key), account.login.password)
        if account.login.totp is not None:
            secrets["totp"] = (purpose(_TOTP, account.key), account.login.totp)
    if row is None:
        row = AccountRow(**AccountRow.columns(account.key))
        work.session.add(row)
    elif row.state == _REMOVED:
        row.state = Registration.ACTIVE.value
    return _put(work, row, values, secrets)


def _put(work: UnitOfWork, row: Base, values: dict[str, str | None], secrets: dict[str, tuple[str, SecretStr]]) -> bool:
    """Sets what differs and says whether anything did. An unchanged secret keeps its token."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, (meant, secret) in secrets.items():
        token = getattr(row, name)
        if token is None or work.vault.open(meant, token) != secret:
            changed[name] = work.vault.seal(meant, secret)
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _merchant(work: UnitOfWork, row: MerchantRow) -> Merchant:
    payee = None
    if row.payee_account is not None:
        number = work.vault.open(_payee(row.id), row.payee_account)
        payee = Payee(row.payee_bank or "", row.payee_holder or "", number)
    password = work.vault.open(_backoffice(row.id), row.backoffice_password)
    return Merchant(
        id=row.id,
        name=row.name,
        edition=Edition(row.edition),
        backoffice=Credentials(row.backoffice_username, password),
        payee=payee,
        accounts=tuple(_opened(work, account) for account in row.accounts if account.state != _REMOVED),
        file_as=row.file_as,
        paused=row.state == Registration.PAUSED,
    )


def _opened(work: UnitOfWork, row: AccountRow) -> Account:
    login = None
    if row.username is not None and row.password is not None:
        password = work.vault.open(purpose(_PASSWORD, row.account), row.password)
        totp = work.vault.open(purpose(_TOTP, row.account), row.totp) if row.totp else None
        login = Credentials(row.username, password, totp)
    return Account(row.account, login, row.shop, row.state == Registration.PAUSED)


def _backoffice(merchant_id: str) -> str:
    return f"backoffice-password|{merchant_id}"


def _payee(merchant_id: str) -> str:
    return f"payee-account|{merchant_id}"
