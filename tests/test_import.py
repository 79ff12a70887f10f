"""Merchants files: the three forms mean the same, and what is wrong is told with place and cure, never a secret."""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from agent.domain.errors import UsageError
from agent.domain.merchants import Edition, Merchant
from agent.importing import read_merchants

PLATFORMS = {"antd5": "某平台", "taobao": "淘宝/天猫", "jd": "京东", "pinduoduo": "拼多多"}
GONE = {"jd": "京东", "paipai": "拍拍"}
CONTRACT = """
[[merchants]]
id = "m1"
name = "锦绣家居"
edition = "cloud"
[merchants.backoffice]
username = "demo"
password = "demo-pass"
[merchants.payee]
bank = "招商银行杭州分行"
holder = "杭州锦绣家居有限公司"
account = "571900000010001"
[[merchants.accounts]]
platform = "antd5"
username = "shop-demo"
password = "shop-pass"
shop = "锦绣家居旗舰店"
"""
ROW = {
    "id": "m1",
    "name": "锦绣家居",
    "edition": "cloud",
    "backoffice.username": "demo",
    "backoffice.password": "demo-pass",
    "payee.bank": "招商银行杭州分行",
    "payee.holder": "杭州锦绣家居有限公司",
    "payee.account": "571900000010001",
    "platform": "antd5",
    "username": "shop-demo",
    "password": "shop-pass",
    "shop": "锦绣家居旗舰店",
}


def toml(folder: Path, text: str) -> Path:
    path = folder / "merchants.toml"
    path.write_text(text, encoding="utf-8")
    return path


def sheet(folder: Path, rows: Sequence[Mapping[str, object]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path = folder / "merchants.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def workbook(folder: Path, rows: Sequence[Mapping[str, object]], top: int = 0) -> Path:
    path = folder / "merchants.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for number, row in enumerate([dict.fromkeys(rows[0]), *rows], start=top):
            for column, name in enumerate(rows[0]):
                page.write(number, column, name if number == top else row[name])
    return path


def book(
    folder: Path,
    sheets: Mapping[str, Sequence[Mapping[str, str | int]]],
    *,
    hide: Sequence[str] = (),
    deep: bool = False,
    rows: Sequence[int] = (),
    columns: str = "",
    merge: int = 0,
    title: str = "",
    number_format: str = "General",
) -> Path:
    """A workbook of several sheets: `hide` are titles, `rows` and `columns` are hidden in each. `merge` is how many
    columns of the first two rows below the headings are one cell each.
    """
    path = folder / "merchants.xlsx"
    with xlsxwriter.Workbook(path) as made:
        style = made.add_format({"num_format": number_format})
        for name, filled in sheets.items():
            page = made.add_worksheet(name)
            top = 1 if title else 0
            lines: list[list[str | int]] = [[*filled[0]], *([*row.values()] for row in filled)]
            for number, line in enumerate(lines, start=top):
                page.write_row(number, 0, line, style)
            if title:
                page.merge_range(0, 0, 0, 5, title)
            for column in range(merge):
                page.merge_range(1, column, 2, column, lines[1][column])
            for number in rows:
                page.set_row(number, None, None, {"hidden": True})
            if columns:
                page.set_column(columns, None, None, {"hidden": True})
            if name in hide:
                page.very_hidden() if deep else page.hide()
            else:
                page.activate()
                page.set_first_sheet()
    return path


def formula(folder: Path, text: str, shown: str) -> Path:
    """A workbook whose account is a formula with the value that it had when it was saved."""
    path = folder / "merchants.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, list(ROW))
        page.write_row(1, 0, list(ROW.values()))
        page.write_formula(1, list(ROW).index("payee.account"), text, None, shown)
    return path


def read(path: Path) -> list[Merchant]:
    return read_merchants(path, PLATFORMS).merchants


def refusal(path: Path) -> list[str]:
    """The lines of the error in English, each without the file's name that it starts with, and without cells."""
    return [re.sub(r" \((cell|sheet) [^)]*\)", "", line) for line in refusal_in_full(path)]


def refusal_in_full(path: Path) -> list[str]:
    """The same with the cells."""
    with pytest.raises(UsageError) as caught:
        read(path)
    lines = caught.value.text.en.splitlines()
    assert len(lines) == len(caught.value.text.zh.splitlines())
    assert all(line.startswith(str(path)) for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


def check_contract(merchant: Merchant) -> None:
    assert (merchant.id, merchant.name, merchant.edition) == ("m1", "锦绣家居", Edition.CLOUD)
    assert merchant.backoffice.username == "demo"
    assert merchant.backoffice.password.get_secret_value() == "demo-pass"
    assert merchant.payee is not None
    assert (merchant.payee.bank, merchant.payee.holder) == ("招商银行杭州分行", "杭州锦绣家居有限公司")
    assert merchant.payee.account.get_secret_value() == "571900000010001"
    (account,) = merchant.accounts
    assert (str(account.key), account.shop) == ("m1/antd5", "锦绣家居旗舰店")
    assert account.login is not None
    assert (account.login.username, account.login.password.get_secret_value()) == ("shop-demo", "shop-pass")


class TestForms:
    def test_toml(self, tmp_path: Path) -> None:
        (merchant,) = read(toml(tmp_path, CONTRACT))
        check_contract(merchant)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_csv(self, tmp_path: Path, encoding: str, delimiter: str) -> None:
        (merchant,) = read(sheet(tmp_path, [ROW], encoding, delimiter))
        check_contract(merchant)

    @pytest.mark.parametrize("top", [0, 3])
    def test_xlsx(self, tmp_path: Path, top: int) -> None:
        (merchant,) = read(workbook(tmp_path, [ROW], top))
        check_contract(merchant)

    def test_columns_with_underscores_and_capitals(self, tmp_path: Path) -> None:
        (merchant,) = read(sheet(tmp_path, [{f" {k.replace('.', '_').upper()} ": v for k, v in ROW.items()}]))
        check_contract(merchant)

    def test_the_suffix_may_be_capital(self, tmp_path: Path) -> None:
        check_contract(read(toml(tmp_path, CONTRACT).rename(tmp_path / "M.TOML"))[0])

    def test_several_merchants_and_accounts(self, tmp_path: Path) -> None:
        blank = dict.fromkeys(ROW, "")
        rows = [
            ROW,
            {**blank, "id": "m1", "platform": "jd", "username": "j", "password": "p"},
            {**ROW, "id": "m2", "edition": "j_series", "shop": ""},
            blank,
            {**ROW, "platform": "taobao"},
        ]
        for path in (sheet(tmp_path, rows), workbook(tmp_path, rows)):
            first, second = read(path)
            check_contract(replace(first, accounts=first.accounts[:1]))
            assert [a.key.platform for a in first.accounts] == ["antd5", "jd", "taobao"]
            assert (second.id, second.edition, second.accounts[0].shop) == ("m2", Edition.J_SERIES, None)

    def test_the_payee_may_be_missing(self, tmp_path: Path) -> None:
        start, end = CONTRACT.index("[merchants.payee]"), CONTRACT.index("[[merchants.accounts]]")
        assert read(toml(tmp_path, CONTRACT[:start] + CONTRACT[end:]))[0].payee is None
        bare = {k: v for k, v in ROW.items() if not k.startswith("payee")}
        assert read(sheet(tmp_path, [bare]))[0].payee is None

    def test_a_merchant_may_have_no_account_yet(self, tmp_path: Path) -> None:
        assert read(toml(tmp_path, CONTRACT[: CONTRACT.index("[[merchants.accounts]]")]))[0].accounts == ()

    def test_passwords_are_taken_as_they_stand(self, tmp_path: Path) -> None:
        row = {**ROW, "password": ' p"a,ss; ', "username": " shop-demo "}
        for path in (sheet(tmp_path, [row]), workbook(tmp_path, [row])):
            login = read(path)[0].accounts[0].login
            assert login is not None
            assert (login.username, login.password.get_secret_value()) == ("shop-demo", ' p"a,ss; ')

    def test_a_number_for_a_user_name_is_read_as_it_is_shown(self, tmp_path: Path) -> None:
        (merchant,) = read(workbook(tmp_path, [{**ROW, "username": 13800138000}]))
        login = merchant.accounts[0].login
        assert login is not None
        assert login.username == "13800138000"


class TestPlatformsThatAreGone:
    """Their accounts have no log-in; all others must have one."""

    def test_need_no_user_name_and_no_password(self, tmp_path: Path) -> None:
        bare = {**ROW, "platform": "paipai", "username": "", "password": "", "shop": ""}
        text = CONTRACT.partition("platform =")[0] + 'platform = "paipai"\n'
        for path in (toml(tmp_path, text), sheet(tmp_path, [bare]), workbook(tmp_path, [bare])):
            (account,) = read_merchants(path, GONE, gone=["paipai"]).merchants[0].accounts
            assert (account.key.platform, account.login) == ("paipai", None)

    def test_half_a_log_in_is_none(self, tmp_path: Path) -> None:
        path = sheet(tmp_path, [{**ROW, "platform": "paipai", "password": ""}])
        with pytest.raises(UsageError, match="password: is missing"):
            read_merchants(path, {"paipai": "拍拍"}, gone=["paipai"])

    def test_others_do_need_it(self, tmp_path: Path) -> None:
        path = sheet(tmp_path, [{**ROW, "platform": "jd", "username": "", "password": ""}])
        with pytest.raises(UsageError, match=r"(?s)username: is missing.*password: is missing"):
            read_merchants(path, GONE, gone=["paipai"])


class TestFiles:
    def test_that_is_missing(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "none.csv")[0].startswith("cannot be read (No such file")

    def test_that_is_missing_as_a_workbook(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "none.xlsx")[0].startswith("cannot be read (")

    def test_of_another_kind(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "merchants.json") == ["is of no known kind. Use .toml, .csv, .xlsx or .xls."]

    @pytest.mark.parametrize(
        ("name", "content"), [("m.toml", b""), ("m.csv", b""), ("m.csv", b"\n\n"), ("m.csv", b"id,name\r\n")]
    )
    def test_that_is_empty(self, tmp_path: Path, name: str, content: bytes) -> None:
        (tmp_path / name).write_bytes(content)
        assert refusal(tmp_path / name) == ["holds no merchant. See the README's example."]

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("m.csv", b"\xff\xfei\x00d"),
            ("m.csv", b"id,name\n\x80\xff"),
            ("m.csv", b'id,name\n"m1,x'),
            ("m.csv", b'id,name\n"m1"x,y'),
            ("m.xlsx", b"PK\x03\x04 no zip"),
            ("m.xlsx", b"id,name"),
            ("m.xlsx", b""),
            ("m.xls", b""),
            ("m.xls", b"<html><table><tr><td>id"),
            ("m.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook"),
        ],
    )
    def test_that_is_broken(self, tmp_path: Path, name: str, content: bytes) -> None:
        (tmp_path / name).write_bytes(content)
        (line,) = refusal(tmp_path / name)
        assert line.startswith("cannot be read (")

    def test_broken_toml_names_the_line(self, tmp_path: Path) -> None:
        (line,) = refusal(toml(tmp_path, "[[merchants]]\nid = m1"))
        assert "line 2" in line

    def test_toml_in_another_encoding(self, tmp_path: Path) -> None:
        path = tmp_path / "m.toml"
        path.write_bytes(CONTRACT.encode("gb18030"))
        assert refusal(path) == ["is not UTF-8. Save it as UTF-8."]


class TestToml:
    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ('id = "m1"\n', "", "merchants[0].id: is missing. Add it."),
            ('id = "m1"', 'id = "../x"', "merchants[0].id: “../x” cannot be an id."),
            ('name = "锦绣家居"', 'name = " "', "merchants[0].name: is empty."),
            ('edition = "cloud"', 'edition = "clod"', "merchants[0].edition: “clod” is not an edition."),
            ('edition = "cloud"', 'edition = "pro"', "merchants[0].edition: “pro” is not an edition. Known are"),
            ('username = "demo"', "", "merchants[0].backoffice.username: is missing."),
            ('"demo-pass"', "123456", "merchants[0].backoffice.password: is not text. Write it in quotes."),
            ('"shop-pass"', '""', "merchants[0].accounts[0].password: is empty."),
            ('"shop-pass"', "[1]", "merchants[0].accounts[0].password: is not text."),
            ('"shop-pass"', '"shop\\u200bpass"', "merchants[0].accounts[0].password: holds an invisible character"),
            ('"shop-demo"', '"shop\\ndemo"', "merchants[0].accounts[0].username: holds an invisible character"),
            ("shop =", "shopp =", "merchants[0].accounts[0].shopp: is not a known field. Did you mean “shop”?"),
            ("bank =", "bnak =", "merchants[0].payee.bnak: is not a known field. Did you mean “payee.bank”?"),
            ('"antd5"', '"antd"', "merchants[0].accounts[0].platform: “antd” is not a known platform."),
            ("[merchants.backoffice]", "backoffice = 5\n[x]", "x: is not a known field."),
            ("[[merchants]]", "note = 1\n[[merchants]]", "note: is not a known field."),
            ("[[merchants.accounts]]", "[merchants.accounts]", "merchants[0].accounts: is not a list of tables."),
        ],
    )  # fmt: skip
    def test_names_the_field(self, tmp_path: Path, old: str, new: str, told: str) -> None:
        assert refusal(toml(tmp_path, CONTRACT.replace(old, new, 1)))[0].startswith(told)

    def test_an_unknown_platform_lists_the_known(self, tmp_path: Path) -> None:
        (line,) = refusal(toml(tmp_path, CONTRACT.replace('"antd5"', '"antd"')))
        assert line.endswith("Did you mean “antd5”? Known are: antd5, jd, pinduoduo, taobao.")

    @pytest.mark.parametrize("text", ["merchants = 5", 'merchants = ["m1"]', "[merchants]\nid = 'x'"])
    def test_merchants_must_be_tables(self, tmp_path: Path, text: str) -> None:
        (line,) = refusal(toml(tmp_path, text))
        assert line.startswith("merchants")

    def test_a_merchant_twice(self, tmp_path: Path) -> None:
        assert refusal(toml(tmp_path, CONTRACT * 2)) == [
            "merchants[1].id: “m1” is there twice, also in merchants[0]. Keep one of them."
        ]

    def test_an_account_twice(self, tmp_path: Path) -> None:
        again = CONTRACT[CONTRACT.index("[[merchants.accounts]]") :]
        (line,) = refusal(toml(tmp_path, CONTRACT + again))
        assert line.startswith(
            "merchants[0].accounts[1].platform: “antd5” is there twice, also in merchants[0].accounts[0]. Keep one"
        )
        assert "`label`" in line

    def test_everything_is_told_at_once(self, tmp_path: Path) -> None:
        text = CONTRACT.replace("cloud", "x").replace("571900000010001", "a@b.cn") + CONTRACT.replace("m1", "m 2")
        places = [line.partition(": ")[0] for line in refusal(toml(tmp_path, text))]
        assert places == ["merchants[0].edition", "merchants[0].payee.account", "merchants[1].id"]


class TestRows:
    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"id": ""}, "row 3: id: is missing."),
            ({"platform": "ebay"}, "row 3: platform: is not a known platform. Known are: antd5,"),
            ({"platform": "pingduoduo"}, "row 3: platform: “pingduoduo” is not a known platform. Did you mean"),
            ({"platform": "ebay", "id": "m2"}, "row 3: platform: is not a known platform. Known are: antd5,"),
            ({"platform": ""}, "row 3: platform: is missing."),
            ({"platform": "jd", "password": ""}, "row 3: password: is missing."),
            ({}, "row 3: platform: “antd5” is there twice, also in row 2."),
            ({"platform": "jd", "name": "其他"}, "row 3: name: differs from row 2. Rows of one merchant must agree."),
            ({"platform": "jd", "payee.account": "571900000010002"}, "row 3: payee.account: differs from row 2."),
            ({"platform": "jd", "backoffice.password": "other"}, "row 3: backoffice.password: differs from row 2."),
            ({"id": "m2", "payee.bank": ""}, "row 3: payee.bank: is missing."),
            ({"id": "m2", "edition": "saas"}, "row 3: edition: is not an edition. Known are: classic,"),
            ({"id": "m2", "edition": "clod"}, "row 3: edition: “clod” is not an edition. Did you mean “cloud”?"),
            ({"id": "m 2"}, "row 3: id: cannot be an id."),
        ],
    )
    @pytest.mark.parametrize("write", [sheet, workbook])
    def test_names_row_and_field(
        self, tmp_path: Path, write: Callable[..., Path], changes: dict[str, str], told: str
    ) -> None:
        (line,) = refusal(write(tmp_path, [ROW, {**ROW, **changes}]))
        assert line.startswith(told)

    def test_the_row_is_the_one_that_a_person_sees(self, tmp_path: Path) -> None:
        blank = dict.fromkeys(ROW, "")
        rows = [ROW, blank, {**ROW, "id": "m2", "edition": "x"}]
        assert refusal(workbook(tmp_path, rows, top=4))[0].startswith("row 8: edition")
        assert refusal(sheet(tmp_path, rows))[0].startswith("row 4: edition")

    def test_unknown_and_double_columns(self, tmp_path: Path) -> None:
        path = tmp_path / "m.csv"
        path.write_text("id,payee.acount,name,name\nm1,1,x,x\n")
        lines = refusal(path)
        assert lines[0] == "row 1: payee.acount: is not a known field. Did you mean “payee.account”?"
        assert "row 1: name: is there twice. Keep one of the columns." in lines

    @pytest.mark.parametrize("write", [sheet, workbook])
    def test_a_column_that_is_not_ours_is_told_and_not_read(self, tmp_path: Path, write: Callable[..., Path]) -> None:
        found = read_merchants(write(tmp_path, [{"序号": 1, **ROW, "备注": "老客户"}]), PLATFORMS)
        check_contract(found.merchants[0])
        told = [note.zh.removeprefix(f"{tmp_path / 'merchants'}") for note in found.notes]
        assert [note.partition("：")[2] for note in told] == [
            "A 列（“序号”）不是所需的列，未读取",
            "N 列（“备注”）不是所需的列，未读取",
        ]

    @pytest.mark.parametrize("write", [sheet, workbook])
    def test_a_sheet_without_headings_says_so_once(self, tmp_path: Path, write: Callable[..., Path]) -> None:
        values = {str(v): str(v) for v in ROW.values()}
        (line,) = refusal(write(tmp_path, [values, values]))
        assert line.startswith("row 1: holds no headings. One row names the columns: id, name, edition,")
        assert not any(str(secret) in line for secret in ("demo-pass", "shop-pass", "571900000010001"))

    def test_more_cells_than_columns(self, tmp_path: Path) -> None:
        path = sheet(tmp_path, [ROW])
        path.write_text(path.read_text(encoding="utf-8").rstrip() + ",surplus\n", encoding="utf-8")
        (line,) = refusal(path)
        assert line.startswith("row 2: -: has more cells than there are columns.")

    @pytest.mark.parametrize("number", [6228480000000000000, 10**15, -571900000010001, 12.5, True, date(2026, 1, 2)])
    @pytest.mark.parametrize("column", ["payee.account", "password"])
    def test_a_cell_whose_digits_may_be_lost(self, tmp_path: Path, number: object, column: str) -> None:
        (line,) = refusal(workbook(tmp_path, [{**ROW, column: number}]))
        assert line.startswith(f"row 2: {column}: is ")
        assert "Format the column as text" in line

    @pytest.mark.parametrize("column", ["payee.account", "password", "backoffice.password", "totp_secret"])
    def test_a_number_for_a_secret_may_have_lost_its_zeros(self, tmp_path: Path, column: str) -> None:
        (line,) = refusal(workbook(tmp_path, [{**ROW, column: 571900000010001}]))
        assert line.startswith(f"row 2: {column}: is stored as a number, which may have lost its leading zeros.")
        assert "571900000010001" not in line

    @pytest.mark.parametrize("column", ["password", "username"])
    def test_a_password_that_a_spreadsheet_shortened(self, tmp_path: Path, column: str) -> None:
        (line,) = refusal(sheet(tmp_path, [{**ROW, column: "1.38E+10"}]))
        assert line.startswith(f"row 2: {column}: was shortened by a spreadsheet")

    @pytest.mark.parametrize("shortened", ["5.719E+14", "6.22848E+18", "6E+18"])
    def test_a_number_that_a_spreadsheet_shortened(self, tmp_path: Path, shortened: str) -> None:
        (line,) = refusal(sheet(tmp_path, [{**ROW, "payee.account": shortened}]))
        assert "was shortened by a spreadsheet" in line


class TestWhatAPersonSees:
    """A sheet is read as it stands on the screen, and refused where more stands in it than can be seen."""

    def test_a_hidden_sheet_is_not_read(self, tmp_path: Path) -> None:
        old = {**ROW, "payee.holder": "陈某", "payee.account": "1202000000009999"}
        check_contract(read(book(tmp_path, {"2023存档": [old], "商家账号": [ROW]}, hide=["2023存档"]))[0])

    def test_a_sheet_that_only_programs_can_show_is_not_read(self, tmp_path: Path) -> None:
        old = {**ROW, "payee.holder": "陈某"}
        check_contract(read(book(tmp_path, {"存档": [old], "商家账号": [ROW]}, hide=["存档"], deep=True))[0])

    def test_the_sheet_with_headings_is_found_behind_notes(self, tmp_path: Path) -> None:
        notes = [{"本表由运营填写": "密码请勿外传"}]
        check_contract(read(book(tmp_path, {"填写说明": notes, "商家账号": [ROW]}))[0])

    def test_two_sheets_of_merchants_are_named(self, tmp_path: Path) -> None:
        (line,) = refusal(book(tmp_path, {"华东": [ROW], "华南": [{**ROW, "id": "m2"}]}))
        assert line.startswith("holds merchants in several sheets (“华东”, “华南”).")

    def test_a_hidden_row_is_neither_read_nor_lost(self, tmp_path: Path) -> None:
        (line,) = refusal(book(tmp_path, {"商家账号": [ROW, {**ROW, "id": "m2"}]}, rows=[2]))
        assert line == "row 3: is hidden. Show it, or delete it."

    def test_a_hidden_column_is_neither_read_nor_lost(self, tmp_path: Path) -> None:
        (line,) = refusal(book(tmp_path, {"商家账号": [ROW]}, columns="E:E"))
        assert line == "column E: is hidden. Show it, or delete it."

    def test_hidden_rows_and_columns_that_hold_nothing_do_no_harm(self, tmp_path: Path) -> None:
        check_contract(read(book(tmp_path, {"商家账号": [ROW]}, rows=[5], columns="X:Z"))[0])

    def test_a_formula_counts_as_what_it_shows(self, tmp_path: Path) -> None:
        path = formula(tmp_path, '=TEXT("571900000010001","0")', "571900000010001")
        check_contract(read(path)[0])

    @pytest.mark.parametrize(
        ("shown", "told"), [("", "is a formula whose value is not in the file"), ("#N/A", "shows an error")]
    )
    def test_a_formula_without_a_value_is_refused(self, tmp_path: Path, shown: str, told: str) -> None:
        (line,) = refusal(formula(tmp_path, '=VLOOKUP("m1",Z1:Z9,1)', shown))
        assert line.startswith(f"row 2: payee.account: {told}")

    def test_a_number_whose_format_shows_more_than_it_holds(self, tmp_path: Path) -> None:
        (line,) = refusal(book(tmp_path, {"商家账号": [{**ROW, "username": 123}]}, number_format="00000000"))
        assert line.startswith("row 2: username: is stored as a number")

    def test_merged_cells_count_for_each_of_their_rows(self, tmp_path: Path) -> None:
        second = {**dict.fromkeys(ROW, ""), "platform": "jd", "username": "j", "password": "p"}
        third = {**ROW, "id": "m2"}
        first, last = read(book(tmp_path, {"商家账号": [ROW, second, third]}, merge=8))
        assert [a.key.platform for a in first.accounts] == ["antd5", "jd"]
        assert last.id == "m2"

    @pytest.mark.parametrize("write", [sheet, workbook])
    def test_a_row_without_a_merchant_goes_on_with_the_one_above(
        self, tmp_path: Path, write: Callable[..., Path]
    ) -> None:
        more = {**dict.fromkeys(ROW, ""), "platform": "jd", "username": "j", "password": "p"}
        first, second = read(write(tmp_path, [ROW, more, {**ROW, "id": "m2"}, more]))
        assert [a.key.platform for a in first.accounts] == [a.key.platform for a in second.accounts] == ["antd5", "jd"]

    def test_a_title_may_stand_above_the_headings(self, tmp_path: Path) -> None:
        path = sheet(tmp_path, [ROW])
        path.write_text(f"商家账号登记表（2026年）\n\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
        check_contract(read(path)[0])
        check_contract(read(book(tmp_path, {"商家账号": [ROW]}, title="商家账号登记表（2026年）"))[0])

    @pytest.mark.parametrize(
        "written",
        ['="571900000010001"', '"=""571900000010001"""', "'571900000010001", "571900000010001\t", " 571900000010001　"],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
    def test_digits_that_are_kept_from_being_a_number(self, tmp_path: Path, written: str, encoding: str) -> None:
        path = sheet(tmp_path, [ROW], encoding)
        text = path.read_text(encoding=encoding).replace("571900000010001", written)
        path.write_text(text, encoding=encoding)
        check_contract(read(path)[0])

    def test_a_line_that_names_the_delimiter_is_no_row(self, tmp_path: Path) -> None:
        path = sheet(tmp_path, [ROW], delimiter=";")
        path.write_text(f"sep=;\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
        check_contract(read(path)[0])


class TestPayee:
    @pytest.mark.parametrize(
        ("field", "text", "sign"),
        [
            ("account", "someone@example.cn", "e-mail address"),
            ("account", "someone＠example.cn", "e-mail address"),
            ("account", "13800138000", "mobile number"),
            ("account", "138 0013 8000", "mobile number"),
            ("account", "138-0013-8000", "mobile number"),
            ("account", "１３８００１３８０００", "mobile number"),
            ("account", "+86 13800138000", "mobile number"),
            ("account", "8613800138000", "mobile number"),
            ("account", "支付宝13800138000", "names Alipay"),
            ("account", "013800138000", "mobile number"),
            ("account", "0086 013800138000", "mobile number"),
            ("account", "2088102146225135", "user number of Alipay"),
            ("bank", "招商银行(账号13800138000)", "mobile number"),
            ("bank", "ZFB", "names Alipay"),
            ("bank", "蚂蚁金服", "names Alipay"),
            ("bank", "余额宝", "names Alipay"),
            ("bank", "微信支付", "names Alipay"),
            ("bank", "支付宝", "names Alipay"),
            ("bank", "支 付 宝", "names Alipay"),
            ("bank", "支付寶（中国）", "names Alipay"),
            ("bank", "AliPay", "names Alipay"),
            ("bank", "Ａｌｉｐａｙ", "names Alipay"),
            ("bank", "ali-pay.com", "names Alipay"),
            ("holder", "张三 (Alipay)", "names Alipay"),
            ("holder", "zhang@alibaba.cn", "e-mail address"),
            ("holder", "19912345678", "mobile number"),
        ],
    )
    def test_alipay_in_every_disguise(self, tmp_path: Path, field: str, text: str, sign: str) -> None:
        (line,) = refusal(sheet(tmp_path, [{**ROW, f"payee.{field}": text}]))
        assert line.startswith(f"row 2: payee.{field}: ")
        assert sign in line
        assert line.endswith("Refunds go to bank accounts alone: give bank, holder and bank account number.")

    @pytest.mark.parametrize(
        ("written", "digits"),
        [
            ("571900000010001", "571900000010001"),
            ("6228 4800 1234 5678 911", "6228480012345678911"),
            ("6228-4800-1234-5678-911", "6228480012345678911"),
            ("６２２８４８００", "62284800"),
            ("10" * 15, "10" * 15),
            ("12800138000", "12800138000"),
        ],
    )
    def test_bank_accounts(self, tmp_path: Path, written: str, digits: str) -> None:
        payee = read(sheet(tmp_path, [{**ROW, "payee.account": written}]))[0].payee
        assert payee is not None
        assert payee.account.get_secret_value() == digits

    @pytest.mark.parametrize(
        "written", ["1234567", "1" * 31, "CN5719000000100", "57190000001000l", "见合同", "٥٧١٩٠٠٠٠٠٠١٠٠٠١"]
    )
    def test_no_bank_account(self, tmp_path: Path, written: str) -> None:
        (line,) = refusal(sheet(tmp_path, [{**ROW, "payee.account": written}]))
        assert line.startswith("row 2: payee.account: is not a bank account number of 8 to 30 digits")

    def test_a_bank_of_alipays_owner_is_a_bank(self, tmp_path: Path) -> None:
        assert read(sheet(tmp_path, [{**ROW, "payee.bank": "浙江网商银行"}]))[0].payee is not None


class TestSecrets:
    @pytest.mark.parametrize("column", ["password", "backoffice.password", "payee.account"])
    @pytest.mark.parametrize(
        "secret", ["s3cret\u200bs3cret", "s3cret\ns3cret", "s3cret@s3cret.cn", "支付宝s3cret", "s3cret"]
    )
    @pytest.mark.parametrize("write", [sheet, workbook])
    def test_no_error_shows_one(self, tmp_path: Path, write: Callable[..., Path], column: str, secret: str) -> None:
        rows = [{**ROW, "edition": "x"}, {**ROW, "edition": "x", column: secret}]
        assert "s3cret" not in "\n".join(refusal(write(tmp_path, rows)))
        assert "demo-pass" not in "\n".join(refusal(write(tmp_path, rows)))

    @pytest.mark.parametrize("by", range(1, len(ROW)))
    @pytest.mark.parametrize("write", [sheet, workbook])
    def test_no_error_shows_one_from_a_row_that_is_shifted(
        self, tmp_path: Path, write: Callable[..., Path], by: int
    ) -> None:
        secrets = {"password": "s3cret-shop", "backoffice.password": "s3cret-desk", "payee.account": "571900000010001"}
        values = list({**ROW, **secrets}.values())
        shifted = dict(zip(ROW, values[by:] + values[:by], strict=True))
        told = "\n".join(refusal(write(tmp_path, [shifted, shifted])))
        assert not any(secret in told for secret in secrets.values())

    @pytest.mark.parametrize("secret", ['"s3cret\\u0000"', "{s3cret = 1}", '["s3cret"]', "s3cret", "'s3cret"])
    def test_no_toml_error_shows_one(self, tmp_path: Path, secret: str) -> None:
        path = toml(tmp_path, CONTRACT.replace('"shop-pass"', secret))
        assert "s3cret" not in "\n".join(refusal(path))

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.fixed_dictionaries({name: st.text(st.characters(codec="utf-8"), max_size=8) for name in ROW}),
            min_size=1,
            max_size=3,
        )
    )
    def test_any_text_is_read_or_refused(self, tmp_path: Path, rows: list[dict[str, str]]) -> None:
        try:
            platforms = {a.key.platform for m in read(sheet(tmp_path, rows)) for a in m.accounts}
        except UsageError:
            platforms = set()
        assert platforms <= set(PLATFORMS)


@pytest.mark.parametrize("written", ["JBSW Y3DP-ehpk3pxp", "JBSWY3DPEHPK3PXP===="])
def test_an_authenticators_secret_is_taken_as_sites_show_it(tmp_path: Path, written: str) -> None:
    path = toml(tmp_path, CONTRACT.replace('"shop-pass"', f'"shop-pass"\ntotp_secret = "{written}"'))
    login = read(path)[0].accounts[0].login
    assert login
    assert login.totp == SecretStr("JBSWY3DPEHPK3PXP")


def test_what_is_no_authenticators_secret_is_refused_and_not_repeated(tmp_path: Path) -> None:
    path = toml(tmp_path, CONTRACT.replace('"shop-pass"', '"shop-pass"\ntotp_secret = "738291"'))
    (problem,) = refusal(path)
    assert "totp_secret" in problem
    assert "738291" not in problem


@pytest.mark.parametrize("number", ["6222021234567890123", "6222021234567890000", "4111111111111112"])
def test_a_card_number_whose_check_digit_is_wrong_is_refused(tmp_path: Path, number: str) -> None:
    (line,) = refusal(sheet(tmp_path, [{**ROW, "payee.account": number}]))
    assert "its check digit is wrong" in line
    assert number not in line


def test_one_digit_over_and_over_is_no_account(tmp_path: Path) -> None:
    (line,) = refusal(sheet(tmp_path, [{**ROW, "payee.account": "0000000000000000"}]))
    assert "one digit over and over" in line
