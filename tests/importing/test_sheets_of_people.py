"""Sheets as people make them: their headings, their notes, their encodings, their programs."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from agent.domain.merchants import Edition
from agent.importing import read_merchants, write_template
from agent.importing.records import FIELDS
from agent.settings import Settings, sites
from tests.test_import import ROW, check_contract, read, refusal, refusal_in_full, sheet

CHINESE = [
    *("商家编号", "商家名称", "版本", "会员后台账号", "会员后台密码", "开户行", "户名", "银行账号"),
    *("平台", "登录账号", "登录密码", "店铺"),
]
VALUES = list(ROW.values())


def write(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_text("\r\n".join(delimiter.join(row) for row in rows), encoding=encoding, newline="")
    return path


def old_book(path: Path, sheets: dict[str, Sequence[Sequence[str]]], *, hidden: Sequence[str] = ()) -> xlwt.Workbook:
    made = xlwt.Workbook()
    for title, rows in sheets.items():
        page = made.add_sheet(title)
        page.visibility = int(title in hidden)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                page.write(row, column, cell)
    made.save(path)
    return made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_csv_file_in_each_encoding_that_programs_write(tmp_path: Path, encoding: str, delimiter: str) -> None:
    check_contract(read(write(tmp_path / "m.csv", [CHINESE, VALUES], encoding, delimiter))[0])


def test_a_password_that_a_platform_or_a_heading_was_made_into_is_not_told(tmp_path: Path) -> None:
    shifted = [value if heading != "平台" else "Taobao123" for heading, value in zip(CHINESE, VALUES, strict=True)]
    told = "\n".join(refusal_in_full(write(tmp_path / "m.csv", [CHINESE, shifted])))
    assert "platform: is not a known platform" in told
    assert "aobao123" not in told
    rows = [["id", "edition", "password1!", "name"], ["m1", "cloud"]]
    headless = "\n".join(refusal_in_full(write(tmp_path / "n.csv", rows)))
    assert "column C: is not a known field" in headless
    assert "password1" not in headless


@pytest.mark.parametrize(
    ("heading", "instead"),
    [
        ("银行账号", "收款账号"),
        ("银行账号", "账号"),
        ("登录账号", "登陆帐号"),
        ("登录密码", "密码（必填）"),
        ("店铺", "*店铺名称："),
        ("版本", "ERP 版本"),
        ("商家编号", "Merchant.ID"),
    ],
)
def test_headings_are_written_in_many_ways(tmp_path: Path, heading: str, instead: str) -> None:
    if instead == "Merchant.ID":
        assert refusal(write(tmp_path / "m.csv", [[instead, *CHINESE[1:]], VALUES]))
        return
    heads = [instead if each == heading else each for each in CHINESE]
    check_contract(read(write(tmp_path / "m.csv", [heads, VALUES]))[0])


def test_english_and_chinese_headings_may_be_mixed(tmp_path: Path) -> None:
    heads = [zh if at % 2 else en for at, (zh, en) in enumerate(zip(CHINESE, ROW, strict=True))]
    check_contract(read(write(tmp_path / "m.csv", [heads, VALUES]))[0])


def test_a_misspelt_chinese_heading_is_refused(tmp_path: Path) -> None:
    heads = ["会员后台密马" if each == "会员后台密码" else each for each in CHINESE]
    lines = refusal(write(tmp_path / "m.csv", [heads, VALUES]))
    assert lines[0] == "row 1: 会员后台密马: is not a known field. Did you mean “会员后台密码”?"


@pytest.mark.parametrize(
    "rows", [[["商家账号登记表"], [], CHINESE, [], VALUES, []], [["说明：每行一个账号"], CHINESE, VALUES]]
)
def test_a_title_and_blank_lines_do_no_harm(tmp_path: Path, rows: list[list[str]]) -> None:
    check_contract(read(write(tmp_path / "m.csv", rows))[0])
    old_book(tmp_path / "m.xls", {"商家账号": rows})
    check_contract(read(tmp_path / "m.xls")[0])


def test_an_old_workbook_is_read_as_a_new_one(tmp_path: Path) -> None:
    old_book(tmp_path / "m.xls", {"填写说明": [["本表由运营填写"]], "商家账号": [CHINESE, VALUES]})
    check_contract(read(tmp_path / "m.xls")[0])


def test_a_new_workbook_may_be_called_an_old_one(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "m.xlsx") as made:
        page = made.add_worksheet()
        page.write_row(0, 0, CHINESE)
        page.write_row(1, 0, VALUES)
    check_contract(read((tmp_path / "m.xlsx").rename(tmp_path / "m.xls"))[0])


def test_a_hidden_sheet_of_an_old_workbook_is_not_read(tmp_path: Path) -> None:
    old_book(
        tmp_path / "m.xls", {"存档": [CHINESE, ["m9", *VALUES[1:]]], "商家账号": [CHINESE, VALUES]}, hidden=["存档"]
    )
    check_contract(read(tmp_path / "m.xls")[0])


def test_hidden_rows_and_columns_of_an_old_workbook_are_refused(tmp_path: Path) -> None:
    made = old_book(tmp_path / "m.xls", {"s": [CHINESE, VALUES, ["m2", *VALUES[1:]]]})
    made.get_sheet(0).row(2).hidden = True
    made.get_sheet(0).col(4).hidden = True
    made.save(tmp_path / "m.xls")
    assert refusal(tmp_path / "m.xls")[:2] == [
        "row 3: is hidden. Show it, or delete it.",
        "column E: is hidden. Show it, or delete it.",
    ]


def test_merged_cells_of_an_old_workbook_count_for_each_row(tmp_path: Path) -> None:
    made = xlwt.Workbook()
    page = made.add_sheet("s")
    for column, heading in enumerate(CHINESE):
        page.write(0, column, heading)
        if column < 8:
            page.write_merge(1, 2, column, column, VALUES[column])
        else:
            page.write(1, column, VALUES[column])
            page.write(2, column, ["京东", "j", "p", "京东店"][column - 8])
    made.save(tmp_path / "m.xls")
    (merchant,) = read(tmp_path / "m.xls")
    assert [a.shop for a in merchant.accounts] == ["锦绣家居旗舰店", "京东店"]


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("企业版", Edition.ENTERPRISE),
        ("网店管家企业版", Edition.ENTERPRISE),
        ("云端版", Edition.CLOUD),
        ("J系列", Edition.J_SERIES),
        ("Ｊ系列", Edition.J_SERIES),
        ("历史版本", Edition.CLASSIC),
        ("历史版本（3.1/3.0/2.1）", Edition.CLASSIC),
        ("3.1", Edition.CLASSIC),
        ("j_series", Edition.J_SERIES),
    ],
)
def test_editions_by_their_names(tmp_path: Path, text: str, edition: Edition) -> None:
    assert read(sheet(tmp_path, [{**ROW, "edition": text}]))[0].edition is edition


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        *(("淘宝", "taobao"), ("天猫", "taobao"), ("淘宝/天猫", "taobao"), ("京东", "jd"), ("拼多多", "pinduoduo")),
        *(("抖音", "douyin"), ("抖店", "douyin"), ("苏宁易购", "suning"), ("1688", "1688"), ("有赞", "youzan")),
        *(("微盟", "weimob"), ("速卖通", "aliexpress"), ("阿里巴巴国际站", "alibaba"), ("TaoBao", "taobao")),
    ],
)
def test_platforms_by_their_names(tmp_path: Path, text: str, platform: str) -> None:
    titles = {name: site.title for name, site in sites(Settings()).items()}
    (merchant,) = read_merchants(sheet(tmp_path, [{**ROW, "platform": text}]), titles).merchants
    assert merchant.accounts[0].key.platform == platform


def test_a_title_that_two_platforms_share_is_refused(tmp_path: Path) -> None:
    path = sheet(tmp_path, [{**ROW, "platform": "淘宝"}])
    titles = {"taobao": "淘宝/天猫", "antd5": "淘宝"}
    with pytest.raises(Exception, match="is not a known platform"):
        read_merchants(path, titles)


@pytest.mark.parametrize("chinese", [True, False])
def test_a_template_that_was_filled_in_is_imported(tmp_path: Path, *, chinese: bool) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, {"antd5": "某平台", "jd": "京东"}, chinese=chinese)
    assert refusal(path) == ["holds no merchant. See the README's example."]
    book = openpyxl.load_workbook(path)
    page = book.active
    assert isinstance(page, Worksheet)
    for column, name in enumerate(FIELDS, start=1):
        page.cell(2, column).value = ROW.get(name)
    page.cell(2, FIELDS.index("platform") + 1).value = "某平台" if chinese else "antd5"
    page.cell(2, FIELDS.index("edition") + 1).value = "云端版" if chinese else "cloud"
    book.save(path)
    check_contract(read(path)[0])


def test_a_template_has_choices_comments_and_columns_of_text(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, {"antd5": "某平台", "jd": "京东"}, chinese=True)
    page = openpyxl.load_workbook(path).active
    assert isinstance(page, Worksheet)
    heads = [cell.value for cell in page[1]]
    assert all(cell.comment for cell in page[1])
    assert [v.formula1 for v in page.data_validations.dataValidation] == [
        '"企业版,云端版,J系列,历史版本"',
        '"某平台,京东"',
    ]
    at = heads.index("银行账号") + 1
    (account,) = [d for d in page.column_dimensions.values() if (d.min or 0) <= at <= (d.max or 0)]
    assert account.number_format == "@"


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(b"filled in")
    with pytest.raises(Exception, match="is there already"):
        write_template(path, {}, chinese=False)
    assert path.read_bytes() == b"filled in"


def test_a_cell_of_a_workbook_is_named_with_its_sheet(tmp_path: Path) -> None:
    old_book(tmp_path / "m.xls", {"商家账号": [CHINESE, [*VALUES[:2], "旗舰版", *VALUES[3:]]]})
    (line,) = refusal_in_full(tmp_path / "m.xls")
    assert "(cell 商家账号!C2)" in line
