"""An empty merchants sheet to fill in: text columns, so that no digit is lost, with choices and comments."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from agent.domain.errors import UsageError
from agent.domain.merchants import Edition
from agent.domain.text import Text
from agent.importing.choices import EDITIONS
from agent.importing.headings import CHINESE
from agent.importing.records import FIELDS, PAYEE, SECRETS
from agent.settings.problems import Problem, usage_error

_ROWS = 2000
_WIDE = {"name", "payee.bank", "payee.holder", "payee.account", "shop"}
_OPTIONAL = {*PAYEE, "file_as", "shop", "label", "totp_secret"}
_MEANINGS = {
    "id": Text(
        "A short name of your own for the merchant: letters, digits, - and _. Further accounts of a merchant stand in "
        "rows of their own: repeat the merchant's columns, or leave them blank.",
        "自定的商家代号，可用字母、数字、- 和 _。同一商家有多个账号时每个账号占一行，商家各列可重复填写或留空。",
    ),
    "name": Text("The merchant's name.", "商家名称。"),
    "edition": Text("The edition of the ERP. Choose one.", "网店管家的版本，请从下拉列表中选择。"),
    "backoffice.username": Text("The user name in the ERP vendor's member back office.", "网店管家会员后台的用户名。"),
    "backoffice.password": Text("The password there.", "网店管家会员后台的密码。"),
    "payee.bank": Text("The bank that the refund goes to, with its branch.", "收款账户的开户行，写到支行。"),
    "payee.holder": Text("In whose name the bank account is.", "收款账户的户名。"),
    "payee.account": Text(
        "The number of the bank account, as text. Never Alipay.", "银行账号，须为文本格式。不能是支付宝。"
    ),
    "file_as": Text(
        "The shop to file under if neither an order nor its account names one.",
        "订单和账号都没有店铺名称时，报备所用的店铺名称。",
    ),
    "platform": Text("The sales platform. Choose one.", "销售平台，请从下拉列表中选择。"),
    "username": Text("The user name on the platform.", "该平台的登录账号。"),
    "password": Text("The password on the platform.", "该平台的登录密码。"),
    "shop": Text(
        "The shop as the platform spells it. It is filed, and nothing is clicked if the log-in opens another one.",
        "店铺名称，须与平台显示一致。报备时填写此名称；登录后若是其他店铺，程序不会点击。",
    ),
    "label": Text(
        "A short name that tells several accounts on one platform apart: letters, digits and -.",
        "同一商家在同一平台有多个账号时用来区分，可用字母、数字和 -。",
    ),
    "totp_secret": Text(
        "The secret of an authenticator app, if the account has one.", "动态口令密钥，账号启用时填写。"
    ),
}
_AS_TEXT = Text("Keep this column formatted as text.", "请保持本列为文本格式。")
_WHERE = Text("optional", "选填")


def write_template(path: Path, platforms: Mapping[str, str], *, chinese: bool) -> None:
    """Write a workbook to fill in. `platforms` are the titles of those to choose from, by id.

    Raise UsageError if the file is there already, or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise _cannot(path, Text("is not an .xlsx file", "不是 .xlsx 文件"))
    try:
        with path.open("xb") as file, xlsxwriter.Workbook(file) as book:
            _write(book, [*(platforms.values() if chinese else platforms)], chinese=chinese)
    except FileExistsError:
        raise _cannot(path, Text("is there already", "已存在")) from None
    except OSError as error:
        reason = Text(f"cannot be written ({error.strerror})", f"无法写入（{error.strerror}）")
        raise _cannot(path, reason) from error


def _cannot(path: Path, reason: Text) -> UsageError:
    return usage_error([Problem(str(path), reason, Text("Name another file.", "请换一个文件名。"))])


def _write(book: xlsxwriter.Workbook, platforms: Sequence[str], *, chinese: bool) -> None:
    page = book.add_worksheet("商家账号" if chinese else "Merchants")
    text = book.add_format({"num_format": "@"})
    needed = book.add_format({"bold": True, "bg_color": "#DDEBF7", "num_format": "@", "bottom": 1})
    optional = book.add_format({"bold": True, "bg_color": "#EDEDED", "num_format": "@", "bottom": 1})
    for column, name in enumerate(FIELDS):
        page.set_column(column, column, 26 if name in _WIDE else 18, text)
        heading = CHINESE[name][0] if chinese else name
        page.write_string(0, column, heading, optional if name in _OPTIONAL else needed)
        page.write_comment(0, column, _comment(name, chinese=chinese), {"x_scale": 2.2, "y_scale": 1.4})
    page.freeze_panes(1, 0)
    editions = [*EDITIONS.values()] if chinese else list(Edition)
    for name, choices in (("edition", editions), ("platform", platforms)):
        column = FIELDS.index(name)
        page.data_validation(1, column, _ROWS, column, {"validate": "list", "source": [str(c) for c in choices]})
    _explain(book, chinese=chinese)


def _comment(name: str, *, chinese: bool) -> str:
    meaning = _MEANINGS[name]
    texts = [meaning, *([_AS_TEXT] if name in SECRETS else []), *([_WHERE] if name in _OPTIONAL else [])]
    return "\n".join(each.zh if chinese else each.en for each in texts)


def _explain(book: xlsxwriter.Workbook, *, chinese: bool) -> None:
    """A second sheet with what each column means: comments are not seen on a telephone, nor on paper."""
    page = book.add_worksheet("填写说明" if chinese else "Notes")
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 100)
    for row, name in enumerate(FIELDS):
        page.write_string(row, 0, f"{CHINESE[name][0]}（{name}）" if chinese else f"{name} ({CHINESE[name][0]})")
        page.write_string(row, 1, _comment(name, chinese=chinese).replace("\n", " "))
