"""What banks call the columns of their statements, and which row holds the headings."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum


class Field(StrEnum):
    """What is read of a statement's row; the values are the names in a mapping file."""

    DATE = "date"
    INCOME = "income"
    OUTGO = "outgo"
    AMOUNT = "amount"
    DIRECTION = "direction"
    PAYER = "payer"
    BALANCE = "balance"
    SERIAL = "serial"
    CURRENCY = "currency"
    ACCOUNT = "account"
    HOLDER = "holder"
    MEMO = "memo"


# By 招商银行, 工商银行, 建设银行, 农业银行, 中国银行 and others, for companies and for persons. Of several that a file
# has, the one that comes first here counts. They stand here as `plain` gives them.
HEADINGS: Mapping[Field, tuple[str, ...]] = {
    field: tuple(names.split())
    for field, names in {
        Field.DATE: """交易日期 交易日 交易时间 记账日期 记账日 入账日期 入账时间 记账时间 会计日期
            交易日期时间 发生日期
            日期 date transactiondate""",
        Field.INCOME: """记账金额(收入) 贷方发生额(收入) 贷方发生额 贷方金额(收入) 贷方金额 贷方(入账)
            收入金额 转入金额
            存入金额 入账金额 收方金额 贷方发生金额 交易金额(收入) 贷方 收入 转入 存入 credit""",
        Field.OUTGO: """记账金额(支出) 借方发生额(支取) 借方发生额(支出) 借方发生额 借方金额(支出) 借方金额 借方(出账)
            支出金额 转出金额 取出金额 支取金额 出账金额 付方金额 借方发生金额 交易金额(支出) 借方 支出 转出
            支取 debit""",
        Field.AMOUNT: "交易金额 收入/支出金额 收支金额 借方/贷方金额 发生额 金额 amount tradeamount",
        Field.DIRECTION: """借贷标志 借贷方向 借贷标识 借贷 借/贷 收支方向 收支标志 收付标志 收支 收/支
            收/付 交易方向 方向
            交易类型""",
        Field.PAYER: """付款人名称 付款方名称 付款人户名 对方户名 对方单位名称 对方单位 对方账户名称
            对方账号名称 对方账户名
            对方名称 收(付)方名称 收/付方名称 收付方名称 对手户名 交易对方 交易对手名称 对手信息 对手名称 对方信息
            对方户名/账号 counterparty payer""",
        Field.BALANCE: "账户余额 本次余额 交易后余额 联机余额 当前余额 余额 balance",
        Field.SERIAL: """账户明细编号-交易流水号 交易流水号 银行流水号 核心流水号 唯一流水编号 流水号 日志号
            交易日志号""",
        Field.CURRENCY: "记账币种 交易货币 币种 币别 货币 currency",
        Field.ACCOUNT: "收款人账号 收款方账号 本方账号 查询账号 账号 账户 账户号码 卡号",
        Field.HOLDER: "收款人名称 收款方名称 本方户名 账户名称 账号名称 户名 客户名称",
        Field.MEMO: "交易备注 摘要 交易摘要 业务摘要 附言 交易附言 用途 交易用途 备注 交易详情",
    }.items()
}
_LOOKED_THROUGH = 60
_TRANSLATED = re.compile(r"\[[^\]]*\]|/?元|:$|#")

Columns = Mapping[Field, int]


def plain(text: str) -> str:
    """Return a heading without full-width forms, blanks, colons and the English that stands beside the Chinese."""
    narrow = unicodedata.normalize("NFKC", text).replace("帐", "账").lower()
    return _TRANSLATED.sub("", "".join(narrow.split()))


def find_headings(rows: Sequence[Sequence[str]], own: Mapping[Field, str]) -> tuple[int, Columns] | None:
    """Return the place of the row of headings and the column of each field; None if no row has what is needed.

    `own` are the headings that a mapping file gives: of those fields no other heading counts.
    """
    names = {field: (plain(own[field]),) if field in own else HEADINGS[field] for field in Field}
    for place, row in enumerate(rows[:_LOOKED_THROUGH]):
        columns = _columns([plain(cell) for cell in row], names)
        if is_enough(columns):
            return place, columns
    return None


def is_enough(columns: Columns) -> bool:
    """True if a row can be read: its day, what came in, and something that says from whom."""
    money = Field.INCOME in columns or Field.AMOUNT in columns
    return Field.DATE in columns and money and (Field.PAYER in columns or Field.MEMO in columns)


def _columns(row: Sequence[str], names: Mapping[Field, tuple[str, ...]]) -> Columns:
    return {field: row.index(found) for field in Field if (found := next((n for n in names[field] if n in row), None))}
