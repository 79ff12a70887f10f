"""Merchants from CSV and Excel: one row an account, its merchant's fields repeated or left blank in further rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.importing.csv_file import read_csv
from agent.importing.digits import value_of
from agent.importing.headings import fields_of, is_misspelt, is_told, spellings
from agent.importing.old_workbook import read_xls
from agent.importing.records import ACCOUNT, FIELDS, MERCHANT, Cell, Checklist, Entry, Record, Row
from agent.importing.workbook import Sheet, column_name, read_xlsx
from agent.settings.problems import Problem, instead_of, usage_error

# A title and notes may stand above the headings.
_HIGHEST_ROWS = 20
# In a list of what the columns mean a row names one of them, and may speak of another.
_FEWEST_HEADINGS = 3
_ZIP = b"PK\x03\x04"
_NO_HEADINGS = Text("holds no headings", "没有列标题")
_NAME_THEM = Text(
    f"One row names the columns: {', '.join(FIELDS)}. `fankuan merchants template FILE.xlsx` writes such a sheet.",
    f"须有一行列名：{'、'.join(FIELDS)}。可用 `fankuan merchants template 文件.xlsx` 生成模板。",
)
_SHOW = Text("Show it, or delete it.", "请取消隐藏，或将其删除。")


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns of a sheet hold, None for one that is not ours. `sheet` is its title, None in a CSV file."""

    names: Sequence[str | None]
    sheet: str | None

    def cells(self, number: int) -> dict[str, str]:
        """Where the values of a row stand, by field; empty in a CSV file, which has no cells of its own."""
        if self.sheet is None:
            return {}
        places = enumerate(self.names, start=1)
        return {name: f"{self.sheet}!{column_name(at)}{number}" for at, name in places if name}


def entries_of_csv(path: Path, checks: Checklist) -> list[Entry]:
    """The entries of a CSV file. Raise UsageError if it cannot be read."""
    return _entries(_filled(read_csv(path)), None, checks)


def entries_of_workbook(path: Path, checks: Checklist) -> list[Entry]:
    """The entries of the only visible sheet with headings. Raise UsageError if it is not the only one.

    Programs call a new workbook .xls, too: what it is, its first bytes say.
    """
    with path.open("rb") as file:
        is_new = path.suffix.lower() == ".xlsx" or file.read(len(_ZIP)) == _ZIP
    sheets = [sheet for sheet in (read_xlsx if is_new else read_xls)(path) if _filled(sheet.rows)]
    headed = [sheet for sheet in sheets if _count(_filled(sheet.rows)) >= _FEWEST_HEADINGS]
    if len(headed) > 1:
        raise _several(path, headed)
    if not sheets:
        return []
    sheet = (headed or sheets)[0]
    _check_seen(sheet, checks)
    return _entries(_filled(sheet.rows), sheet.title, checks)


def _several(path: Path, sheets: Sequence[Sheet]) -> UsageError:
    titles = ", ".join(f"“{sheet.title}”" for sheet in sheets)
    reason = Text(f"holds merchants in several sheets ({titles})", f"有多个工作表含商家（{titles}）")
    cure = Text("Keep one of them visible, or import them one by one.", "请只保留一个可见工作表，或分别导入。")
    return usage_error([Problem(str(path), reason, cure)])


def _check_seen(sheet: Sheet, checks: Checklist) -> None:
    """Note each row and column with values that a person does not see: they may be old, or meant to be left out."""
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


def _entries(rows: Sequence[Row], sheet: str | None, checks: Checklist) -> list[Entry]:
    if not rows:
        return []
    at = _head(rows)
    if at is None:
        reason = (
            Text(f"{_NO_HEADINGS.en} (sheet {sheet})", f"{_NO_HEADINGS.zh}（工作表 {sheet}）")
            if sheet
            else _NO_HEADINGS
        )
        raise usage_error([Problem(f"{checks.path}: row {rows[0][0]}", reason, _NAME_THEM)])
    columns = _Columns(_columns(rows[at], checks), sheet)
    records = [_record(row, columns, checks) for row in rows[at + 1 :]]
    return list(_by_merchant([r for r in records if r.values], checks))


def _head(rows: Sequence[Row]) -> int | None:
    """Where the row of headings stands: the first of those that name the most columns; None if none names any."""
    counts = [_named(cells) for _, cells in rows[:_HIGHEST_ROWS]]
    return counts.index(max(counts)) if max(counts, default=0) else None


def _count(rows: Sequence[Row]) -> int:
    return max((_named(cells) for _, cells in rows[:_HIGHEST_ROWS]), default=0)


def _named(cells: Sequence[Cell]) -> int:
    """How many fields a row names, right or misspelt."""
    words = [_word(cell) for cell in cells]
    return len({f for f in fields_of(words) if f}) + sum(
        is_misspelt(word) for word, name in zip(words, fields_of(words), strict=True) if name is None
    )


def _word(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _columns(header: Row, checks: Checklist) -> list[str | None]:
    """The fields of the columns. One that is not ours is told, and refused if it was likely meant to be one of ours."""
    number, cells = header
    words = [_word(cell) for cell in cells]
    names = fields_of(words)
    head = Record(f"row {number}", {})
    for column, (word, name) in enumerate(zip(words, names, strict=True), start=1):
        if word and name is None:
            _tell_foreign(head, word, column_name(column), checks)
    for name in {n for n in names if n is not None and names.count(n) > 1}:
        checks.add(head, name, Text("is there twice", "重复出现"), Text("Keep one of the columns.", "请只保留一列。"))
    return names


def _tell_foreign(head: Record, word: str, column: str, checks: Checklist) -> None:
    if is_misspelt(word):
        near = instead_of(word, FIELDS if word.isascii() else spellings())
        named = word.lower() if is_told(word) else f"column {column}"
        checks.add(head, named, Text("is not a known field", "不是已知字段"), near)
        return
    en, zh = (f" (“{word}”)", f"（“{word}”）") if is_told(word) else ("", "")
    told = Text(f"column {column}{en} is not one of ours; it is not read", f"{column} 列{zh}不是所需的列，未读取")
    checks.note(told)


def _record(row: Row, columns: _Columns, checks: Checklist) -> Record:
    number, cells = row
    named = zip(columns.names, cells, strict=False)
    in_text = columns.sheet is None
    values = {name: value_of(name, cell, in_text=in_text) for name, cell in named if name and _is_filled(cell)}
    record = Record(f"row {number}", values, columns.cells(number))
    if any(map(_is_filled, cells[len(columns.names) :])):
        reason = Text("has more cells than there are columns", "的单元格多于列数")
        checks.add(record, "-", reason, Text("Put text that holds a comma in quotes.", "含逗号的文本请加引号。"))
    return record


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
        accounts = [Record(r.place, values, r.cells) for r in rows if (values := _only(r, ACCOUNT))]
        yield Entry(_merged(rows, checks), accounts)


def _merged(rows: Sequence[Record], checks: Checklist) -> Record:
    merged: dict[str, object] = {}
    for row in rows:
        for name, value in _only(row, MERCHANT).items():
            if merged.setdefault(name, value) != value and name != "id":
                reason = Text(f"differs from {rows[0].place}", f"与 {rows[0].place} 不一致")
                cure = Text("Rows of one merchant must agree.", "同一商家的各行必须一致。")
                checks.add(row, name, reason, cure)
    return Record(rows[0].place, merged, rows[0].cells)


def _only(record: Record, names: Iterable[str]) -> dict[str, object]:
    return {name: record.values[name] for name in names if name in record.values}
