"""The sheets of a bank's statement, whatever kind of file it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.importing.csv_file import read_csv
from agent.importing.records import unreadable
from agent.importing.statement_cells import RawCell
from agent.settings.problems import Problem, usage_error

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BROKEN = (CalamineError, PasswordError, ValueError, IndexError)


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """One sheet: each row with its number as the file shows it. A CSV file is one sheet without a name."""

    name: str
    rows: Sequence[tuple[int, Sequence[RawCell]]]


def read_sheets(path: Path) -> list[StatementSheet]:
    """Return all sheets of a `.csv`, `.xls` or `.xlsx` file. Raise UsageError if it cannot be read.

    What the file is, its content says: many banks give text in columns the name of a workbook.
    """
    if path.suffix.lower() not in (".csv", ".xls", ".xlsx", ".txt"):
        raise _unknown_kind(path)
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start in _WORKBOOKS:
            return _sheets(path)
        if start.lstrip().startswith(b"<"):
            raise unreadable(path, "it is a web page")
        return [StatementSheet("", [(number, [str(c) for c in cells]) for number, cells in read_csv(path)])]
    except OSError as error:
        reason = Text(f"cannot be read ({error.strerror})", f"无法读取（{error.strerror}）")
        cure = Text("Check its name and its rights.", "请检查文件名和权限。")
        raise usage_error([Problem(str(path), reason, cure)]) from error


def _sheets(path: Path) -> list[StatementSheet]:
    try:
        with CalamineWorkbook.from_path(path) as book:
            return [_sheet(book, name) for name in book.sheet_names]
    except _BROKEN as error:
        raise unreadable(path, str(error)) from None


def _sheet(book: CalamineWorkbook, name: str) -> StatementSheet:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return StatementSheet(name, [(number, [_plain(c) for c in cells]) for number, cells in enumerate(rows, start=1)])


def _plain(cell: object) -> RawCell:
    return cell if isinstance(cell, str | float | int | bool | date) else str(cell)


def _unknown_kind(path: Path) -> UsageError:
    cure = Text("Use .csv, .xls or .xlsx as the bank exports it.", "请使用银行导出的 .csv、.xls 或 .xlsx 文件。")
    return usage_error([Problem(str(path), Text("is of no known kind", "文件类型未知"), cure)])
