"""A sheet as a file, of the kind that its ending says."""

from collections.abc import Iterable
from pathlib import Path

from agent.exporting.csv_file import ENCODING, write_csv
from agent.exporting.sheet import Row, Say, Sheet
from agent.exporting.target import write_whole
from agent.exporting.workbook import write_xlsx


def write_file(file: Path, sheet: Sheet, rows: Iterable[Row], say: Say) -> int:
    """Write a sheet in the words of `say` and return the number of its rows. Raise UsageError if it cannot be."""

    def write(beside: Path) -> int:
        if file.suffix.lower() == ".xlsx":
            return write_xlsx(beside, sheet, rows, say)
        with beside.open("w", encoding=ENCODING, newline="") as lines:
            return write_csv(lines, sheet, rows, say)

    return write_whole(file, write)
