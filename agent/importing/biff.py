"""What an old workbook (.xls) hides: rows and columns that a person does not see, and which cells are formulas.

The library that reads its values tells none of that. The layout is Microsoft's [MS-CFB] and [MS-XLS].
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_SECTOR = 0xFFFFFFFA  # this and above end a chain
_HEADER_FAT = 109
_ENTRY = 128
_BOUNDSHEET, _ROW, _COLINFO, _FORMULA, _BOF, _EOF = 0x0085, 0x0208, 0x007D, 0x0006, 0x0809, 0x000A
_FILEPASS = 0x002F
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01


@dataclass(frozen=True, slots=True)
class Unseen:
    """Of one sheet: hidden rows and columns, counted from 1, and the cells (row, column; from 0) that are formulas."""

    rows: frozenset[int]
    columns: frozenset[int]
    formulas: frozenset[tuple[int, int]]


def unseen_in(raw: bytes) -> list[Unseen]:
    """What each sheet hides, in their order. Raise ValueError if this is no old workbook, or one with a password."""
    try:
        stream = _stream(raw)
        return [_unseen(stream, at) for at in _sheets(stream)]
    except (struct.error, IndexError) as error:
        raise ValueError(f"a broken workbook: {error}") from None


def _sheets(stream: bytes) -> Iterator[int]:
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise ValueError("it has a password")
        if kind == _BOUNDSHEET:
            yield struct.unpack_from("<I", body)[0]


def _unseen(stream: bytes, at: int) -> Unseen:
    rows, columns, formulas = set[int](), set[int](), set[tuple[int, int]]()
    for kind, body in _records(stream, at):
        if kind == _ROW and (body[12] & _ROW_HIDDEN or struct.unpack_from("<H", body, 6)[0] & 0x7FFF == 0):
            rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLINFO:
            first, last, width, _, options = struct.unpack_from("<5H", body)
            columns |= set(range(first + 1, last + 2)) if options & _COLUMN_HIDDEN or width == 0 else set()
        elif kind == _FORMULA:
            formulas.add(struct.unpack_from("<HH", body))
    return Unseen(frozenset(rows), frozenset(columns), frozenset(formulas))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of a part of the stream, to the end of that part: charts stand within it, with parts of their own."""
    depth = 0
    while True:
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(raw: bytes) -> bytes:
    """The stream `Workbook` of a compound file."""
    if not raw.startswith(_MAGIC):
        raise ValueError("no old workbook (.xls)")
    size = 1 << struct.unpack_from("<H", raw, 30)[0]
    fat = _table(raw, size)
    start, small_limit = struct.unpack_from("<I", raw, 48)[0], struct.unpack_from("<I", raw, 56)[0]
    entries = _chain(raw, fat, start, size)
    for at in range(0, len(entries), _ENTRY):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        if entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace") in ("Workbook", "Book"):
            first, whole = struct.unpack_from("<II", entries, at + 116)
            if whole < small_limit:
                raise ValueError("a workbook that no spreadsheet writes")
            return _chain(raw, fat, first, size)[:whole]
    raise ValueError("no workbook in it")


def _table(raw: bytes, size: int) -> list[int]:
    """Which sector follows each sector."""
    sectors = list(struct.unpack_from(f"<{_HEADER_FAT}I", raw, 76))
    more = struct.unpack_from("<I", raw, 68)[0]
    while more < _NO_SECTOR and len(sectors) * size <= len(raw):
        found = struct.unpack_from(f"<{size // 4}I", raw, (more + 1) * size)
        sectors, more = sectors + list(found[:-1]), found[-1]
    tables = (struct.unpack_from(f"<{size // 4}I", raw, (s + 1) * size) for s in sectors if s < _NO_SECTOR)
    return [following for table in tables for following in table]


def _chain(raw: bytes, fat: list[int], first: int, size: int) -> bytes:
    """The content of a chain of sectors. Raise ValueError if it runs in a circle."""
    found, at = list[bytes](), first
    while at < _NO_SECTOR:
        if len(found) > len(fat):
            raise ValueError("a broken workbook: its sectors run in a circle")
        found.append(raw[(at + 1) * size : (at + 2) * size])
        at = fat[at]
    return b"".join(found)
