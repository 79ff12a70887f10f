"""The cells of a workbook's sheets (.xlsx), as far as a person sees them."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.cell import Cell as WrittenCell
from openpyxl.cell import MergedCell
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from agent.domain.text import Text
from agent.importing.records import Cell, Computed, Numeric, Row, Unusable, unreadable

# None of these makes text of a number.
_TAKES_AS_IT_IS = re.compile(
    r"=(?:(?:_xlfn\.)?(?<![A-Z_.])(?:[VHX]?LOOKUP|INDEX|X?MATCH|IFERROR|IFNA|IFS?|CHOOSE|INDIRECT|OFFSET|T)\("
    r"|'[^'&]*'!|[\w\u4e00-\u9fff.]+!|\$?[A-Z]{1,3}\$?[0-9]++|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\"[^\"]*\"|TRUE|FALSE"
    r"|[0-9]++|[(),:=<> ])+"
)
_BROKEN = (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, EOFError)
_PLAIN_FORMATS = ("General", "@", "0", "0_ ", "0_);[Red]\\(0\\)", "#")
_AS_TEXT = Text("Format the column as text and type the value again.", "请将该列设为文本格式后重新输入。")
NO_TEXT = Unusable(Text("is not text", "不是文本"), _AS_TEXT)
_UNCALCULATED = Unusable(
    Text("is a formula whose value is not in the file", "是公式，文件中没有它的计算结果"),
    Text("Open the file, save it again, or paste the value.", "请打开文件重新保存，或粘贴为数值。"),
)
_ERROR = Unusable(
    Text("shows an error of the spreadsheet", "显示为表格错误"), Text("Correct the formula.", "请更正公式。")
)
LOSSY = Unusable(
    Text("is stored as a number, which may have changed its digits", "以数字形式存储，数字可能已被改变"), _AS_TEXT
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `hidden_rows` are the numbers of rows that a person does not see, `hidden_columns` those of columns;
    both count from 1.
    """

    title: str
    rows: list[Row]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


def read_xlsx(path: Path) -> list[Sheet]:
    """The sheets that a person sees, in their order. Raise UsageError if the file is no workbook."""
    with path.open("rb") as file:
        try:
            values, formulas = load_workbook(file, data_only=True), load_workbook(file)
        except _BROKEN as error:
            raise unreadable(path, str(error)) from None
    return [
        _sheet(sheet, formulas[sheet.title])
        for sheet in values.worksheets
        if sheet.sheet_state == Worksheet.SHEETSTATE_VISIBLE
    ]


def _sheet(values: Worksheet, formulas: Worksheet) -> Sheet:
    rows = [
        (number, [_cell(value, written) for value, written in zip(*pair, strict=True)])
        for number, pair in enumerate(zip(values.iter_rows(), formulas.iter_rows(), strict=True), start=1)
    ]
    _fill_merged(values, rows)
    return Sheet(values.title, rows, frozenset(_hidden_rows(values)), frozenset(_hidden_columns(values)))


def _cell(value: WrittenCell | MergedCell, written: WrittenCell | MergedCell) -> Cell:
    if value.value is None:
        return _UNCALCULATED if written.data_type == "f" else ""
    if value.data_type == "e":
        return _ERROR
    if isinstance(value.value, str):
        return _text(value.value, written)
    if isinstance(value.value, bool | datetime.date | datetime.time | datetime.timedelta):
        return NO_TEXT
    return _number(value)


def _text(shown: str, written: WrittenCell | MergedCell) -> Cell:
    """The text of a cell. A formula's counts if the formula takes it as it is from elsewhere, or spells it out."""
    if written.data_type != "f" or not re.search(r"[0-9]", shown):
        return shown
    formula = str(getattr(written.value, "text", written.value))
    spelt = "".join(re.findall(r'"([^"]*)"', formula))
    known = all(digits in spelt for digits in re.findall(r"[0-9]+", shown)) or _TAKES_AS_IT_IS.fullmatch(formula)
    return shown if known else Computed(shown)


def _number(cell: WrittenCell | MergedCell) -> Cell:
    """The digits that a person sees, if the cell shows all of them: 15 at most are stored for certain."""
    number = float(str(cell.value))
    whole = number.is_integer() and 0 <= number < 10**15
    return Numeric(str(int(number))) if whole and cell.number_format in _PLAIN_FORMATS else LOSSY


def _fill_merged(sheet: Worksheet, rows: list[Row]) -> None:
    """Put the value of cells that are merged downwards into each of their rows."""
    for merged in sheet.merged_cells.ranges:
        left, top = merged.min_col - 1, merged.min_row - 1
        for number in range(merged.min_row, merged.max_row):
            rows[number][1][left] = rows[top][1][left]


def _hidden_rows(sheet: Worksheet) -> Iterator[int]:
    for number in range(1, sheet.max_row + 1):
        row = sheet.row_dimensions[number]
        if row.hidden or row.height == 0 or (sheet.sheet_format.zeroHeight and row.height is None):
            yield number


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    for column in list(sheet.column_dimensions.values()):
        if column.hidden or column.width == 0:
            yield from range(column.min or 0, (column.max or 0) + 1)


def column_name(number: int) -> str:
    """The letters of a column, counted from 1: 1 is A."""
    return str(get_column_letter(number))
