"""Merchants written to a file that imports again: without secrets, which the ledger keeps."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from agent.domain.errors import UsageError
from agent.domain.merchant_changes import account_fields, merchant_fields
from agent.domain.merchants import Merchant
from agent.domain.text import Text
from agent.files import write_whole
from agent.importing.records import ACCOUNT, FIELDS, MERCHANT, SECRETS
from agent.settings.problems import Problem, usage_error

COLUMNS = tuple(name for name in FIELDS if name not in SECRETS)
_TABLES = ("backoffice", "payee")
Line = Mapping[str, str]


def write_merchants(path: Path, merchants: Sequence[Merchant]) -> None:
    """Write them as `.toml`, `.csv` or `.xlsx`. Raise UsageError for another kind, or a file that cannot be written."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise _cannot(path, Text("is of no known kind", "文件类型未知"))
    try:
        write_whole(path, lambda beside: writer(beside, merchants))
    except OSError as error:
        raise _cannot(path, Text(f"cannot be written ({error.strerror})", f"无法写入（{error.strerror}）")) from error


def _cannot(path: Path, reason: Text) -> UsageError:
    cure = Text("Name a .toml, .csv or .xlsx file.", "请指定 .toml、.csv 或 .xlsx 文件。")
    return usage_error([Problem(str(path), reason, cure)])


def _own(merchant: Merchant) -> Line:
    values = {"id": merchant.id, **merchant_fields(merchant)}
    return {name: value for name in MERCHANT if name in COLUMNS and isinstance(value := values.get(name), str)}


def _accounts(merchant: Merchant) -> list[Line]:
    found = list[Line]()
    for account in merchant.accounts:
        values = {"platform": account.key.platform, "label": account.key.label or None, **account_fields(account)}
        found.append({n: value for n in ACCOUNT if n in COLUMNS and isinstance(value := values.get(n), str)})
    return found


def _lines(merchants: Iterable[Merchant]) -> list[Line]:
    return [{**_own(merchant), **account} for merchant in merchants for account in _accounts(merchant) or [{}]]


def _csv(path: Path, merchants: Sequence[Merchant]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # spreadsheets take it for GBK without the mark
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(_lines(merchants))


def _xlsx(path: Path, merchants: Sequence[Merchant]) -> None:
    with path.open("wb") as file, xlsxwriter.Workbook(file) as book:
        page, text = book.add_worksheet("merchants"), book.add_format({"num_format": "@"})
        page.set_column(0, len(COLUMNS) - 1, 20, text)
        for column, name in enumerate(COLUMNS):
            page.write_string(0, column, name)
            for row, line in enumerate(_lines(merchants), start=1):
                page.write_string(row, column, line.get(name, ""))


def _toml(path: Path, merchants: Sequence[Merchant]) -> None:
    path.write_text("\n".join(_table(merchant) for merchant in merchants), encoding="utf-8")


def _table(merchant: Merchant) -> str:
    own, lines = _own(merchant), ["[[merchants]]"]
    lines += [_pair(name, value) for name, value in own.items() if "." not in name]
    for table in _TABLES:
        inner = {name.partition(".")[2]: value for name, value in own.items() if name.startswith(f"{table}.")}
        lines += [f"[merchants.{table}]", *(_pair(name, value) for name, value in inner.items())] if inner else []
    for account in _accounts(merchant):
        lines += ["[[merchants.accounts]]", *(_pair(name, value) for name, value in account.items())]
    return "\n".join([*lines, ""])


def _pair(name: str, value: str) -> str:
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"


_WRITERS: dict[str, Callable[[Path, Sequence[Merchant]], None]] = {".toml": _toml, ".csv": _csv, ".xlsx": _xlsx}
