"""What is replaced in a recording, and by what: of the same length and kinds of characters, always the same."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of text is. The values are what the listing of replacements calls it."""

    PASSWORD = "password"  # noqa: S105 - a word, not a password
    BANK_ACCOUNT = "bank account"
    TOKEN = "token"  # noqa: S105 - likewise
    COOKIE = "cookie"
    ID_CARD = "identity card"
    PHONE = "phone"
    EMAIL = "e-mail"
    ADDRESS = "address"
    NAME = "name"
    NUMBER = "number"

    @property
    def secret(self) -> bool:
        """True for what gives access to something."""
        return self in (Kind.PASSWORD, Kind.BANK_ACCOUNT, Kind.TOKEN, Kind.COOKIE)


_CHARACTERS = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施孔曹严华魏陶姜戚谢邹喻柏窦章苏潘葛范彭鲁韦马苗凤花方俞任袁柳"
    "伟芳娜敏静丽磊洋勇艳杰娟涛超霞刚燕玲桂兰萍鹏辉梅琳峰琴晶浩凯莉雪婷宇鑫博楠思雨晨曦梓涵诗颖佳怡嘉欣睿轩"
)
# What says of what kind a name or an address is: readers of pages may go by it, and it identifies nobody.
_SAYS_WHAT = re.compile(
    "旗舰店|专营店|专卖店|官方店|有限责任公司|有限公司|股份|银行|支行|分行|店|先生|女士|"
    "特别行政区|自治区|自治州|省|市|区|县|镇|乡|村|街道|大街|街|路|巷|弄|号|幢|栋|座|单元|室|楼|层"
)
_DATED = re.compile(r"20[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def substitute(key: bytes, kind: Kind, value: str, attempt: int = 0) -> str:
    """Return what stands in for `value`: the same for the same key and attempt, and of the same form.

    Digits stay digits, letters letters of their case, Chinese characters Chinese ones; what stands between them stays.
    A number that begins with its date keeps that, and no number begins with 0 that did not.
    """
    choose = _numbers(key, f"{kind}|{value}|{attempt}")
    kept = _kept(kind, value)
    is_hex = kind in (Kind.TOKEN, Kind.COOKIE) and _HEX.fullmatch(value) is not None
    return "".join(c if at in kept else _other(c, next(choose), at, is_hex) for at, c in enumerate(value))


def _kept(kind: Kind, value: str) -> set[int]:
    """The places whose characters stay."""
    if kind is Kind.NUMBER and len(value) >= 12 and (dated := _DATED.match(value)):
        return {*range(*dated.span())}
    if kind is Kind.PHONE:
        return {next((at for at, c in enumerate(value) if c == "1"), 0)}
    if kind is Kind.EMAIL:
        return {*range(value.rfind("."), len(value))}
    if kind in (Kind.NAME, Kind.ADDRESS):
        return {at for found in _SAYS_WHAT.finditer(value) for at in range(*found.span())}
    return set()


def _other(character: str, chosen: int, at: int, is_hex: bool) -> str:
    if character.isascii() and character.isdigit():
        return str(1 + chosen % 9) if at == 0 and character != "0" else str(chosen % 10)
    if character in _LOWER:
        return _LOWER[chosen % (6 if is_hex else 26)]
    if character in _UPPER:
        return _UPPER[chosen % (6 if is_hex else 26)]
    if "\u3400" <= character <= "\u9fff":
        return _CHARACTERS[chosen % len(_CHARACTERS)]
    return character


def _numbers(key: bytes, text: str) -> Iterator[int]:
    """Numbers without end that nobody can foretell who does not hold the key."""
    block = 0
    while True:
        digest = hmac.new(key, f"{block}|{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        yield from (int.from_bytes(digest[at : at + 4], "big") for at in range(0, len(digest), 4))
        block += 1
