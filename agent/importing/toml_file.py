"""Merchants from TOML: `[[merchants]]` with tables `backoffice` and `payee` and an array `accounts`."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from agent.domain.text import Text
from agent.importing.records import Checklist, Entry, Record
from agent.settings.problems import Problem, instead_of, usage_error

_TABLES = ("backoffice", "payee")
_TABLE = (
    Text("is not a table", "不是一个表"),
    Text("Write it as in the README's example.", "请按 README 中的示例书写。"),
)
_LIST = Text("is not a list of tables", "不是表的数组"), Text("Head each one with [[…]].", "每一项请以 [[…]] 开头。")


def read_toml(path: Path, checks: Checklist) -> list[Entry]:
    """The entries of the file at `path`; what has a wrong shape is noted. Raise UsageError if it is no TOML."""
    try:
        tree = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        reason = Text(f"is not valid TOML: {error}", f"不是有效的 TOML：{error}")
        cure = Text("Correct that line; text stands in quotes.", "请更正该行；文本要加引号。")
        raise usage_error([Problem(str(path), reason, cure)]) from None
    except UnicodeDecodeError as error:
        told = Text("is not UTF-8", "不是 UTF-8 编码"), Text("Save it as UTF-8.", "请另存为 UTF-8 编码。")
        raise usage_error([Problem(str(path), *told)]) from error
    for name in tree.keys() - {"merchants"}:
        reason = Text("is not a known field", "不是已知字段")
        checks.problems.append(Problem(f"{path}: {name}", reason, instead_of(name, ["merchants"])))
    top = Record("", tree)
    return [_entry(m, checks) for m in _tables(top, "merchants", checks)]


def _entry(merchant: Record, checks: Checklist) -> Entry:
    accounts = list(_tables(merchant, "accounts", checks))
    return Entry(Record(merchant.place, _flat(merchant, checks)), accounts)


def _tables(record: Record, name: str, checks: Checklist) -> Iterator[Record]:
    written = record.values.get(name, [])
    if not isinstance(written, list):
        checks.add(record, name, *_LIST)
        return
    for index, table in enumerate(written):
        place = f"{record.place}.{name}[{index}]".lstrip(".")
        if isinstance(table, dict):
            yield Record(place, table)
        else:
            checks.add(record, f"{name}[{index}]", *_TABLE)


def _flat(merchant: Record, checks: Checklist) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in merchant.values.items():
        if name in _TABLES and isinstance(value, dict):
            flat |= {f"{name}.{key}": inner for key, inner in value.items()}
        elif name in _TABLES:
            checks.add(merchant, name, *_TABLE)
        elif name != "accounts":
            flat[name] = value
    return flat
