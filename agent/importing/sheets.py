"""Merchants from CSV and Excel: one row an account, its merchant's fields repeated or left blank in further rows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.importing.csv_file import read_csv
from agent.importing.records import (
    ACCOUNT,
    MERCHANT,
    SECRETS,
    SHORTENED,
    VERBATIM,
    Cell,
    Checklist,
    Entry,
    Numeric,
    Record,
    Row,
    Unusable,
    is_shortened,
)
from agent.importing.workbook import Sheet, column_name, read_xlsx
from agent.settings.problems import Problem, instead_of, is_slip, usage_error

_COLUMNS = {spelling: name for name in (*MERCHANT, *ACCOUNT) for spelling in (name, name.replace(".", "_"))}
_NAMES = frozenset((*MERCHANT, *ACCOUNT))
# A title and notes may stand above the headings.
_HIGHEST_ROWS = 20
_NO_HEADINGS = (
    Text("holds no headings", "没有列标题"),
    Text(
        f"One row names the columns: {', '.join((*MERCHANT, *ACCOUNT))}.",
        f"须有一行列名：{'、'.join((*MERCHANT, *ACCOUNT))}。",
    ),
)
_SHOW = Text("Show it, or delete it.", "请取消隐藏，或将其删除。")
_NUMBER = Unusable(
    Text("is stored as a number, which may have lost its leading zeros", "以数字形式存储，开头的 0 可能已丢失"),
    Text("Format the column as text and type the value again.", "请将该列设为文本格式后重新输入。"),
)
# '00123 is typed so that a spreadsheet keeps the digits; some programs write it into the file.
_APOSTROPHE = re.compile(r"\s*'([0-9][0-9 -]*)\s*")


def entries_of_csv(path: Path, checks: Checklist) -> list[Entry]:
    """The entries of a CSV file. Raise UsageError if it cannot be read."""
    return _entries(_filled(read_csv(path)), checks)


def entries_of_xlsx(path: Path, checks: Checklist) -> list[Entry]:
    """The entries of the only visible sheet with headings. Raise UsageError if it is not the only one."""
    sheets = [sheet for sheet in read_xlsx(path) if _filled(sheet.rows)]
    headed = [sheet for sheet in sheets if _head(_filled(sheet.rows)) is not None]
    if len(headed) > 1:
        raise _several(path, headed)
    if not sheets:
        return []
    sheet = (headed or sheets)[0]
    _check_seen(sheet, checks)
    return _entries(_filled(sheet.rows), checks)


def _several(path: Path, sheets: Sequence[Sheet]) -> UsageError:
    titles = ", ".join(f"“{sheet.title}”" for sheet in sheets)
    reason = Text(f"holds merchants in several sheets ({titles})", f"有多个工作表含商家（{titles}）")
    cure = Text("Keep one of them visible, or import them one by one.", "请只保留一个可见工作表，或分别导入。")
    return usage_error([Problem(str(path), reason, cure)])


def _check_seen(sheet: Sheet, checks: Checklist) -> None:
    """Notes each row and column with values that a person does not see: they may be old, or meant to be left out."""
    filled = dict(_filled(sheet.rows))
    hidden = [f"row {number}" for number in sorted(sheet.hidden_rows & filled.keys())]
    used = {number for cells in filled.values() for number, cell in enumerate(cells, start=1) if _is_filled(cell)}
    hidden += [f"column {column_name(number)}" for number in sorted(sheet.hidden_columns & used)]
    for place in hidden:
        checks.problems.append(Problem(f"{checks.path}: {place}", Text("is hidden", "已被隐藏"), _SHOW))


def _filled(rows: Iterable[Row]) -> list[Row]:
    return [(number, cells) for number, cells in rows if any(map(_is_filled, cells))]


def _is_filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or cell.strip() != ""


def _entries(rows: Sequence[Row], checks: Checklist) -> list[Entry]:
    if not rows:
        return []
    at = _head(rows)
    if at is None:
        raise usage_error([Problem(f"{checks.path}: row {rows[0][0]}", *_NO_HEADINGS)])
    columns = _columns(rows[at], checks)
    return list(_by_merchant([_record(row, columns, checks) for row in rows[at + 1 :]], checks))


def _head(rows: Sequence[Row]) -> int | None:
    """Where the row of headings stands: the first of those that name the most columns; None if none names any."""
    highest = rows[:_HIGHEST_ROWS]
    counts = [sum(is_slip(_spelt(cell), _NAMES) for cell in cells) for _, cells in highest]
    return counts.index(max(counts)) if max(counts, default=0) else None


def _spelt(cell: Cell) -> str:
    spelt = cell.strip().lower() if isinstance(cell, str) else ""
    return _COLUMNS.get(spelt, spelt)


def _columns(header: Row, checks: Checklist) -> list[str]:
    """The names of the columns, an unknown one as it is spelt: only a slip for a heading is told as it stands, for what
    stands there may be a value in the wrong place.
    """
    number, cells = header
    names = [_spelt(cell) for cell in cells]
    head = Record(f"row {number}", {})
    for column, name in enumerate(names, start=1):
        if name and name not in _NAMES:
            place = name if is_slip(name, _NAMES) else f"column {column}"
            checks.add(head, place, Text("is not a known field", "不是已知字段"), instead_of(name, _NAMES))
    for name in {n for n in names if n in _NAMES and names.count(n) > 1}:
        checks.add(head, name, Text("is there twice", "重复出现"), Text("Keep one of the columns.", "请只保留一列。"))
    return names


def _record(row: Row, columns: Sequence[str], checks: Checklist) -> Record:
    number, cells = row
    values = {name: _value(name, cell) for name, cell in zip(columns, cells, strict=False) if name and _is_filled(cell)}
    record = Record(f"row {number}", values)
    if any(map(_is_filled, cells[len(columns) :])):
        reason = Text("has more cells than there are columns", "的单元格多于列数")
        checks.add(record, "-", reason, Text("Put text that holds a comma in quotes.", "含逗号的文本请加引号。"))
    return record


def _value(name: str, cell: Cell) -> str | Unusable:
    if isinstance(cell, Numeric):
        return _NUMBER if name in SECRETS else cell.digits
    if isinstance(cell, Unusable):
        return cell
    if is_shortened(cell):
        return SHORTENED
    marked = _APOSTROPHE.fullmatch(cell) if name not in VERBATIM else None
    return marked[1] if marked else cell


def _by_merchant(records: Sequence[Record], checks: Checklist) -> Iterator[Entry]:
    groups: dict[object, list[Record]] = {}
    group: object = None
    for record in records:
        # A row with nothing of a merchant's goes on with the merchant above it.
        if group is None or _only(record, MERCHANT):
            name = record.values.get("id")
            group = name.strip() if isinstance(name, str) else record.place
        groups.setdefault(group, []).append(record)
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
