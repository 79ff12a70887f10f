"""A bank's statement (银行流水): what came in from the ERP's vendor, or one error that lists what is wrong."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.importing.statement_cells import shown
from agent.importing.statement_file import StatementSheet, read_sheets
from agent.importing.statement_headings import HEADINGS, Columns, Field, find_headings
from agent.importing.statement_rows import Entry, Reading
from agent.settings.problems import Problem, usage_error


@dataclass(frozen=True, slots=True)
class Statement:
    """The vendor's payments, how many rows are somebody else's, and the file with the SHA-256 of its content."""

    entries: list[Entry]
    others: int
    file: Path
    sha256: str


def read_statement(path: Path, own: Mapping[Field, str], payers: Sequence[str]) -> Statement:
    """Return the payments that came in from one of `payers`. `own` are the headings of a mapping file.

    Raise UsageError, which lists every row of theirs that cannot be read, and if no row of headings is found.
    """
    sheet, place, columns = _with_headings(path, own)
    reading = Reading(path, sheet, place, columns, payers)
    entries = reading.entries()
    if reading.problems:
        raise usage_error(reading.problems)
    return Statement(entries, reading.others, path, hashlib.sha256(path.read_bytes()).hexdigest())


def _with_headings(path: Path, own: Mapping[Field, str]) -> tuple[StatementSheet, int, Columns]:
    found = []
    for sheet in read_sheets(path):
        at = find_headings([[shown(cell) for cell in cells] for _, cells in sheet.rows], own)
        found += [(sheet, *at)] if at else []
    if not found:
        raise _no_headings(path, own)
    if len(found) > 1:
        reason = Text("has several sheets with payments", "有多个含交易明细的工作表")
        cure = Text("Save each as a file of its own.", "请将每个工作表另存为单独的文件。")
        raise usage_error([Problem(str(path), reason, cure)])
    return found[0]


def _no_headings(path: Path, own: Mapping[Field, str]) -> UsageError:
    needed = (Field.DATE, Field.INCOME, Field.AMOUNT, Field.PAYER)
    names = [f"{name} = {heading}" for name, heading in own.items()]
    names += [f"{name} = {'/'.join(HEADINGS[name][:5])}…" for name in needed if name not in own]
    reason = Text(
        f"has no row with the headings that are needed ({'; '.join(names)})",
        f"没有找到所需的表头（{'；'.join(names)}）",
    )
    cure = Text(
        'Write what it calls them into a file for --mapping, a line for each: date = "记账日", income = "转入", '
        'payer = "对方".',
        '请把其表头写入映射文件并用 --mapping 指定，每行一项：date = "记账日"、income = "转入"、payer = "对方"。',
    )
    return usage_error([Problem(str(path), reason, cure)])
