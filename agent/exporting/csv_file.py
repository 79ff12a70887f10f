"""A sheet as CSV: UTF-8 with a byte order mark, which Excel needs, and a line at a time."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TextIO

from agent.domain.orders import SHANGHAI
from agent.domain.text import Text
from agent.exporting.cells import guarded, whole_digits
from agent.exporting.sheet import Row, Say, Sheet, Value

ENCODING = "utf-8-sig"


class _Line:
    """Keeps the one line that the writer has just made."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def csv_lines(sheet: Sheet, rows: Iterable[Row], say: Say) -> Iterator[str]:
    """Yield the headings and then each row as a line of CSV, without holding any of them."""
    line = _Line()
    writer = csv.writer(line)
    writer.writerow([guarded(say(column.heading)) for column in sheet.columns])
    yield line.text
    for row in rows:
        writer.writerow([csv_cell(value, say) for value in row])
        yield line.text


def write_csv(file: TextIO, sheet: Sheet, rows: Iterable[Row], say: Say) -> int:
    """Write the sheet to a text file and return the number of its rows, headings aside."""
    count = -1
    for line in csv_lines(sheet, rows, say):
        file.write(line)
        count += 1
    return count


def csv_cell(value: Value, say: Say) -> str:
    """Return a value as it stands in a CSV file; nothing is an empty cell."""
    match value:
        case str() | Text():
            return whole_digits(guarded(say(value) if isinstance(value, Text) else value))
        case Decimal():
            return f"{value:.2f}"
        case datetime():
            return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        case _:
            return "" if value is None else str(value)  # dates are written as ISO 8601 has them
