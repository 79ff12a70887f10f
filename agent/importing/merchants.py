"""Turns a merchants file into merchants, or into one error that lists all that is wrong with it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from agent.domain.accounts import AccountKey, is_label
from agent.domain.errors import UsageError
from agent.domain.merchant_changes import Value, account_fields, merchant_fields
from agent.domain.merchants import Account, Credentials, Edition, Merchant, Payee
from agent.domain.text import Text
from agent.importing.choices import EDITIONS, edition_of, platform_of
from agent.importing.payees import check_payee
from agent.importing.records import ACCOUNT, MERCHANT, PAYEE, Checklist, Entry, Record
from agent.importing.sheets import entries_of_csv, entries_of_workbook
from agent.importing.toml_file import read_toml
from agent.settings.problems import Problem, instead_of, usage_error

_READERS: dict[str, Callable[[Path, Checklist], list[Entry]]] = {
    ".toml": read_toml,
    ".csv": entries_of_csv,
    ".xlsx": entries_of_workbook,
    ".xls": entries_of_workbook,
}
# It becomes part of file names.
_ID_MAX = 64
_BASE32 = re.compile(r"[A-Z2-7]{8,128}")


Kept = Callable[[Collection[str]], list[Merchant]]


@dataclass(frozen=True, slots=True)
class MerchantsFile:
    """What a merchants file holds, and what is to be told of it although nothing is wrong."""

    merchants: list[Merchant]
    notes: list[Text]


def read_merchants(
    path: Path, known: Mapping[str, str], gone: Collection[str] = (), kept: Kept = lambda _: []
) -> MerchantsFile:
    """The merchants of a `.toml`, `.csv`, `.xlsx` or `.xls` file.

    `known` are the titles of the platforms by id. Accounts on those that are `gone` need no user name and password:
    nobody can log in there any more. `kept` gives the registered merchants with these ids: a secret that the file
    leaves out stays as it is, if the user name is the same. Raise UsageError, which lists every problem with its place,
    reason and cure, and no secret.
    """
    checks = Checklist(path)
    entries = _read(path, checks)
    if not entries and not checks.problems:
        told = Text("holds no merchant", "没有任何商家"), Text("See the README's example.", "请参考 README 中的示例。")
        checks.problems.append(Problem(str(path), *told))
    entries = _with_kept(entries, known, kept)
    merchants = [merchant_of(entry, checks, known, gone) for entry in entries]
    _unique(checks, [entry.merchant for entry in entries], "id", [m.id for m in merchants])
    if checks.problems:
        raise usage_error(checks.problems)
    return MerchantsFile(merchants, checks.notes)


def _read(path: Path, checks: Checklist) -> list[Entry]:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        cure = Text("Use .toml, .csv, .xlsx or .xls.", "请使用 .toml、.csv、.xlsx 或 .xls。")
        raise usage_error([Problem(str(path), Text("is of no known kind", "文件类型未知"), cure)])
    try:
        return reader(path, checks)
    except OSError as error:
        raise _cannot_open(path, error) from error


def _with_kept(entries: list[Entry], platforms: Mapping[str, str], kept: Kept) -> list[Entry]:
    """The entries with the secrets that they leave out and the ledger keeps; `platforms` are titles, by id."""
    lacking = [
        name for entry in entries if _lacks_secrets(entry) and isinstance(name := entry.merchant.values.get("id"), str)
    ]
    known = {merchant.id: merchant for merchant in kept(lacking)} if lacking else {}
    return [_filled_in(entry, platforms, known.get(str(entry.merchant.values.get("id")))) for entry in entries]


def _lacks_secrets(entry: Entry) -> bool:
    merchant, payee = entry.merchant.values, "payee.holder" in entry.merchant.values
    accounts = any("password" not in account.values for account in entry.accounts)
    return "backoffice.password" not in merchant or (payee and "payee.account" not in merchant) or accounts


def _filled_in(entry: Entry, platforms: Mapping[str, str], kept: Merchant | None) -> Entry:
    if kept is None:
        return entry
    known = merchant_fields(kept)
    merchant = _completed(entry.merchant, known, "backoffice.password", ("backoffice.username",))
    merchant = _completed(merchant, known, "payee.account", ("payee.bank", "payee.holder"))
    by_name = {account.key.local: account_fields(account) for account in kept.accounts}
    accounts = [
        _completed(record, by_name.get(_local(record, platforms), {}), "password", ("username",))
        for record in entry.accounts
    ]
    return Entry(merchant, accounts)


def _local(record: Record, platforms: Mapping[str, str]) -> str:
    label, text = record.values.get("label"), str(record.values.get("platform"))
    platform = platform_of(text, platforms) or text
    return f"{platform}/{label}" if label else platform


def _completed(record: Record, known: Mapping[str, Value], secret: str, same: Collection[str]) -> Record:
    """The record with a secret that is known, if what it belongs to is the same."""
    value = known.get(secret)
    if secret in record.values or not isinstance(value, SecretStr):
        return record
    if not all(name in record.values and record.values[name] == known.get(name) for name in same):
        return record
    return Record(record.place, {**record.values, secret: value.get_secret_value()}, record.cells)


def merchant_of(entry: Entry, checks: Checklist, known: Mapping[str, str], gone: Collection[str] = ()) -> Merchant:
    """The merchant of an entry; what is wrong with it is noted."""
    record = entry.merchant
    checks.fields(record, MERCHANT)
    merchant = Merchant(
        id=_id(checks, record),
        name=checks.required(record, "name"),
        edition=_edition(checks, record),
        backoffice=_credentials(checks, record, "backoffice."),
        payee=_payee(checks, record),
        accounts=(),
        file_as=checks.optional(record, "file_as"),
    )
    accounts = tuple(account_of(account, merchant.id, checks, known, gone) for account in entry.accounts)
    # What is no platform has been told already, and may be anything.
    named = [a.key.local if a.key.platform in known else "" for a in accounts]
    _unique(checks, entry.accounts, "platform", named, _LABEL)
    return replace(merchant, accounts=accounts)


def account_of(
    record: Record, merchant: str, checks: Checklist, known: Mapping[str, str], gone: Collection[str]
) -> Account:
    """The account of a record; what is wrong with it is noted."""
    checks.fields(record, ACCOUNT)
    platform = _platform(checks, record, known)
    needs_login = platform not in gone or any(name in record.values for name in ("username", "password"))
    login = _credentials(checks, record, "") if needs_login else None
    if login is not None:
        login = replace(login, totp=_totp(checks, record))
    return Account(AccountKey(merchant, platform, _label(checks, record)), login, checks.optional(record, "shop"))


def _platform(checks: Checklist, record: Record, known: Mapping[str, str]) -> str:
    text = checks.required(record, "platform")
    platform = platform_of(text, known) if text else ""
    if platform is None:
        near, every = instead_of(text, known), ", ".join(sorted(known))
        cure = near if every in near.en else Text(f"{near.en} Known are: {every}.", f"{near.zh}可用的有：{every}。")
        reason = Text("is not a known platform", "不是已知平台")
        checks.bad_value(record, "platform", text, known=known, reason=reason, cure=cure)
    return platform or text


def _credentials(checks: Checklist, record: Record, prefix: str) -> Credentials:
    username = checks.required(record, f"{prefix}username")
    return Credentials(username, SecretStr(checks.required(record, f"{prefix}password")))


def _totp(checks: Checklist, record: Record) -> SecretStr | None:
    """The secret that an authenticator is set up with: base32, as the site shows it."""
    text = checks.optional(record, "totp_secret")
    if text is None:
        return None
    secret = text.replace(" ", "").replace("-", "").upper().rstrip("=")
    if not _BASE32.fullmatch(secret):
        cure = Text("Copy it from the site's set-up page.", "请从网站的动态口令设置页面复制。")
        reason = Text("is no secret of an authenticator (base32)", "不是有效的动态口令密钥（base32）")
        checks.add(record, "totp_secret", reason, cure)
    return SecretStr(secret)


def _payee(checks: Checklist, record: Record) -> Payee | None:
    if not any(name in record.values for name in PAYEE):
        return None
    bank, holder, account = check_payee(checks, record)
    return Payee(bank, holder, SecretStr(account))


def _label(checks: Checklist, record: Record) -> str:
    """What tells several accounts on one platform apart; empty for the only one."""
    label = checks.optional(record, "label") or ""
    if label and not is_label(label):
        cure = Text("Use letters, digits and -, 32 at most.", "请使用字母、数字和 -，最多 32 个字符。")
        checks.bad_value(record, "label", label, known=(), reason=Text("cannot be a label", "不能用作标签"), cure=cure)
    return label


def _id(checks: Checklist, record: Record) -> str:
    name = checks.required(record, "id")
    usable = name.replace("-", "").replace("_", "").replace(".", "").isalnum() and name[0].isalnum()
    if name and not (usable and len(name) <= _ID_MAX):
        cure = Text("Use letters, digits, - and _, 64 at most.", "请使用字母、数字、- 和 _，最多 64 个字符。")
        checks.bad_value(record, "id", name, known=(), reason=Text("cannot be an id", "不能用作 id"), cure=cure)
    return name


def _edition(checks: Checklist, record: Record) -> Edition:
    text = checks.required(record, "edition")
    edition = edition_of(text)
    if text and edition is None:
        reason, cure = (
            Text("is not an edition", "不是有效的版本"),
            instead_of(text, list(Edition) if text.isascii() else EDITIONS.values()),
        )
        checks.bad_value(record, "edition", text, known=list(Edition), reason=reason, cure=cure)
    return edition or Edition.CLOUD


_ONE = Text("Keep one of them.", "请只保留一个。")
_LABEL = Text(
    "Keep one of them; if they are two shops, give one of them a `label`, such as second.",
    "请只保留一个；若是两家店铺，请给其中一个填写 label（账号标签），例如 second。",
)


def _unique(checks: Checklist, records: Sequence[Record], name: str, values: Sequence[str], cure: Text = _ONE) -> None:
    for index, (record, value) in enumerate(zip(records, values, strict=True)):
        if value and value in values[:index]:
            first = records[values.index(value)].place
            checks.add(
                record, name, Text(f"“{value}” is there twice, also in {first}", f"“{value}”重复，另见 {first}"), cure
            )


def _cannot_open(path: Path, error: OSError) -> UsageError:
    reason = Text(f"cannot be read ({error.strerror})", f"无法读取（{error.strerror}）")
    return usage_error([Problem(str(path), reason, Text("Check its name and its rights.", "请检查文件名和权限。"))])
