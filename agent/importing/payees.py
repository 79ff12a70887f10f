"""Where a refund may go (收款账户): a bank account that could exist, never Alipay."""

import re
import unicodedata

from stdnum import luhn

from agent.domain.text import Text
from agent.importing.records import PAYEE, SHORTENED, Checklist, Record, is_shortened

_ALIPAY = re.compile(
    r"alipay|支付[宝寶寳]|zhifubao|zfb|蚂蚁(?:金服|集团|花呗|借呗)|花呗|余额宝|口碑|财付通|微信支付|零钱", re.IGNORECASE
)
_MOBILE = re.compile(r"(?:00|\+)?0?(?:86)?0?1[3-9][0-9]{9}")
# Alipay's numbers of its users, which look like accounts of a bank.
_USER_ID = re.compile(r"2088[0-9]{12}")
# 银联 cards and those of the other schemes have a check digit; accounts of companies, which begin otherwise, have none.
_CARD = re.compile(r"(?:62|4|5[1-5])[0-9]{14,17}")
_ACCOUNT = re.compile(r"[0-9]{8,30}")


def check_payee(checks: Checklist, record: Record) -> tuple[str, str, str]:
    """Bank, holder and account number (digits only) of the merchant in `record`; what is wrong is noted."""
    bank, holder, account = (checks.required(record, name) for name in PAYEE)
    for name, text in zip(PAYEE, (bank, holder, account), strict=True):
        if sign := _sign_of_alipay(text):
            cure = Text(
                "Refunds go to bank accounts alone: give bank, holder and bank account number.",
                "返款只能打到银行账户：请填写开户行、户名和银行账号。",
            )
            checks.add(record, name, sign, cure)
            return bank, holder, account
    return bank, holder, _number(checks, record, account) if account else ""


def _sign_of_alipay(text: str) -> Text | None:
    narrow = unicodedata.normalize("NFKC", text)
    if _ALIPAY.search(re.sub(r"[\W_]+", "", narrow)):
        return Text("names Alipay", "提到了支付宝")
    if "@" in narrow:
        return Text("is an e-mail address, as Alipay accounts are", "是电子邮箱，即支付宝账号的形式")
    narrow = re.sub(r"[\s()./_-]+", "", narrow)
    if _USER_ID.fullmatch(narrow):
        return Text("is a user number of Alipay", "是支付宝用户号")
    if _MOBILE.fullmatch(narrow) or re.search(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", narrow):
        return Text("is a mobile number, as Alipay accounts are", "是手机号码，即支付宝账号的形式")
    return None


def _impossible(digits: str) -> Text | None:
    """Why no bank can have given out this number; None if one may have."""
    if len(set(digits)) == 1:
        return Text("is one digit over and over", "是同一数字的重复")
    if _CARD.fullmatch(digits) and not luhn.is_valid(digits):
        return Text("is no card number: its check digit is wrong", "不是有效的银行卡号：校验位不符")
    return None


def _number(checks: Checklist, record: Record, account: str) -> str:
    digits = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", account))
    if _ACCOUNT.fullmatch(digits) and (wrong := _impossible(digits)) is None:
        return digits
    if _ACCOUNT.fullmatch(digits) and wrong is not None:
        checks.add(record, "payee.account", wrong, Text("Compare it with the card.", "请与银行卡核对。"))
        return ""
    reason = Text("is not a bank account number of 8 to 30 digits", "不是 8 到 30 位数字的银行账号")
    cure = Text("Copy all digits from the bank's papers.", "请按银行资料完整填写数字。")
    if is_shortened(digits):
        reason, cure = SHORTENED.reason, SHORTENED.cure
    checks.add(record, "payee.account", reason, cure)
    return ""
