"""What stands in a merchants file, before it is believed: values by field, each with its place."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.settings.problems import Problem, instead_of, may_be_told, usage_error

BACKOFFICE = ("backoffice.username", "backoffice.password")
PAYEE = ("payee.bank", "payee.holder", "payee.account")
MERCHANT = ("id", "name", "edition", *BACKOFFICE, *PAYEE, "file_as")
ACCOUNT = ("platform", "username", "password", "shop", "label", "totp_secret")
FIELDS = (*MERCHANT, *ACCOUNT)
# A password may begin or end with a blank, so it alone is taken as it stands.
VERBATIM = {"password", "backoffice.password"}
# Digits of which none may be missing. As numbers they lose their leading zeros, and nobody can see it.
SECRETS = {*VERBATIM, "payee.account", "totp_secret"}
USERNAMES = {"username", "backoffice.username"}


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell whose text cannot be known for sure."""

    reason: Text
    cure: Text


@dataclass(frozen=True, slots=True)
class Numeric:
    """A cell that holds a number, as a person sees it."""

    digits: str


@dataclass(frozen=True, slots=True)
class Computed:
    """A cell whose text is made by a formula that may have made it of a number."""

    text: str


Cell = str | Numeric | Computed | Unusable
Row = tuple[int, list[Cell]]
_SHORTENED = re.compile(r"-?[0-9](?:\.[0-9]+)?E[+-][0-9]+", re.IGNORECASE)
SHORTENED = Unusable(
    Text("was shortened by a spreadsheet, its last digits are lost", "已被电子表格改成科学计数法，末尾数字已丢失"),
    Text("Format the column as text and type the number again.", "请将该列设为文本格式后重新输入。"),
)


def is_shortened(text: str) -> bool:
    """True for what a spreadsheet makes of a long number: 6.22848E+18."""
    return _SHORTENED.fullmatch(text.strip()) is not None


def unreadable(path: Path, text: str) -> UsageError:
    """The error for a file that is not of the kind that its name says."""
    cure = Text(
        "Save it again as “CSV UTF-8” or as .xlsx, without a password.", "请重新另存为“CSV UTF-8”或不加密的 .xlsx。"
    )
    return usage_error([Problem(str(path), Text(f"cannot be read ({text})", f"无法读取（{text}）"), cure)])


@dataclass(frozen=True, slots=True)
class Record:
    """A merchant or an account as written. `place` is `merchants[0].accounts[1]` or `row 3`.

    `cells` are the places of values in a workbook, by field: `商家账号!H3`.
    """

    place: str
    values: Mapping[str, object]
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_row(self) -> bool:
        """True for a row of a sheet, where columns may be shifted: any value may be a password out of its place."""
        return self.place.startswith("row ")


@dataclass(frozen=True, slots=True)
class Entry:
    """One merchant of a file with its accounts."""

    merchant: Record
    accounts: list[Record]


@dataclass(slots=True)
class Checklist:
    """Collects what is wrong with the file at `path`."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)

    def note(self, told: Text) -> None:
        """Note what is no problem, and is to be told all the same."""
        self.notes.append(Text(f"{self.path}: {told.en}", f"{self.path}：{told.zh}"))

    def add(self, record: Record, name: str, reason: Text, cure: Text) -> None:
        """Note a problem with the field `name` of `record`; no text may hold a secret."""
        joint = ": " if record.in_row else "."
        place = f"{record.place}{joint}{name}" if record.place else name
        if cell := record.cells.get(name):
            reason = Text(f"{reason.en} (cell {cell})", f"{reason.zh}（单元格 {cell}）")
        self.problems.append(Problem(f"{self.path}: {place}", reason, cure))

    def required(self, record: Record, name: str) -> str:
        """The text of a field that must be there; empty if it is not, which is noted."""
        if name not in record.values:
            self.add(record, name, Text("is missing", "缺失"), Text("Add it.", "请补上。"))
            return ""
        return self.optional(record, name) or ""

    def optional(self, record: Record, name: str) -> str | None:
        """The text of a field, or None if it is missing or wrong; the latter is noted."""
        value = record.values.get(name)
        if name not in record.values:
            return None
        if isinstance(value, Unusable):
            self.add(record, name, value.reason, value.cure)
        elif not isinstance(value, str):
            self.add(record, name, Text("is not text", "不是文本"), Text("Write it in quotes.", "请加引号。"))
        elif not value.strip():
            self.add(record, name, Text("is empty", "为空"), Text("Fill it in or leave it out.", "请填写或删除该项。"))
        else:
            return self._visible(record, name, value if name in VERBATIM else value.strip())
        return None

    def bad_value(
        self, record: Record, name: str, value: str, *, known: Iterable[str], reason: Text, cure: Text
    ) -> None:
        """Note that `value` “is not …”; in a sheet it is named only if it is a slip for one of `known`."""
        if not record.in_row or may_be_told(value, known):
            reason = Text(f"“{value}” {reason.en}", f"“{value}”{reason.zh}")
        self.add(record, name, reason, cure)

    def fields(self, record: Record, known: Iterable[str]) -> None:
        """Note every field of `record` that is not known."""
        names = set(known)
        for name in record.values:
            if name not in names:
                self.add(record, name, Text("is not a known field", "不是已知字段"), instead_of(name, names))

    def _visible(self, record: Record, name: str, text: str) -> str | None:
        hidden = next((c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}), None)
        if hidden is None:
            return text
        reason = Text(f"holds an invisible character (U+{ord(hidden):04X})", f"含有不可见字符（U+{ord(hidden):04X}）")
        self.add(record, name, reason, Text("Type it again instead of pasting it.", "请手工重新输入，不要粘贴。"))
        return None
