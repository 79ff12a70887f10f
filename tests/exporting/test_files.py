"""Sheets as files: what a spreadsheet gets to see, and what it cannot be made to do."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.exporting.csv_file import csv_lines, write_csv
from agent.exporting.sheet import Column, Kind, Row, Sheet
from agent.exporting.target import write_whole
from agent.exporting.workbook import write_xlsx

SHEET = Sheet(
    Text("Orders", "订单"),
    (
        Column(Text("Shop", "店铺")),
        Column(Text("Number", "订单编号")),
        Column(Text("Amount", "金额"), Kind.MONEY),
        Column(Text("Due", "可申请日期"), Kind.DATE),
        Column(Text("Ordered", "订购时间"), Kind.MOMENT),
    ),
)
NUMBER = "3391800000000000011"
LATE = datetime(2026, 9, 30, 16, 0, 1, tzinfo=UTC)  # the next day in Shanghai
ROW: Row = ("锦绣店", NUMBER, Decimal("62.8"), date(2026, 10, 13), LATE)
EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", " =1", "\ufeff=1")


def chinese(text: Text) -> str:
    return text.zh


def as_csv(*rows: Row) -> list[list[str]]:
    text = "".join(csv_lines(SHEET, rows, chinese))
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv_has_a_byte_order_mark_and_chinese_headings(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        assert write_csv(lines, SHEET, [ROW], chinese) == 1
    assert file.read_bytes().startswith(b"\xef\xbb\xbf" + "店铺,订单编号,金额".encode())


def test_csv_keeps_every_digit_and_the_date_in_shanghai() -> None:
    assert as_csv(ROW)[1] == ["锦绣店", f"{NUMBER}\t", "62.80", "2026-10-13", "2026-10-01 00:00:01"]


def test_csv_leaves_short_numbers_and_nothing_as_they_are() -> None:
    assert as_csv(("8", None, None, None, None), ("007", "", Decimal(-5), None, None))[1:] == [
        ["8", "", "", "", ""],
        ["007\t", "", "-5.00", "", ""],
    ]


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_of_csv_becomes_a_formula(text: str) -> None:
    assert as_csv((text, "1", None, None, None))[1][0] == f"'{text}"


@given(st.text())
def test_every_text_can_be_read_back_from_csv(text: str) -> None:
    cell = as_csv((text, "1", None, None, None))[1][0]
    assert cell.removeprefix("'").rstrip("\t") in (text.removeprefix("'").rstrip("\t"), text.rstrip("\t"))
    assert cell[:1] not in {*"=+-@\t\r\n"}


def test_a_workbook_has_text_numbers_and_dates_of_their_kinds(tmp_path: Path) -> None:
    file = tmp_path / "orders.xlsx"
    assert write_xlsx(file, SHEET, [ROW, *((text, "1", None, None, None) for text in EVIL)], chinese) == 1 + len(EVIL)
    page = load_workbook(file).active
    assert page is not None
    assert page.title == "订单"
    assert [cell.value for cell in page[1]] == ["店铺", "订单编号", "金额", "可申请日期", "订购时间"]
    shown = [cell.value for cell in page[2]]
    assert shown == ["锦绣店", NUMBER, 62.8, datetime(2026, 10, 13), datetime(2026, 10, 1, 0, 0, 1)]  # noqa: DTZ001
    assert [cell.data_type for cell in page[2]] == ["s", "s", "n", "d", "d"]
    assert page["C2"].number_format == "#,##0.00"
    assert {page.cell(row, 1).data_type for row in range(3, 3 + len(EVIL))} == {"s"}
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == f"A1:E{2 + len(EVIL)}"


def test_a_workbook_takes_no_markup_from_a_text(tmp_path: Path) -> None:
    file = tmp_path / "orders.xlsx"
    write_xlsx(file, SHEET, [("<r><t>店</t></r>", "1", None, None, None)], chinese)
    page = load_workbook(file).active
    assert page is not None
    assert page["A2"].value == " <r><t>店</t></r>"


def test_an_empty_workbook_still_has_its_headings(tmp_path: Path) -> None:
    file = tmp_path / "empty.xlsx"
    assert write_xlsx(file, SHEET, [], chinese) == 0
    page = load_workbook(file).active
    assert page is not None
    assert page["B1"].value == "订单编号"


def test_rows_that_do_not_fit_go_on_to_a_further_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.exporting.workbook._MOST_ROWS", 2)
    file = tmp_path / "many.xlsx"
    assert write_xlsx(file, SHEET, [(str(n), "", None, None, None) for n in range(5)], chinese) == 5
    book = load_workbook(file)
    assert book.sheetnames == ["订单", "订单 (2)", "订单 (3)"]
    assert [page.max_row - 1 for page in book.worksheets] == [2, 2, 1]


def test_a_file_is_whole_or_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("old", encoding="utf-8")

    def dies(beside: Path) -> int:
        beside.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(file, dies)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_a_link_stays_a_link_to_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_whole(tmp_path / "link.csv", lambda beside: beside.write_text("new", encoding="utf-8"))
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text(encoding="utf-8") == "new"


def test_places_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    for name, text in (("folder.xlsx", "is a folder"), ("none/a.xlsx", "does not exist"), ("a" * 300, "written")):
        with pytest.raises(UsageError) as told:
            write_whole(tmp_path / name, lambda beside: write_xlsx(beside, SHEET, [ROW], chinese))
        assert text in told.value.text.en
    assert {path.name for path in tmp_path.iterdir()} == {"folder.xlsx"}
