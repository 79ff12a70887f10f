"""What a sheet is: its columns, and the values that each kind of column takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from agent.domain.text import Text

Say = Callable[[Text], str]
Value = str | Text | date | datetime | Decimal | int | None
Row = Sequence[Value]


class Kind(StrEnum):
    """How a column's values are written. Moments are aware and become the clock time in Asia/Shanghai."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    MONEY = "money"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its kind, and its width in characters of a spreadsheet."""

    heading: Text
    kind: Kind = Kind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's title and columns. Every row has one value for each column, in that order."""

    title: Text
    columns: tuple[Column, ...]
