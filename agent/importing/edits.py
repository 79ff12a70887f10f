"""Single fields of a merchant or an account changed, with the same checks as those of a file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from agent.domain.merchant_changes import Value, account_fields, merchant_fields
from agent.domain.merchants import Account, Merchant
from agent.domain.text import Text
from agent.importing.merchants import account_of, merchant_of
from agent.importing.records import ACCOUNT, BACKOFFICE, MERCHANT, SECRETS, Checklist, Entry, Record
from agent.settings.problems import Problem, instead_of, usage_error

_MAY_BE_EMPTY = {"shop", "totp_secret", "file_as"}
_FIXED = {"id", "platform", "label"}
_LOGIN = {"username", "password", "totp_secret", *BACKOFFICE}


@dataclass(frozen=True, slots=True)
class Edit:
    """Fields with their new values; an empty one forgets the field. `of` is the merchant or account in words."""

    of: str
    values: Mapping[str, str]

    @property
    def cleared(self) -> frozenset[str]:
        """The fields that are to be forgotten."""
        return frozenset(name for name, value in self.values.items() if not value and name in _MAY_BE_EMPTY)

    @property
    def tells_login(self) -> bool:
        """True if it says anew, or once more, what a log-in is."""
        return not self.values.keys().isdisjoint(_LOGIN)


def fields_to_edit(words: Collection[str], *, account: bool) -> list[tuple[str, str]]:
    """The fields and values of `FIELD=VALUE`. Raise UsageError for a field that there is not, or a secret given so.

    A secret is written as `FIELD=-`: what stands in a command line stays in the shell's history.
    """
    names = [name for name in (ACCOUNT if account else MERCHANT) if name not in _FIXED]
    found = []
    for word in words:
        name, joint, value = word.partition("=")
        if name not in names:
            told = Text(f"“{name}” is not a field that can be changed", f"“{name}”不是可修改的字段")
            raise usage_error([Problem("FIELD=VALUE", told, instead_of(name, names))])
        if not joint:
            cure = Text(f"Write {name}=VALUE.", f"请写成 {name}=值。")
            raise usage_error([Problem(name, Text("has no value", "没有给出值"), cure)])
        if name in SECRETS and value not in ("", "-"):
            cure = Text(
                f"Write {name}=- and give it when it is asked for, or on standard input.",
                f"请写成 {name}=-，再按提示输入，或由标准输入提供。",
            )
            told = Text("must not stand in a command line, which the shell keeps", "不能写在命令行中，命令历史会保留它")
            raise usage_error([Problem(name, told, cure)])
        found.append((name, value))
    return found


def edited_merchant(merchant: Merchant, edit: Edit) -> Merchant:
    """The merchant without its accounts, with other values. Raise UsageError for one that no file may have."""
    checks = Checklist(Path(edit.of))
    record = Record("", {"id": merchant.id, **_merged(merchant_fields(merchant), edit)})
    found = merchant_of(Entry(record, []), checks, {})
    if checks.problems:
        raise usage_error(checks.problems)
    return found


def edited_account(merchant: Merchant, account: Account, edit: Edit, known: Mapping[str, str]) -> Merchant:
    """The merchant with that account alone, which has other values. Raise UsageError for one that no file may have."""
    checks = Checklist(Path(edit.of))
    key = account.key
    own = {"platform": key.platform, **({"label": key.label} if key.label else {})}
    record = Record("", {**own, **_merged(account_fields(account), edit)})
    found = account_of(record, merchant.id, checks, known, [] if account.login else [key.platform])
    if checks.problems:
        raise usage_error(checks.problems)
    return replace(merchant, accounts=(found,))


def _merged(known: Mapping[str, Value], edit: Edit) -> dict[str, str]:
    values = {name: _revealed(value) for name, value in known.items() if value is not None} | dict(edit.values)
    return {name: value for name, value in values.items() if name not in edit.cleared}


def _revealed(value: Value) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value or ""
