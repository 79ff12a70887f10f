"""Tables and lines on standard output."""

import os
import sys
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from agent.log import harmless

WIDTH_OF_A_FILE = 160
_WIDE = 120


def answers() -> Console:
    """Standard output. If it is no terminal, and COLUMNS does not say how wide a line is, nothing needs to fit."""
    fits = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return Console(width=None if fits else WIDTH_OF_A_FILE, highlight=False)


def is_narrow(console: Console) -> bool:
    """True if a table has room for its main columns alone, as on a terminal of 80 columns."""
    return console.width < _WIDE


def styled(text: str, style: str = "") -> Styled:
    """Text as it is: neither rich's markup nor anything that steers a terminal counts in it."""
    return Styled(harmless(text), style=style)


def line(console: Console, text: str = "", style: str = "") -> None:
    """A line that is never broken: paths and order numbers stay in one piece."""
    console.print(styled(text, style), soft_wrap=True)


def table(*headings: str, right: Sequence[str] = (), whole: Sequence[str] = ()) -> Table:
    """An empty table; the columns in `right` hold numbers, those in `whole` are never broken or cut."""
    made = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    for heading in headings:
        made.add_column(
            heading,
            justify="right" if heading in right else "left",
            no_wrap=heading in (*right, *whole),
            overflow="fold",
        )
    return made


def row(made: Table, *cells: str, style: str = "") -> None:
    """Add a row of plain cells."""
    made.add_row(*(styled(cell) for cell in cells), style=style)
