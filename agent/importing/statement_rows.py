"""The rows of one sheet of a bank's statement that are payments by the ERP's vendor."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from agent.domain.text import Text, fold
from agent.importing.statement_cells import RawCell, amount_of, day_of, shown
from agent.importing.statement_file import StatementSheet
from agent.importing.statement_headings import Columns, Field, plain
from agent.settings.problems import Problem

T = TypeVar("T")
_TOTALS = re.compile(
    "合计|总计|小计|总额|总笔数|汇总|累计|承前|期初|期末|上页|结余|笔数|以下无|打印|total", re.IGNORECASE
)
_IN = {*"贷收c+", "贷方", "收入", "来账", "转入", "入账", "存入", "收款", "cr", "credit"}
_OUT = {*"借支付d-", "借方", "支出", "往账", "转出", "出账", "支取", "付款", "dr", "debit"}
_YUAN = {"", "人民币", "人民币元", "cny", "rmb", "156", "01", "元"}
_ACCOUNT = re.compile(
    r"(?:账\s*号|账户|卡号|account)(?:(?!日期|时间|date)[^0-9*]){0,30}?([0-9*][0-9*x]{6,}[0-9])", re.IGNORECASE
)
_HOLDER = re.compile(r"(?:户名|账户名称|账号名称|客户名称|单位名称)[:\s|]*([^\s:|]{4,})")
_APART = re.compile(r"(?<=[0-9*])[ -](?=[0-9*])")


@dataclass(frozen=True, slots=True)
class Entry:
    """A payment by the vendor. `amount` is in yuan; it is negative if it takes an earlier one back (冲正).

    `account` is the statement's own account, perhaps masked (6214****1234), and `holder` whose it is; empty: not said.
    """

    row: int
    day: date
    amount: Decimal
    balance: Decimal | None
    serial: str
    account: str
    holder: str


@dataclass(slots=True)
class Reading:
    """One sheet that is being read: `problems` are what is wrong with the vendor's rows, `others` counts the others."""

    path: Path
    sheet: StatementSheet
    place: int
    columns: Columns
    payers: Sequence[str]
    problems: list[Problem] = field(default_factory=list)
    others: int = 0
    _is_signed: bool = False
    _bare: list[int] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        """Return the payments that came in from the vendor; what could not be read is noted."""
        account, holder = self._preamble()
        headings = [plain(shown(cell)) for cell in self.sheet.rows[self.place][1]]
        found: list[Entry] = []
        for number, cells in self.sheet.rows[self.place + 1 :]:
            texts = [shown(cell) for cell in cells]
            if any(texts) and [plain(text) for text in texts] != headings and not self._is_total(cells, texts):
                self._check_width(number, texts)
                found += self._entry(number, cells, account, holder)
        self._check_signs()
        return found

    def _entry(self, number: int, cells: Sequence[RawCell], account: str, holder: str) -> Iterator[Entry]:
        if not self._is_from_vendor(cells):
            self._is_signed |= self._has_sign(cells)
            self.others += 1
            return
        amount, day = self._amount(number, cells), self._read(number, cells, Field.DATE, day_of)
        text = self._text(cells, Field.CURRENCY)
        if text.lower() not in _YUAN:
            self._tell(number, Field.CURRENCY, Text(f"“{text}” is not yuan", f"“{text}”不是人民币"))
        if amount and day:
            yield Entry(
                row=number,
                day=day,
                amount=amount,
                balance=self._balance(cells),
                serial=self._text(cells, Field.SERIAL),
                account=_APART.sub("", self._text(cells, Field.ACCOUNT)) or account,
                holder=self._text(cells, Field.HOLDER) or holder,
            )

    def _is_from_vendor(self, cells: Sequence[RawCell]) -> bool:
        payer = self._text(cells, Field.PAYER)
        places = [payer] if payer else [shown(cell) for cell in cells]
        return any(self._names_vendor(text) for text in places)

    def _names_vendor(self, text: str) -> bool:
        return any(fold(name) in fold(text) for name in self.payers)

    def _amount(self, number: int, cells: Sequence[RawCell]) -> Decimal | None:
        """Return what came in, negative if it was taken back; None for what went out or cannot be read."""
        if Field.INCOME in self.columns:
            return self._read(number, cells, Field.INCOME, amount_of)
        amount = self._read(number, cells, Field.AMOUNT, amount_of)
        word = self._text(cells, Field.DIRECTION).lower()
        self._is_signed |= self._has_sign(cells)
        if word in _OUT or (amount is not None and amount < 0 and word not in _IN):
            return None
        if word not in _IN and not self._has_sign(cells):
            self._bare.append(number)
        if word and word not in _IN and plain(self._heading(Field.DIRECTION)) != "交易类型":
            self._tell(number, Field.DIRECTION, Text(f"“{word}” is not known", f"“{word}”含义未知"))
        return amount

    def _has_sign(self, cells: Sequence[RawCell]) -> bool:
        return self._text(cells, Field.AMOUNT).startswith(("+", "-"))

    def _check_signs(self) -> None:
        """Tell of a payment without a sign or a word for its direction, unless all that goes out has a minus."""
        if self._bare and not self._is_signed:
            reason = Text("does not say what came in and what went out", "无法区分收入和支出")
            self._tell(self._bare[0], Field.AMOUNT, reason)

    def _check_width(self, number: int, texts: Sequence[str]) -> None:
        """Tell of a row of theirs with more cells than headings: a comma in an amount has moved them."""
        more = any(texts[len(self.sheet.rows[self.place][1]) :])
        if more and any(self._names_vendor(text) for text in texts):
            self._tell(number, Field.DATE, Text("its row has more cells than headings", "该行单元格多于表头"))

    def _read(self, number: int, cells: Sequence[RawCell], name: Field, read: Callable[[RawCell], T]) -> T | None:
        cell = cells[self.columns[name]] if self.columns[name] < len(cells) else None
        try:
            return read(cell)
        except ValueError:
            text = shown(cell)[:40]
            self._tell(number, name, Text(f"“{text}” cannot be read", f"“{text}”无法识别"))
            return None

    def _balance(self, cells: Sequence[RawCell]) -> Decimal | None:
        """Return the balance if it can be read: it only helps to tell payments apart."""
        try:
            return amount_of(self._text(cells, Field.BALANCE))
        except ValueError:
            return None

    def _text(self, cells: Sequence[RawCell], name: Field) -> str:
        place = self.columns.get(name, len(cells))
        return shown(cells[place]) if place < len(cells) else ""

    def _heading(self, name: Field) -> str:
        return shown(self.sheet.rows[self.place][1][self.columns[name]])

    def _tell(self, number: int, name: Field, reason: Text) -> None:
        cure = Text("Correct the cell, or export the statement again.", "请更正该单元格，或重新导出对账单。")
        self.problems.append(Problem(f"{self.path}: row {number}: {self._heading(name)}", reason, cure))

    def _is_total(self, cells: Sequence[RawCell], texts: Sequence[str]) -> bool:
        """True for sums and remarks of the bank: they have no day, and begin with what they are or say nothing else."""
        place = self.columns[Field.DATE]
        day = cells[place] if place < len(cells) else None
        try:
            day_of(day)
        except ValueError:
            if shown(day) and not _TOTALS.search(shown(day)) and self._text(cells, Field.PAYER):
                return False
            words = [text for text in texts if text]
            return len(words) == 1 or (bool(words) and _TOTALS.search(words[0]) is not None)
        return False

    def _preamble(self) -> tuple[str, str]:
        """Return the account and its holder as the rows above the headings name them."""
        lines = ["|".join(shown(cell) for cell in cells).replace("帐", "账") for _, cells in self.sheet.rows]
        above = [_APART.sub("", line) for line in lines[: self.place]]
        account = next((found[1] for line in above if (found := _ACCOUNT.search(line))), "")
        holder = next((found[1] for line in above if (found := _HOLDER.search(line))), "")
        return account, holder
