"""The headings of merchants sheets: English and Chinese words for each field, as people write them."""

import re
from collections.abc import Collection, Sequence

from agent.domain.text import fold
from agent.importing.records import FIELDS
from agent.settings.problems import is_slip, may_be_told

# The first one is written into the template.
CHINESE: dict[str, tuple[str, ...]] = {
    "id": ("商家编号", "商家ID", "商家代码", "编号", "客户编号", "客户ID"),
    "name": ("商家名称", "商家", "商家名", "名称", "客户名称", "客户", "公司名称"),
    "edition": ("版本", "ERP版本", "网店管家版本", "软件版本", "产品版本"),
    "backoffice.username": (
        *("会员后台账号", "会员后台用户名", "会员后台登录账号", "会员后台登录名"),
        *("后台账号", "后台用户名", "会员账号", "网店管家账号"),
    ),
    "backoffice.password": ("会员后台密码", "会员后台登录密码", "后台密码", "会员密码", "网店管家密码"),
    "payee.bank": ("开户行", "开户银行", "收款银行", "银行", "银行名称", "开户行名称"),
    "payee.holder": ("户名", "账户名", "账户名称", "开户名", "开户人", "收款人", "收款户名", "收款人姓名"),
    "payee.account": ("银行账号", "收款账号", "银行卡号", "卡号", "对公账号", "银行账户", "收款账户"),
    "file_as": ("报备店铺", "报备店铺名称", "报备店铺名", "报备名称"),
    "platform": ("平台", "所属平台", "电商平台", "销售平台", "店铺平台", "平台名称"),
    "username": ("登录账号", "登录名", "登录用户名", "用户名", "平台账号", "店铺账号", "账号"),
    "password": ("登录密码", "平台密码", "店铺密码", "密码"),
    "shop": ("店铺", "店铺名称", "店铺名", "店名"),
    "label": ("账号标签", "标签"),
    "totp_secret": ("动态口令密钥", "TOTP密钥", "验证器密钥", "二步验证密钥", "两步验证密钥"),
}
_MISSPELT = {"帐": "账", "登陆": "登录", "帳": "账", "號": "号"}
_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]|[*＊:：]")
_JOINTS = re.compile(r"(?<=[a-z])[._-]+(?=[a-z])")
# Alone it is a user name, behind the bank or the holder the number of the account there.
_BARE_ACCOUNT = "账号"


def _key(heading: str) -> str:
    key = _JOINTS.sub("", fold(_ASIDE.sub("", heading)).lower())
    for wrong, right in _MISSPELT.items():
        key = key.replace(wrong, right)
    return key


_FIELD_OF = {_key(word): name for name in FIELDS for word in (name, *CHINESE.get(name, ()))}


def fields_of(headings: Sequence[str]) -> list[str | None]:
    """The field that each heading names, in their order; None for those that name none."""
    found: list[str | None] = []
    for heading in headings:
        key = _key(heading)
        of_bank = key == _BARE_ACCOUNT and found and found[-1] in ("payee.bank", "payee.holder")
        found.append("payee.account" if of_bank else _FIELD_OF.get(key))
    return found


def is_misspelt(heading: str) -> bool:
    """True if a heading that names no field is so near to one that it was meant."""
    return bool(_key(heading)) and is_slip(_key(heading), _FIELD_OF)


def is_told(heading: str) -> bool:
    """True if a heading may be repeated to people: in a file without headings a password can stand in its place."""
    chinese = re.fullmatch(r"[\u4e00-\u9fff（）()/、 ]{1,12}", heading.strip())
    return chinese is not None or may_be_told(_key(heading), _FIELD_OF)


def spellings() -> Collection[str]:
    """All words that name a field."""
    return _FIELD_OF.keys()
