"""Merchants and accounts: kept with their secrets sealed, given back with them opened."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import astuple

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Account, Edition, Merchant, Payee, Registration
from agent.ledger.log_ins import LogIns
from agent.ledger.schedule import Schedule
from agent.ledger.sealing import purpose
from agent.ledger.tables import AccountRow, Base, MerchantRow
from agent.ledger.transaction import Repository, Transaction
from agent.ledger.unsealing import PASSWORD, TOTP, backoffice_purpose, opened, payee_purpose, payees
from agent.ledger.values import ImportCounts, Registered
from agent.log import hide

_IS_KEPT = MerchantRow.state != Registration.REMOVED.value
_CLEARED = {"payee.bank": "payee_bank", "payee.holder": "payee_holder", "payee.account": "payee_account"}


class Merchants(Repository):
    """Merchants with their accounts."""

    def find(self, ids: Collection[str] = ()) -> list[Merchant]:
        """Return the merchants with these ids, or all, by id; their accounts by platform and label.

        From here on the log masks their secrets.
        """
        found = opened(self._tx, ids)
        for merchant in found:
            hide(*merchant.secrets())
        return found

    def payees(self) -> dict[str, Payee]:
        """Return where the refunds of each merchant go, by id. From here on the log masks the account numbers."""
        found = payees(self._tx)
        hide(*(payee.account for payee in found.values()))
        return found

    def registered(self, of: Collection[str] | None = None) -> list[Registered]:
        """All merchants, or these, by id; nothing of them is opened."""
        row = AccountRow
        accounts = select(row.merchant_id, row.platform, row.label, row.shop, row.state)
        merchants = select(MerchantRow.id, MerchantRow.name, MerchantRow.edition).order_by(MerchantRow.id)
        if of is not None:
            accounts, merchants = (
                accounts.where(AccountRow.merchant_id.in_(of)),
                merchants.where(MerchantRow.id.in_(of)),
            )
        rows, shops = self._tx.session.execute(merchants).all(), defaultdict[str, dict[AccountKey, str | None]](dict)
        removed = defaultdict[str, set[AccountKey]](set)
        for merchant, platform, label, shop, state in sorted(
            self._tx.session.execute(accounts).all(), key=lambda row: row[:3]
        ):
            shops[merchant][key := AccountKey(merchant, platform, label)] = shop
            if state == Registration.REMOVED:
                removed[merchant].add(key)
        return [
            Registered(id_, name, Edition(edition), shops[id_], frozenset(removed[id_])) for id_, name, edition in rows
        ]

    def ids(self, *, removed: bool = False) -> list[str]:
        """Those of all merchants, in order; with `removed` also of those that were."""
        query = select(MerchantRow.id).order_by(MerchantRow.id)
        return list(self._tx.session.scalars(query if removed else query.where(_IS_KEPT)))

    def save(self, merchants: Iterable[Merchant]) -> ImportCounts:
        """Add or update. What is not mentioned (a payee, a shop, a log-in, accounts) stays as it was.

        Log-ins that were refused are tried again: an operator has said anew what they are.
        """
        told = [*merchants]
        for merchant in told:
            LogIns(self._tx).forget(merchant.id)
        return self._put_all(told)

    def _put_all(self, merchants: Iterable[Merchant]) -> ImportCounts:
        counts: Counter[str] = Counter()
        for merchant in merchants:
            row = self._tx.session.get(MerchantRow, merchant.id)
            counts[f"merchants_{_verdict(row)}"] += (anew := _put_merchant(self._tx, row, merchant))
            if anew:
                Schedule(self._tx).at_once(merchant.id)
            for account in merchant.accounts:
                found = self._tx.session.get(AccountRow, astuple(account.key))
                changed = _put_account(self._tx, found, account)
                counts[f"accounts_{_verdict(found)}"] += changed or found is None
                self._tx.session.flush()
                if found is None:
                    Schedule(self._tx).add(account.key)
                elif changed:
                    Schedule(self._tx).at_once(account.key)
            self._tx.session.flush()
        return ImportCounts(**counts)

    def change(self, merchant: Merchant, of: AccountKey | str, cleared: Collection[str]) -> None:
        """Save a merchant of which single fields were changed, and forget those that are `cleared`, of it or `of`.

        Log-ins that were refused stay so: whoever says anew what one is, forgets that.
        """
        self._put_all([merchant])
        row: Base | None
        session = self._tx.session
        row = session.get(MerchantRow, of) if isinstance(of, str) else session.get(AccountRow, astuple(of))
        for name in cleared:
            setattr(row, _CLEARED.get(name, "totp" if name == "totp_secret" else name), None)

    def name_shop(self, account: AccountKey, shop: str) -> None:
        """Register which shop an account opens; nothing else of it changes."""
        row = self._tx.session.get_one(AccountRow, astuple(account))
        row.shop = shop


def any_id(session: Session) -> str | None:
    """The id of some merchant, whose secrets are sealed, or None if there is none; a removed one if all are."""
    return session.scalar(select(MerchantRow.id).order_by(MerchantRow.state == Registration.REMOVED.value).limit(1))


def _verdict(row: Base | None) -> str:
    return "added" if row is None else "updated"


def _put_merchant(tx: Transaction, row: MerchantRow | None, merchant: Merchant) -> bool:
    values: dict[str, str | None] = {
        "name": merchant.name,
        "edition": merchant.edition.value,
        "backoffice_username": merchant.backoffice.username,
    }
    secrets = {"backoffice_password": (backoffice_purpose(merchant.id), merchant.backoffice.password)}
    if merchant.file_as is not None:
        values["file_as"] = merchant.file_as
    if merchant.payee is not None:
        values |= {"payee_bank": merchant.payee.bank, "payee_holder": merchant.payee.holder}
        secrets["payee_account"] = (payee_purpose(merchant.id), merchant.payee.account)
    if row is None:
        row = MerchantRow(id=merchant.id)
        tx.session.add(row)
    elif row.state == Registration.REMOVED:
        row.state = Registration.ACTIVE.value
    return _put(tx, row, values, secrets)


def _put_account(tx: Transaction, row: AccountRow | None, account: Account) -> bool:
    values: dict[str, str | None] = {}
    secrets = {}
    if account.shop is not None:
        values["shop"] = account.shop
    if account.login is not None:
        values["username"] = account.login.username
        secrets["password"] = (purpose(PASSWORD, account.key), account.login.password)
        if account.login.totp is not None:
            secrets["totp"] = (purpose(TOTP, account.key), account.login.totp)
    if row is None:
        row = AccountRow(**AccountRow.columns(account.key))
        tx.session.add(row)
    elif row.state == Registration.REMOVED:
        row.state = Registration.ACTIVE.value
    return _put(tx, row, values, secrets)


def _put(tx: Transaction, row: Base, values: dict[str, str | None], secrets: dict[str, tuple[str, SecretStr]]) -> bool:
    """Set what differs and say whether anything did. An unchanged secret keeps its token."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, (meant, secret) in secrets.items():
        token = getattr(row, name)
        if token is None or tx.vault.open(meant, token) != secret:
            changed[name] = tx.vault.seal(meant, secret)
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)
