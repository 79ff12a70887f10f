"""Merchants from CSV and Excel: one row an account, its merchant's fields repeated or left blank in further rows."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import python_calamine

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.importing.records import ACCOUNT, MERCHANT, Checklist, Entry, Record, Unusable
from agent.problems import Problem, instead_of, is_slip, usage_error

Row = tuple[int, Sequence[object]]

_COLUMNS = {spelling: name for name in (*MERCHANT, *ACCOUNT) for spelling in (name, name.replace(".", "_"))}
_NAMES = frozenset((*MERCHANT, *ACCOUNT))
_NO_HEADINGS = (
    Text("holds no headings", "没有列标题"),
    Text(
        f"The first row names the columns: {', '.join((*MERCHANT, *ACCOUNT))}.",
        f"首行须为列名：{'、'.join((*MERCHANT, *ACCOUNT))}。",
    ),
)
_AS_TEXT = Text("Format the column as text and type the value again.", "请将该列设为文本格式后重新输入。")
_LOSSY = Unusable(
    Text("is stored as a number, which may have changed its digits", "以数字形式存储，数字可能已被改变"), _AS_TEXT
)
_NO_TEXT = Unusable(Text("is not text", "不是文本"), _AS_TEXT)


def read_csv(path: Path, checks: Checklist) -> list[Entry]:
    """The entries of a CSV file in UTF-8 or GB18030. Raises UsageError where it is neither, or no CSV."""
    text = _decoded(path)
    first = text.lstrip().partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=max(",;\t", key=first.count))
    try:
        return _entries([(lines.line_num, row) for row in lines], checks)
    except csv.Error as error:
        raise _unreadable(path, f"line {lines.line_num}: {error}") from None


def read_xlsx(path: Path, checks: Checklist) -> list[Entry]:
    """The entries of a workbook's first sheet. Raises UsageError where it is no workbook."""
    try:
        with python_calamine.load_workbook(path) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise _unreadable(path, str(error)) from None
    return _entries(enumerate(rows, start=1), checks)


def _entries(rows: Iterable[Row], checks: Checklist) -> list[Entry]:
    filled = [(number, row) for number, row in rows if any(str(cell).strip() for cell in row)]
    if not filled:
        return []
    columns = _columns(filled[0], checks)
    return list(_by_merchant([_record(row, columns, checks) for row in filled[1:]], checks))


def _columns(header: Row, checks: Checklist) -> list[str]:
    """The names of the columns, an unknown one as it is spelt. Raises UsageError where the row is none of headings.

    Such a row holds values, so what stands in it is named only where it is a slip for a heading.
    """
    number, cells = header
    spelt = [str(cell).strip().lower() for cell in cells]
    names = [_COLUMNS.get(spelling, spelling) for spelling in spelt]
    head = Record(f"row {number}", {})
    if not any(is_slip(name, _NAMES) for name in names):
        raise usage_error([Problem(f"{checks.path}: {head.place}", *_NO_HEADINGS)])
    for column, name in enumerate(names, start=1):
        if name and name not in _NAMES:
            place = name if is_slip(name, _NAMES) else f"column {column}"
            checks.add(head, place, Text("is not a known field", "不是已知字段"), instead_of(name, _NAMES))
    for name in {n for n in names if n in _NAMES and names.count(n) > 1}:
        checks.add(head, name, Text("is there twice", "重复出现"), Text("Keep one of the columns.", "请只保留一列。"))
    return names


def _record(row: Row, columns: Sequence[str], checks: Checklist) -> Record:
    number, cells = row
    record = Record(
        f"row {number}", {n: v for n, c in zip(columns, cells, strict=False) if n and (v := _value(c)) != ""}
    )
    if any(str(cell).strip() for cell in cells[len(columns) :]):
        reason = Text("has more cells than there are columns", "的单元格多于列数")
        checks.add(record, "-", reason, Text("Put text that holds a comma in quotes.", "含逗号的文本请加引号。"))
    return record


def _value(cell: object) -> object:
    if isinstance(cell, str):
        return cell if cell.strip() else ""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return _NO_TEXT
    # A float holds 15 decimal digits for certain.
    return str(int(cell)) if float(cell).is_integer() and 0 <= cell < 10**15 else _LOSSY


def _by_merchant(records: Sequence[Record], checks: Checklist) -> Iterator[Entry]:
    groups: dict[object, list[Record]] = {}
    for record in records:
        name = record.values.get("id")
        groups.setdefault(name.strip() if isinstance(name, str) else record.place, []).append(record)
    for rows in groups.values():
        yield Entry(_merged(rows, checks), [Record(r.place, _only(r, ACCOUNT)) for r in rows])


def _merged(rows: Sequence[Record], checks: Checklist) -> Record:
    merged: dict[str, object] = {}
    for row in rows:
        for name, value in _only(row, MERCHANT).items():
            if merged.setdefault(name, value) != value and name != "id":
                reason = Text(f"differs from {rows[0].place}", f"与 {rows[0].place} 不一致")
                cure = Text("Rows of one merchant must agree.", "同一商家的各行必须一致。")
                checks.add(row, name, reason, cure)
    return Record(rows[0].place, merged)


def _only(record: Record, names: Iterable[str]) -> dict[str, object]:
    return {name: record.values[name] for name in names if name in record.values}


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    if not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise _unreadable(path, "neither UTF-8 nor GB18030")


def _unreadable(path: Path, said: str) -> UsageError:
    cure = Text(
        "Save it again as “CSV UTF-8” or as .xlsx, without a password.", "请重新另存为“CSV UTF-8”或不加密的 .xlsx。"
    )
    return usage_error([Problem(str(path), Text(f"cannot be read ({said})", f"无法读取（{said}）"), cure)])
