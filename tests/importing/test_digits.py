"""No digit is lost: whatever kind of cell a number stands in, it is read whole or refused with its cell."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agent.domain.errors import UsageError
from agent.domain.merchants import Merchant
from agent.importing import read_merchants
from tests.test_import import ROW, read, refusal_in_full, sheet

COLUMNS = list(ROW)
GUARDED = ("payee.account", "password", "backoffice.password", "totp_secret", "username", "backoffice.username")
FULL = {**ROW, "totp_secret": "JBSWY3DPEHPK3PXP"}
Written = str | float | bool | datetime.date | datetime.time
quietly = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def new_book(folder: Path, column: str, value: Written, shown_as: str = "General") -> Path:
    path = folder / "merchants.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as made:
        page, style = made.add_worksheet("商家账号"), made.add_format({"num_format": shown_as})
        page.write_row(0, 0, list(FULL))
        page.write_row(1, 0, list(FULL.values()))
        page.write(1, list(FULL).index(column), value, style)
    return path


def old_book(folder: Path, column: str, value: Written, shown_as: str = "General") -> Path:
    path = folder / "merchants.xls"
    made = xlwt.Workbook()
    page = made.add_sheet("商家账号", cell_overwrite_ok=True)
    for at, (name, text) in enumerate(FULL.items()):
        page.write(0, at, name)
        page.write(1, at, text)
    page.write(1, list(FULL).index(column), value, xlwt.easyxf(num_format_str=shown_as))
    made.save(path)
    return path


def values(merchant: Merchant) -> dict[str, str]:
    (account,) = merchant.accounts
    assert account.login
    assert account.login.totp
    assert merchant.payee
    return {
        "payee.account": merchant.payee.account.get_secret_value(),
        "password": account.login.password.get_secret_value(),
        "backoffice.password": merchant.backoffice.password.get_secret_value(),
        "totp_secret": account.login.totp.get_secret_value(),
        "username": account.login.username,
        "backoffice.username": merchant.backoffice.username,
    }


CELLS = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(datetime.date(1901, 1, 1), datetime.date(2199, 1, 1)),
    st.times(),
)
FORMATS = st.sampled_from(["General", "0", "0.00", "00000000000000", "@", "#,##0", "0.00E+00", "yyyy-mm-dd"])


@pytest.mark.parametrize("write", [new_book, old_book])
@given(column=st.sampled_from(GUARDED), value=CELLS, shown_as=FORMATS)
@example(column="username", value=13800138000, shown_as="General")
@example(column="payee.account", value=35064500123, shown_as="00000000000000")
@example(column="payee.account", value=6.2284804025648902e18, shown_as="0")
@quietly
def test_a_cell_that_is_no_text_is_refused_with_its_place(
    tmp_path: Path, write: Callable[..., Path], column: str, value: Written, shown_as: str
) -> None:
    path = write(tmp_path, column, value, shown_as)
    mobile = isinstance(value, int) and 13 * 10**9 <= value < 2 * 10**10
    if column.endswith("username") and mobile:
        return
    (line,) = refusal_in_full(path)
    if line.startswith("cannot be read (a cell holds a date"):
        return
    letter = chr(ord("A") + list(FULL).index(column))
    assert line.startswith(f"row 2: {column}: ")
    assert f"(cell 商家账号!{letter}2)" in line
    assert "Format the column as text" in line


@pytest.mark.parametrize("write", [new_book, old_book])
@given(column=st.sampled_from(["password", "username"]), digits=st.from_regex(r"[0-9]{1,24}", fullmatch=True))
@quietly
def test_digits_that_are_text_are_read_as_they_stand(
    tmp_path: Path, write: Callable[..., Path], column: str, digits: str
) -> None:
    assert values(read(write(tmp_path, column, digits))[0])[column] == digits


@pytest.mark.parametrize("write", [new_book, old_book])
def test_a_mobile_number_may_be_a_number(tmp_path: Path, write: Callable[..., Path]) -> None:
    assert values(read(write(tmp_path, "username", 13800138000))[0])["username"] == "13800138000"


@pytest.mark.parametrize("write", [new_book, old_book])
@pytest.mark.parametrize("number", [1380013800, 138001380001, 23800138000, 12800138000])
def test_any_other_number_is_no_user_name(tmp_path: Path, write: Callable[..., Path], number: int) -> None:
    (line,) = refusal_in_full(write(tmp_path, "username", number))
    assert "which may have lost its leading zeros" in line


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ('=TEXT(35064500123,"0")', "35064500123"),
        ('=B9&""', "35064500123"),
        ("=CONCATENATE(B9)", "35064500123"),
        ("=TRIM(B9)", "35064500123"),
        ("=35064500123", 35064500123),
        ("=VALUE(B9)", 35064500123),
    ],
)
@pytest.mark.parametrize("column", ["payee.account", "password"])
def test_a_formula_that_may_have_read_a_number_is_refused(
    tmp_path: Path, formula: str, shown: str | int, column: str
) -> None:
    path = tmp_path / "merchants.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, COLUMNS)
        page.write_row(1, 0, list(ROW.values()))
        page.write_formula(1, COLUMNS.index(column), formula, None, shown)
    (line,) = refusal_in_full(path)
    assert line.startswith(f"row 2: {column}: is ")
    assert "Format the column as text" in line


@pytest.mark.parametrize("formula", ["=VLOOKUP(A2,资料!A:C,3,FALSE)", "='账号 表'!$C$4", '="5719"&"00000010001"'])
def test_a_formula_that_takes_text_as_it_is_counts(tmp_path: Path, formula: str) -> None:
    shown = "571900000010001" if "&" not in formula else "570000010001"
    path = tmp_path / "merchants.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, COLUMNS)
        page.write_row(1, 0, list(ROW.values()))
        page.write_formula(1, COLUMNS.index("payee.account"), formula, None, shown)
    if "&" in formula:
        assert "is made by a formula" in refusal_in_full(path)[0]
    else:
        assert values_of_account(path) == shown


def values_of_account(path: Path) -> str:
    payee = read(path)[0].payee
    assert payee
    return payee.account.get_secret_value()


def test_a_formula_in_an_old_workbook_is_refused(tmp_path: Path) -> None:
    made = xlwt.Workbook()
    page = made.add_sheet("s", cell_overwrite_ok=True)
    for at, (name, text) in enumerate(ROW.items()):
        page.write(0, at, name)
        page.write(1, at, text)
    page.write(1, COLUMNS.index("payee.account"), xlwt.Formula('"5719"&"00000010001"'))
    made.save(tmp_path / "m.xls")
    with pytest.raises(UsageError):
        read(tmp_path / "m.xls")


@pytest.mark.parametrize(
    "written", ["6.2E+18", "5.719E+14", "6.2e+18", "3.5E-05", "571900000010001.0", "13800138000.00"]
)
@pytest.mark.parametrize("column", ["payee.account", "password", "username", "backoffice.username"])
def test_a_float_in_a_csv_file_is_refused(tmp_path: Path, written: str, column: str) -> None:
    (line,) = refusal_in_full(sheet(tmp_path, [{**ROW, column: written}]))
    assert line.startswith(f"row 2: {column}: was ")
    assert written not in line


def test_what_is_not_ours_may_be_a_number(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, ["序号", *COLUMNS])
        page.write_row(1, 0, [1, *ROW.values()])
        page.write_row(2, 0, [2])  # rows that were numbered ahead hold nothing of ours
    found = read_merchants(path, {"antd5": "某平台"})
    assert [m.id for m in found.merchants] == ["m1"]
