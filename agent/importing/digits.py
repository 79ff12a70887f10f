"""Whether a cell still has all digits that were typed: as a number it loses leading zeros, and all beyond the 15th."""

import re

from agent.domain.text import Text
from agent.importing.records import (
    SECRETS,
    SHORTENED,
    USERNAMES,
    VERBATIM,
    Cell,
    Computed,
    Numeric,
    Unusable,
    is_shortened,
)

_AS_TEXT = Text("Format the column as text and type the value again.", "请将该列设为文本格式后重新输入。")
_NUMBER = Unusable(
    Text("is stored as a number, which may have lost its leading zeros", "以数字形式存储，开头的 0 可能已丢失"),
    _AS_TEXT,
)
_COMPUTED = Unusable(
    Text("is made by a formula, which may have lost digits of a number", "由公式算出，数字可能已丢失"),
    Text(
        "Format the column as text and type the value itself instead of the formula.",
        "请将该列设为文本格式，直接输入内容，不要用公式。",
    ),
)
_FLOAT = Unusable(
    Text("was written as a number by a program (it ends with .0)", "被程序当作数字写出（以 .0 结尾）"),
    Text("Write the column as text, and give all digits again.", "请把该列按文本写出，并重新填写全部数字。"),
)
# A mobile number is whole at 11 digits, and begins with no 0.
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_ENDS_AS_FLOAT = re.compile(r"\s*[0-9]+\.0+\s*")
# '00123 is typed so that a spreadsheet keeps the digits; some programs write it into the file.
_APOSTROPHE = re.compile(r"\s*'([0-9][0-9 -]*)\s*")


def value_of(name: str, cell: Cell, *, in_text: bool) -> str | Unusable:
    """What a cell gives for a field, or why its digits cannot be relied on.

    `in_text` is true for a CSV file, whose cells have no type: programs write numbers there in their own ways.
    """
    match cell:
        case Numeric():
            whole = name not in SECRETS and (name not in USERNAMES or _MOBILE.fullmatch(cell.digits))
            return cell.digits if whole else _NUMBER
        case Computed():
            return _COMPUTED if name in SECRETS | USERNAMES else cell.text
        case Unusable():
            return cell
        case str():
            return _text(name, cell, in_text=in_text)


def _text(name: str, cell: str, *, in_text: bool) -> str | Unusable:
    if is_shortened(cell):
        return SHORTENED
    if in_text and name in SECRETS | USERNAMES and _ENDS_AS_FLOAT.fullmatch(cell):
        return _FLOAT
    marked = _APOSTROPHE.fullmatch(cell) if name not in VERBATIM else None
    return marked[1] if marked else cell
