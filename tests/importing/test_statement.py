"""Reading banks' statements: the shapes that banks export, other forms of cells, and what is told of bad ones."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.errors import UsageError
from agent.importing.statement import read_statement
from agent.importing.statement_cells import RawCell, amount_of, day_of
from agent.importing.statement_headings import Field
from agent.importing.statement_mapping import read_mapping
from tests.fixtures.statements import ACCOUNT, VENDOR, every_bank, put_text, put_xlsx

DAY, AMOUNT = date(2026, 10, 15), Decimal("62.80")
MASKED = {"cmb person": "622848*********8911", "icbc person": "6228****8911", "icbc": ""}


@pytest.mark.parametrize("bank", ["cmb", "cmb person", "icbc", "icbc person", "ccb", "abc", "boc"])
def test_the_shapes_that_banks_export(bank: str, tmp_path: Path) -> None:
    read = read_statement(every_bank(tmp_path)[bank], {}, [VENDOR])
    (entry,) = read.entries
    assert (entry.day, entry.amount, entry.balance) == (DAY, AMOUNT, Decimal("1062.80"))
    assert entry.account == MASKED.get(bank, ACCOUNT)
    assert read.others == 1


def test_the_row_is_the_one_that_the_file_shows(tmp_path: Path) -> None:
    rows = {bank: read_statement(file, {}, [VENDOR]).entries[0].row for bank, file in every_bank(tmp_path).items()}
    assert rows == {"cmb": 7, "cmb person": 6, "icbc": 3, "icbc person": 8, "ccb": 2, "abc": 4, "boc": 5}


HEAD = "交易日期,对方户名,借贷标志,交易金额,余额"


def read(tmp_path: Path, *lines: str) -> list[tuple[int, Decimal]]:
    file = put_text(tmp_path / "bank.csv", "\n".join((HEAD, *lines)), "utf-8")
    return [(entry.row, entry.amount) for entry in read_statement(file, {}, [VENDOR]).entries]


def test_a_word_says_what_came_in_and_what_went_out(tmp_path: Path) -> None:
    rows = [f"2026/9/30 12:00:00,{VENDOR},{word},62.80,1" for word in ("贷", "借", "收入", "支出", "来账", "往账")]
    assert read(tmp_path, *rows) == [(2, AMOUNT), (4, AMOUNT), (6, AMOUNT)]


def test_totals_and_headings_that_come_again_are_no_payments(tmp_path: Path) -> None:
    rows = [f"2026-09-30,{VENDOR},贷,62.80,1", HEAD, f"合计,{VENDOR},贷,62.80,", ",,,,", "第1页"]
    assert read(tmp_path, *rows) == [(2, AMOUNT)]


def test_what_is_taken_back_is_negative(tmp_path: Path) -> None:
    file = put_text(tmp_path / "b.csv", f"日期,收入,支出,对方户名\n20260930,-62.80,,{VENDOR}\n", "gbk")
    assert [entry.amount for entry in read_statement(file, {}, [VENDOR]).entries] == [-AMOUNT]


def test_dates_and_numbers_of_a_workbook(tmp_path: Path) -> None:
    lines: list[list[object]] = [["日期", "收入", "对方户名"], [datetime(2026, 9, 30), 62.800000000000004, VENDOR]]  # noqa: DTZ001
    (entry,) = read_statement(put_xlsx(tmp_path / "b.xlsx", lines), {}, [VENDOR]).entries
    assert (entry.day, entry.amount) == (date(2026, 9, 30), AMOUNT)


def test_text_in_columns_that_is_called_a_workbook(tmp_path: Path) -> None:
    file = put_text(tmp_path / "b.xls", f"日期\t收入\t对方户名\n20260930\t62.80\t{VENDOR}\n", "gbk")
    assert len(read_statement(file, {}, [VENDOR]).entries) == 1


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (f"2026-13-30,{VENDOR},贷,62.80,1", "row 2: 交易日期: “2026-13-30” cannot be read"),
        (f"30/09/2026,{VENDOR},贷,62.80,累计返款", "row 2: 交易日期: “30/09/2026” cannot be read"),
        (f"2026-09-30,{VENDOR},贷,6 2.8O,1", "row 2: 交易金额: “6 2.8O” cannot be read"),
        (f"2026-09-30,{VENDOR},贷,62.805,1", "row 2: 交易金额: “62.805” cannot be read"),
        (f"2026-09-30,{VENDOR},冲,62.80,1", "row 2: 借贷标志: “冲” is not known"),
        (f"2026-09-30,{VENDOR},,62.80,1", "does not say what came in and what went out"),
    ],
)
def test_a_row_that_cannot_be_read_is_told(tmp_path: Path, line: str, text: str) -> None:
    with pytest.raises(UsageError) as told:
        read(tmp_path, line)
    assert text in told.value.text.en
    assert "bank.csv" in told.value.text.en


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"日期,收入,余额,对方户名\n20260930,1,062.80,5,000.00,{VENDOR}\n", "row 2: 日期: its row has more cells"),
        (f"日期,对方户名,收入,余额\n20260930,{VENDOR},1,062.80,5,000.00\n", "row 2: 日期: its row has more cells"),
        (f"日期,收入,对方户名,摘要\n30/9/2026,62.80,{VENDOR},返款合计2笔\n", "“30/9/2026” cannot be read"),
        (f"日期,交易类型,金额,对方户名\n20260930,转账支付,62.80,{VENDOR}\n20260930,转入,5,某\n", "what went out"),
        (f"日期,借贷标志,金额,对方户名\n20260930,,62.80,{VENDOR}\n20260930,贷,5,某\n", "what went out"),
    ],
)
def test_a_row_of_theirs_that_may_be_misread_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as told:
        read_statement(put_text(tmp_path / "b.csv", text, "gbk"), {}, [VENDOR])
    assert words in told.value.text.en


def test_where_all_that_goes_out_has_a_minus_the_rest_came_in(tmp_path: Path) -> None:
    text = f"日期,交易类型,金额,对方户名\n20260930,转账,62.80,{VENDOR}\n20260930,转账,-5,某\n"
    assert [e.amount for e in read_statement(put_text(tmp_path / "b.csv", text, "gbk"), {}, [VENDOR]).entries] == [
        AMOUNT
    ]


def test_another_currency_is_told(tmp_path: Path) -> None:
    file = put_text(tmp_path / "b.csv", f"日期,收入,对方户名,币种\n20260930,62.80,{VENDOR},美元\n", "gbk")
    with pytest.raises(UsageError, match="“美元” is not yuan"):
        read_statement(file, {}, [VENDOR])


def test_what_somebody_else_paid_is_left_alone_however_it_looks(tmp_path: Path) -> None:
    assert read(tmp_path, "gestern,某供应商,?,viel,1", f"2026-09-30,{VENDOR},贷,62.80,1") == [(3, AMOUNT)]


def test_an_unknown_shape_is_told_with_what_was_looked_for(tmp_path: Path) -> None:
    file = put_text(tmp_path / "b.csv", "记帐那天,进,谁\n20260930,62.80,x\n", "gbk")
    with pytest.raises(UsageError) as told:
        read_statement(file, {}, [VENDOR])
    assert "date = 交易日期/" in told.value.text.en
    assert "--mapping" in told.value.text.zh


def test_a_mapping_names_the_headings_of_another_bank(tmp_path: Path) -> None:
    mapping = put_text(tmp_path / "m.toml", 'date = "记帐那天"\nincome = "进"\npayer = "谁"\n', "utf-8")
    file = put_text(tmp_path / "b.csv", f"记帐那天,进,谁\n20260930,62.80,{VENDOR}\n", "gbk")
    assert len(read_statement(file, read_mapping(mapping), [VENDOR]).entries) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date = ", "cannot be read"),
        ('dat = "x"', "m.toml: dat: is not a known field. Did you mean “date”?"),
        ("date = 3", "m.toml: date: is no heading"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as told:
        read_mapping(put_text(tmp_path / "m.toml", text, "utf-8"))
    assert words in told.value.text.en


@pytest.mark.parametrize("name", ["none.csv", "b.pdf"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=name):
        read_statement(tmp_path / name, {}, [VENDOR])


@pytest.mark.parametrize("content", [b"<html><table></table></html>", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0broken"])
def test_a_broken_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.xls").write_bytes(content)
    with pytest.raises(UsageError, match="cannot be read"):
        read_statement(tmp_path / "b.xls", {}, [VENDOR])


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "20260930",
            "2026-09-30",
            "2026/9/30 12:00:00",
            "2026.9.30",
            "2026年9月30日",
            "20260930 17:07:09",
            "20260930170709",
        ),
        *("２０２６－０９－３０", "\t2026-09-30\t", "2026-09-30T12:00:00", 46295.0, 20260930.0, date(2026, 9, 30)),
    ],
)
def test_days_are_read_in_every_form(cell: RawCell) -> None:
    assert day_of(cell) == date(2026, 9, 30)


@pytest.mark.parametrize("cell", ["", "2026", "合计", "2026-02-30", "2026-9", "1.5", True, None, "20260930abc"])
def test_what_is_no_day_is_refused(cell: RawCell) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_of(cell)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False))
def test_an_amount_is_read_back_from_every_form(amount: Decimal) -> None:
    forms: list[RawCell] = [f"{amount}", f"{amount:,}", f"¥{amount:,}", f" {amount:,}\t", f"{amount}元", float(amount)]
    assert {amount_of(form) for form in forms} == {amount}


def test_every_field_of_a_mapping_is_told_in_the_documents() -> None:
    for document in ("docs/money.md", "docs/money.zh-CN.md"):
        text = (Path(__file__).parents[2] / document).read_text(encoding="utf-8")
        assert all(f"`{field}`" in text for field in Field), document
