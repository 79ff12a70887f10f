"""The cells of a CSV file, as a spreadsheet shows them."""

import codecs
import csv
import io
import re
from pathlib import Path

from agent.importing.records import Cell, Row, unreadable

_DELIMITERS = ",;\t"
_LINES = 20  # that tell which delimiter it is: a title may stand above the headings
_SEPARATOR = re.compile(r"sep=(.)\s*(?:\r?\n|$)", re.IGNORECASE)
# ="00123" is how programs keep a spreadsheet from taking digits for a number.
_AS_TEXT = re.compile(r'\s*="((?:[^"]|"")*)"\s*')


def read_csv(path: Path) -> list[Row]:
    """The rows of a CSV file in UTF-8, UTF-16 or GB18030 (GBK). Raise UsageError if it is none of them, or no CSV."""
    text = _decoded(path)
    delimiter = max(_DELIMITERS, key=lambda d: max((line.count(d) for line in text.split("\n")[:_LINES]), default=0))
    if named := _SEPARATOR.match(text):  # a line for the spreadsheet alone, which does not show it
        delimiter, text = named[1], text[named.end() :]
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        return [(lines.line_num, [_cell(cell) for cell in row]) for row in lines]
    except csv.Error as error:
        raise unreadable(path, f"line {lines.line_num}: {error}") from None


def _cell(written: str) -> Cell:
    quoted = _AS_TEXT.fullmatch(written)
    return quoted[1].replace('""', '"') if quoted else written


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in _encodings(raw):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unreadable(path, "neither UTF-8, UTF-16 nor GB18030")


def _encodings(raw: bytes) -> tuple[str, ...]:
    """What the bytes may be. UTF-16 without its mark is known by the zeros of its delimiters and ends of lines."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    if even or odd:
        return ("utf-16-le" if odd > even else "utf-16-be",)
    return ("utf-8-sig", "gb18030")
