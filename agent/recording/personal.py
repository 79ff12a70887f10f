"""Finds what is personal or secret in what a site answers: by its shape, and by what it is called."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from agent.recording.kinds import Kind
from agent.recording.spellings import unescaped

Found = tuple[Kind, str]

_SHAPES = (
    (Kind.TOKEN, re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END", re.DOTALL)),
    (Kind.TOKEN, re.compile(r"(?<![\w-])(eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]+)?)")),
    (Kind.TOKEN, re.compile(r"[Bb]earer +([\w.~+/=-]{8,})")),
    (Kind.TOKEN, re.compile(r"(?<!\w)((?:AKIA|LTAI)[0-9A-Za-z]{12,20}|sk-[\w-]{16,})(?!\w)")),
    (
        Kind.EMAIL,
        re.compile(
            r"(?<![\w.@/-])([\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?!png|jpe?g|gif|svg|webp|js|css)[a-z]{2,})"
        ),
    ),
    (
        Kind.ID_CARD,
        re.compile(r"(?<![\w.])([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?!\w)"),
    ),
    (Kind.PHONE, re.compile(r"(?<![\d.\w])(1[3-9]\d{9})(?![\d\w]|\.\d)")),
    (Kind.PHONE, re.compile(r"(?<![\d.\w-])(1[3-9]\d[ -]\d{4}[ -]\d{4})(?![\d\w-])")),
    (Kind.BANK_ACCOUNT, re.compile(r"(?<![\d.\w])([2-9]\d{3}(?: \d{4}){3}(?: \d{1,3})?)(?![\d\w])")),
    (
        Kind.ADDRESS,
        re.compile(
            r"([\u4e00-\u9fa5]{2,8}(?:省|市|自治区)[\u4e00-\u9fa5]{1,10}(?:市|区|县|州)[\u4e00-\u9fa50-9A-Za-z-]{2,30}[号室楼弄幢栋层])"
        ),
    ),
    (Kind.NAME, re.compile(r"(?<![\u4e00-\u9fa5])([\u4e00-\u9fa5]{1,3}(?:先生|女士))")),
)
_CALLED_A_WORD = r"[\w-]*(?:passw(?:or)?d|pwd|密码)"
_CALLED_A_KEY = (
    r"[\w-]*(?:token|ticket|secret|csrf|xsrf|session|(?<![a-z])sid|signature|(?<![a-z])sign|nonce|credential|api_?key|"
    r"access_?key|app_?key|openid|unionid|authorization|cookie)[\w-]*"
)
_KEYED = (
    (
        Kind.PASSWORD,
        re.compile(rf"{_CALLED_A_WORD}[\"']?\s*[:=]\s*[\"']([\x21\x23-\x26\x28-\x7e]{{4,64}})[\"']", re.IGNORECASE),
    ),
    (
        Kind.TOKEN,
        re.compile(rf"{_CALLED_A_KEY}[\"']?\s*[:=]\s*[\"']([\x21\x23-\x26\x28-\x7e]{{6,}})[\"']", re.IGNORECASE),
    ),
    (Kind.TOKEN, re.compile(rf"[?&;#]{_CALLED_A_KEY}=([^&\s\"'<>#;]{{6,}})", re.IGNORECASE)),
    (
        Kind.TOKEN,
        re.compile(
            rf"name=[\"']{_CALLED_A_KEY}[\"'][^<>]{{0,80}}?(?:content|value)=[\"']([^\"'\s<>]{{6,}})", re.IGNORECASE
        ),
    ),
)
# A pair of JSON that stands in a page, in a script or an attribute, with its quotes spelled for that.
_QUOTE = r"(?:\\{0,7}[\"']|&(?:quot|#0?3[49]);)"
_PAIR = re.compile(
    rf"{_QUOTE}([\w-]{{2,40}}){_QUOTE}\s*:\s*{_QUOTE}((?:[^\"'\\&<>]|\\{{1,7}}u[0-9A-Fa-f]{{4}}){{2,64}}){_QUOTE}"
)
_SPOKEN = re.compile(
    r"(?:买家|卖家|联系人|收货人|收件人|姓名|户名|开户名|店铺名称|店铺|商家|会员名|旺旺|昵称|操作人|订购人|购买人|欢迎您?|您好|掌柜)"
    r"[:：,，\s]{1,3}([^\s<>,，。;；|/、\"'!！:：()（）]{2,24})"
)
_NAMES = re.compile(
    r"nick|contact|receiver|consignee|buyer|owner|operator|company|corp|holder|linkman|real_?name|user_?name|"
    r"member_?name|(shop|store|mall|seller|merchant|login|account)_?(name|title)$|^(shop|store|mall|seller|user|account)$|"
    r"买家|卖家|联系人|收货人|姓名|户名|店铺|商家名|会员名|旺旺|昵称|操作人",
    re.IGNORECASE,
)
_PHONES = re.compile(r"mobile|phone|(^|_)tel|手机|电话", re.IGNORECASE)
_ADDRESSES = re.compile(r"address|addr$|地址", re.IGNORECASE)
_OWN_IDS = re.compile(
    r"(user|shop|seller|store|member|mall|kdt|buyer|account|merchant|staff|admin)_?id$|^uid$", re.IGNORECASE
)
_TIMES = re.compile(
    r"time|date|_at$|At$|gmt|^_?ts?$|^_$|stamp|creat|updat|start|end|expir|until|when|day", re.IGNORECASE
)
_TOLD_TIME = re.compile(
    r"(?:time|date|_at|At|gmt|[?&]_?ts?|[?&]_|stamp|creat\w*|updat\w*|start\w*|end\w*|expir\w*|until)[\"']?\s*[:=]\s*[\"']?$"
)
_DIGITS = re.compile(r"(?<![\d.])\d{8,}(?!\d|\.\d)")
_LITERAL_DIGITS = re.compile(r"[\"'](\d{8,})[\"']")
_WORD = re.compile(r"[A-Za-z0-9+/_-]{20,512}={0,2}")
_DATA_ADDRESS = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]+")
# The lengths of dates in digits, to the day, minute, second and millisecond, and of their formats.
_DATED = {8: 6, 12: 10, 14: 12, 17: 12}
_FIELD = re.compile(r"[\w.\[\]-]{1,40}")
_ALPHABET = re.compile("0123456|abcdefg|ABCDEFG|7654321", re.IGNORECASE)
_BITS, _FEW = 3.4, 3


def found_in_text(text: str, *, code: bool = False) -> Iterator[Found]:
    """What is personal or secret in a text. In `code` numbers count only if they are quoted alone."""
    text = _DATA_ADDRESS.sub(" ", text)
    for kind, pattern in _SHAPES:
        yield from ((kind, found[found.re.groups]) for found in pattern.finditer(text))
    for kind, pattern in _KEYED:
        yield from ((kind, found[1]) for found in pattern.finditer(text) if kind is Kind.PASSWORD or _is_odd(found[1]))
    yield from ((Kind.NAME, found[1]) for found in _SPOKEN.finditer(text) if not code)
    for found in () if code else _PAIR.finditer(text):
        yield from _named(found[1], unescaped(found[2]))
    numbers = _LITERAL_DIGITS if code else _DIGITS
    for found in numbers.finditer(text):
        number = found[found.re.groups]
        if not (is_moment(number, _TOLD_TIME.search(text[max(0, found.start() - 24) : found.start()]) is not None)):
            yield Kind.NUMBER, number
    yield from ((Kind.TOKEN, word) for word in _WORD.findall(text) if looks_random(word))


def found_in_data(data: Any, name: str = "") -> Iterator[Found]:  # noqa: ANN401 - JSON
    """What is personal or secret in JSON that was read. `name` is what it stands under."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from found_in_data(value, str(key))
        if isinstance(data.get("name"), str) and isinstance(data.get("value"), str):
            yield from _named(data["name"], data["value"])  # a cookie, or an entry of the browser's storage
    elif isinstance(data, list):
        for value in data:
            yield from found_in_data(value, name)
    elif isinstance(data, str):
        yield from _named(name, data)
        inner = _read(data)
        yield from found_in_text(data) if inner is None else found_in_data(inner)
    elif isinstance(data, int) and not isinstance(data, bool):
        yield from _number(name, str(abs(data)))


def found_in_form(form: str) -> Iterator[Found]:
    """What is personal or secret in a query or a form, by what it is called there, also in JSON inside of it."""
    pairs = parse_qsl(form)
    if any("\ufffd" in value for _, value in pairs):
        pairs = parse_qsl(form, encoding="gbk")
    for name, value in pairs:
        if _FIELD.fullmatch(name) is None:
            continue  # it is no form
        yield from _named(name, value)
        if (inner := _read(value)) is not None:
            yield from found_in_data(inner)


def found_in_answer(body: str, mime: str) -> Iterator[Found]:
    """What is personal or secret in a body of that kind."""
    data = _read(body) if mime != "text/html" else None
    if data is not None:
        yield from found_in_data(data)
    elif "css" not in mime:
        yield from found_in_text(body, code="script" in mime)


def _read(text: str) -> Any:  # noqa: ANN401 - JSON
    """The JSON in a text, also inside of the call of a function (JSONP); None for anything else."""
    bare = text.strip()
    if (call := re.fullmatch(r"[\w.$]+\((.*)\);?", bare, re.DOTALL)) is not None:
        bare = call[1]
    if bare[:1] not in ("{", "["):
        return None
    try:
        return json.loads(bare)
    except ValueError:
        return None


def _named(name: str, value: str) -> Iterator[Found]:
    if re.fullmatch(_CALLED_A_WORD, name, re.IGNORECASE) and re.fullmatch(r"[!-~]{4,64}", value):
        yield Kind.PASSWORD, value
    elif re.fullmatch(_CALLED_A_KEY, name, re.IGNORECASE) and re.fullmatch(r"[!-~]{6,}", value) and _is_odd(value):
        yield Kind.TOKEN, value
    elif _PHONES.search(name) and re.search(r"\d{5}", value):
        yield Kind.PHONE, value
    elif _ADDRESSES.search(name) and re.search("[\u4e00-\u9fa5]", value):
        yield Kind.ADDRESS, value
    elif _NAMES.search(name) and 2 <= len(value) <= 40 and not value.isdecimal():
        yield Kind.NAME, value
    elif value.isdecimal():
        yield from _number(name, value)


def _number(name: str, digits: str) -> Iterator[Found]:
    least = 5 if _OWN_IDS.search(name) else 8
    if len(digits) >= least and not is_moment(digits, _TIMES.search(name) is not None):
        yield Kind.NUMBER, digits


def is_moment(digits: str, told: bool) -> bool:
    """True for a date or a time in digits: 20240618, 20240618213935; seconds or milliseconds only if it is `told`."""
    if len(digits) in _DATED:
        try:
            return 2000 <= datetime.strptime(digits[:14], "%Y%m%d%H%M%S"[: _DATED[len(digits)]]).year < 2040  # noqa: DTZ007
        except ValueError:
            return False
    return told and len(digits) in (10, 13) and 10**9 <= int(digits[:10]) < 2 * 10**9


def _is_odd(value: str) -> bool:
    """False for a word of a language, which is no token."""
    return bool(re.search(r"\d", value)) or (len(value) >= 16 and not re.fullmatch(r"[a-z]+(?:[-_. ][a-z]+)*", value))


def looks_random(word: str) -> bool:
    """True for what looks like a key: long, digits and letters mixed, and no two of its characters alike by plan."""
    core = word.strip("=")
    if _ALPHABET.search(core) or sum(c.isalpha() for c in core) < _FEW or sum(c.isdigit() for c in core) < _FEW:
        return False
    if "/" in core and re.search(r"[a-z]{3,}/", core):
        return any(looks_random(part) for part in core.split("/") if len(part) >= 20)
    parts = [p for p in re.split(r"[-_]", core) if p]
    if len(parts) > 1 and all(re.fullmatch(r"[A-Za-z]+\d{0,4}|\d{1,4}", p) for p in parts):
        return False
    return _entropy(core) >= (3.0 if re.fullmatch(r"[0-9a-fA-F]+", core) else _BITS)


def _entropy(word: str) -> float:
    """Shannon's entropy in bits for each character."""
    return -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values())
