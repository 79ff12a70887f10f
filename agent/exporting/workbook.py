"""A sheet as a workbook (.xlsx), written a row at a time."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

import xlsxwriter

from agent.domain.orders import SHANGHAI
from agent.domain.text import Text
from agent.exporting.sheet import Kind, Row, Say, Sheet, Value

_MOST_ROWS = 1_048_575  # of a sheet, headings aside
_LONGEST = 32_767  # characters of a cell; a longer text would be left out
_FORMATS = {
    Kind.TEXT: "@",
    Kind.DATE: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm:ss",
    Kind.MONEY: "#,##0.00",
    Kind.COUNT: "0",
}
# Text stays text: no cell becomes a formula, a link or a number by the way it begins.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": _FORMATS[Kind.MOMENT],
}


def write_xlsx(path: Path, sheet: Sheet, rows: Iterable[Row], say: Say) -> int:
    """Write the sheet to `path` and return the number of its rows; those that do not fit go on to a further sheet."""
    book = xlsxwriter.Workbook(str(path), _OPTIONS | {"tmpdir": str(path.parent)})
    count = 0
    with book:
        for number, part in enumerate(_parts(rows), start=1):
            count += _write_part(book, sheet, number, part, say)
    return count


def _parts(rows: Iterable[Row]) -> Iterator[Iterator[Row]]:
    """Yield the rows of one sheet after the other, and at least one empty part."""
    left = iter(rows)
    yield islice(left, _MOST_ROWS)
    for first in left:
        yield chain([first], islice(left, _MOST_ROWS - 1))


def _write_part(book: Any, sheet: Sheet, number: int, rows: Iterable[Row], say: Say) -> int:  # noqa: ANN401 - untyped
    title = say(sheet.title)
    page = book.add_worksheet(title if number == 1 else f"{title} ({number})")
    formats = [book.add_format({"num_format": _FORMATS[column.kind]}) for column in sheet.columns]
    bold = book.add_format({"bold": True, "bottom": 1})
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, say(column.heading), bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            _write(page, last, at, value, formats[at], say)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)
    return last


def _write(page: Any, row: int, at: int, value: Value, form: Any, say: Say) -> None:  # noqa: ANN401, PLR0917
    match value:
        case None:
            return
        case Decimal() | int():
            page.write_number(row, at, value, form)
        case datetime():
            page.write_datetime(row, at, value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0), form)
        case date():
            page.write_datetime(row, at, value, form)
        case _:
            text = say(value) if isinstance(value, Text) else value
            page.write_string(row, at, _plain(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"), form)


def _plain(text: str) -> str:
    """Return the text as one that is written as it stands: the library takes <r>…</r> for markup of its own."""
    return f" {text}" if text.startswith("<r>") and text.endswith("</r>") else text
