"""What an import changes: merchants and accounts that are new, and fields that get another value, by name alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from agent.domain.merchants import Account, Credentials, Merchant, Payee

Value = str | SecretStr | None


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a merchant or an account. `fields` are the names of those that change, empty if none does."""

    name: str
    new: bool
    fields: tuple[str, ...] = ()


def changes(known: Mapping[str, Merchant], wanted: Iterable[Merchant]) -> list[Change]:
    """What saving the `wanted` merchants does to the `known` ones, which are given by id."""
    return [change for merchant in wanted for change in _changes(known.get(merchant.id), merchant)]


def _changes(known: Merchant | None, wanted: Merchant) -> Iterator[Change]:
    before = {} if known is None else merchant_fields(known)
    yield Change(wanted.id, known is None, _differing(before, merchant_fields(wanted)))
    accounts = {} if known is None else {a.key: a for a in known.accounts}
    for account in wanted.accounts:
        old = accounts.get(account.key)
        yield Change(
            str(account.key),
            old is None,
            _differing({} if old is None else account_fields(old), account_fields(account)),
        )


def replaced(known: Mapping[str, Merchant], wanted: Iterable[Merchant]) -> list[Account]:
    """The known accounts that would get another user without a word: of an account without a label nobody can tell
    whether it is a second shop.
    """
    found = []
    for merchant in wanted:
        old = {a.key: a for a in known[merchant.id].accounts} if merchant.id in known else {}
        for account in merchant.accounts:
            before = old.get(account.key)
            if before is None or before.login is None or account.login is None or account.key.label:
                continue
            if before.login.username != account.login.username:
                found.append(before)
    return found


def new_payees(known: Mapping[str, Merchant], wanted: Iterable[Merchant]) -> Iterator[tuple[str, Payee, Payee]]:
    """Yield each known merchant whose payee would be another one: its id, the payee as it is, and as it will be."""
    for merchant in wanted:
        before = known[merchant.id].payee if merchant.id in known else None
        if before is not None and merchant.payee is not None and before != merchant.payee:
            yield merchant.id, before, merchant.payee


def _differing(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[str, ...]:
    """What is left out of a file stays as it was."""
    return tuple(name for name, value in after.items() if value is not None and before.get(name) != value)


def merchant_fields(merchant: Merchant) -> dict[str, Value]:
    """A merchant's own fields by the names that files call them."""
    payee = merchant.payee
    return {
        "name": merchant.name,
        "edition": merchant.edition.value,
        **{f"backoffice.{name}": value for name, value in _login(merchant.backoffice).items() if name != "totp_secret"},
        "payee.bank": payee.bank if payee else None,
        "payee.holder": payee.holder if payee else None,
        "payee.account": payee.account if payee else None,
        "file_as": merchant.file_as,
    }


def account_fields(account: Account) -> dict[str, Value]:
    """An account's fields by the names that files call them."""
    return {**_login(account.login), "shop": account.shop}


def _login(login: Credentials | None) -> dict[str, Value]:
    if login is None:
        return {"username": None, "password": None, "totp_secret": None}
    return {"username": login.username, "password": login.password, "totp_secret": login.totp}
