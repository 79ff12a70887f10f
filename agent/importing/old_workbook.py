"""The cells of an old workbook's sheets (.xls), as far as a person sees them."""

import datetime
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from agent.importing.biff import Unseen, unseen_in
from agent.importing.records import Cell, Computed, Numeric, Row, unreadable
from agent.importing.workbook import LOSSY, NO_TEXT, Sheet

_BROKEN = (CalamineError, PasswordError, ValueError, IndexError)


def read_xls(path: Path) -> list[Sheet]:
    """The sheets that a person sees, in their order. Raise UsageError if the file is no old workbook."""
    try:
        unseen = unseen_in(path.read_bytes())
        with CalamineWorkbook.from_path(path) as book:
            return [
                _sheet(book.get_sheet_by_index(at), unseen[at])
                for at, about in enumerate(book.sheets_metadata)
                if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet
            ]
    except _BROKEN as error:
        raise unreadable(path, str(error)) from None
    except BaseException as error:
        # The library gives up so on a date of the year 300000; the type cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable(path, "a cell holds a date that there is not") from None


def _sheet(sheet: CalamineSheet, unseen: Unseen) -> Sheet:
    rows: list[Row] = [
        (row + 1, [_cell(value, computed=(row, column) in unseen.formulas) for column, value in enumerate(values)])
        for row, values in enumerate(sheet.to_python(skip_empty_area=False))
    ]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for number in range(top + 1, min(bottom + 1, len(rows))):
            rows[number][1][left] = rows[top][1][left]
    return Sheet(sheet.name, rows, unseen.rows, unseen.columns)


def _cell(value: object, *, computed: bool) -> Cell:
    if isinstance(value, str):
        return Computed(value) if computed and value else value
    if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
        return NO_TEXT
    number = float(str(value))
    return Numeric(str(int(number))) if number.is_integer() and 0 <= number < 10**15 else LOSSY
