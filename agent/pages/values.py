"""What cells say, as values: moments, money, periods and order numbers.

Every doubt is a ValueError, never a guess; of a period, which nothing hangs on, it is None.
"""

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal

from agent.domain.expiry import Period
from agent.domain.orders import SHANGHAI, YUAN
from agent.domain.text import fold, visible
from agent.pages.clock import of_24_hours, weekday_in

_WHEN = re.compile(
    r"(?P<y>(?:19|20)\d\d)[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"(?:[T ]*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.\d+)?)?(?P<z>Z|[+-]\d{2}:?\d{2})?)?"
)
_PACKED = re.compile(r"((?:19|20)\d{12})\d{3}([+-]\d{4})")
_EPOCH_MS = re.compile(r"1\d{12}")
_AMOUNT = re.compile(r"([^\d-]*)(-?\d{1,3}(?:,\d{3})+|-?\d+)(\.\d{1,4})?([^\d.,]*)")
_PARTED = re.compile(r"\d\s+\d|,\s")
# What is written beside an amount, and the currencies that it can mean; the first one unless another is expected.
_SIGNS: dict[str, tuple[str, ...]] = {
    "¥": (YUAN, "JPY"), "元": (YUAN,), "RMB": (YUAN,), "人民币": (YUAN,),
    "$": ("USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"), "US$": ("USD",), "美元": ("USD",),
    "HK$": ("HKD",), "港元": ("HKD",), "港币": ("HKD",), "NT$": ("TWD",), "S$": ("SGD",), "日元": ("JPY",),
    "€": ("EUR",), "欧元": ("EUR",), "£": ("GBP",), "英镑": ("GBP",), "₩": ("KRW",), "₽": ("RUB",), "฿": ("THB",),
    "₫": ("VND",), "RM": ("MYR",), "RP": ("IDR",), "₱": ("PHP",), "R$": ("BRL",),
}  # fmt: skip
_CODES = {code for meant in _SIGNS.values() for code in meant}
# Private-use characters beside digits may be drawn as digits: see is_substituted().
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9\ue000-\uf8ff-])([A-Z]?[0-9]{8,}|[0-9]{6,8}-[0-9]{6,})(?![A-Za-z0-9\ue000-\uf8ff-])"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－", "0123456789-")
# Digits in groups of one size, but the last, with the same narrow blank between them: 3391 8001 2024 0601.
_GROUPS = re.compile(
    r"(?<![0-9A-Za-z-])[0-9]{2,6}(?=([\u00a0\u2000-\u200a\u202f\u205f]))(?:\1[0-9]{1,6}){2,}(?![0-9A-Za-z./:年-])"
)
_CUT = re.compile(r"([A-Z]?[\d-]*)\s*(?:…|\.{2,}|···|\*{2,}|⋯)\s*([\d-]*)")
_PERIOD_LABEL = re.compile(r"^.*(?:周期|时长|期限|有效期)[:：]")
_ASIDE = re.compile(r"\([^()]*\)$")
_PIECE = re.compile(
    r"(?P<half>半年)|(?P<n>\d{1,4}|[一二两三四五六七八九]?十?[一二两三四五六七八九]?)"
    r"(?P<unit>个?季度?|个?月|months?|mths?|年|years?|yrs?|天|日|days?|周|个?星期|weeks?)",
    re.IGNORECASE,
)
_DIGITS = {word: at for at, word in enumerate("零一二三四五六七八九")} | {"两": 2}
_LONGEST_DAYS, _DAY_SECONDS = 3660, 86_400


def moment(text: str) -> datetime:
    """A date or date and time as an aware moment in Asia/Shanghai; a date alone is its midnight.

    Forms: 2024-06-18 21:39:35, 2024/6/18, 2024.06.18, 2024年6月18日, 20130509120000000+0800 (1688) and epoch
    milliseconds. Raise ValueError for anything else, and for text around it.
    """
    narrow = fold(text)
    if packed := _PACKED.fullmatch(narrow):
        return datetime.strptime("".join(packed.groups()), "%Y%m%d%H%M%S%z").astimezone(SHANGHAI)
    if _EPOCH_MS.fullmatch(narrow):
        return datetime.fromtimestamp(int(narrow) / 1000, UTC).astimezone(SHANGHAI)
    match = _WHEN.fullmatch(spaced(text))
    if not match:
        raise ValueError(f"no date: {text!r}")
    part = match.groupdict(default="0")
    clock = datetime(*(int(part[k]) for k in "ymdHMS"))  # type: ignore[arg-type]  # noqa: DTZ001
    if weekday_in(unicodedata.normalize("NFKC", visible(text))) not in (None, clock.weekday()):
        raise ValueError(f"another day of the week: {text!r}")
    zone = match["z"]
    if zone:
        return datetime.fromisoformat(clock.isoformat() + zone.replace("Z", "+00:00")).astimezone(SHANGHAI)
    return clock.replace(tzinfo=SHANGHAI)


def spaced(text: str) -> str:
    """Narrow forms and single blanks, which part the day from the hour, so fold() would join 1 and 12:30 to 11 2:30."""
    single = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", visible(text))).strip()
    return of_24_hours(re.sub(r" ?([年月日]) ?", r"\1", single)).strip()


def moments_in(text: str) -> list[datetime]:
    """Every moment that stands in a longer text, in order."""
    found = []
    for match in _WHEN.finditer(spaced(text)):
        try:
            found.append(moment(match.group()))
        except ValueError:
            continue  # such as 2024-13-45: no moment, so none is found
    return found


def timed_in(text: str) -> list[tuple[str, datetime, str]]:
    """Every moment with a time of day in a longer text, with the words before and after it."""
    single = spaced(text)
    found = []
    for match in _WHEN.finditer(single):
        if match["H"] is None:
            continue
        try:
            found.append((single[: match.start()].rstrip(" :"), moment(match.group()), single[match.end() :].lstrip()))
        except ValueError:
            continue  # such as 2024-13-45 10:00
    return found


def money(text: str) -> Decimal:
    """An amount in yuan with two decimals: ¥1,234.50, 62.8元. Raise ValueError for anything else."""
    value, currency = price(text, YUAN)
    if currency != YUAN:
        raise ValueError(f"not in yuan: {text!r}")
    return value


def price(text: str, expected: str) -> tuple[Decimal, str]:
    """An amount with two decimals and its currency: the one that is written beside it, else the one `expected`.

    Raise ValueError for anything else, also if the words beside it are no currency or name two, and where blanks
    part its digits: 300 1 is an amount and a count.
    """
    match = _AMOUNT.fullmatch(fold(text))
    if not match or _PARTED.search(unicodedata.normalize("NFKC", visible(text))):
        raise ValueError(f"no amount: {text!r}")
    value = Decimal(match[2].replace(",", "") + (match[3] or ""))
    if value != value.quantize(Decimal("0.01")):
        raise ValueError(f"an amount with parts of a 分: {text!r}")
    named = {_currency(sign.upper(), expected) for sign in (match[1], match[4]) if sign} or {expected}
    if len(named) > 1 or None in named:
        raise ValueError(f"no amount in one known currency: {text!r}")
    return value.quantize(Decimal("0.01")), str(named.pop())


def _currency(sign: str, expected: str) -> str | None:
    if sign in _CODES or sign == expected:
        return sign
    meant = _SIGNS.get(sign, (None,))
    return expected if expected in meant else meant[0]


def numbers_in(text: str) -> list[str]:
    """The whole order numbers in a text: eight digits or more, one leading letter (E2019…) or one hyphen (2020…-…)."""
    return list(dict.fromkeys(match[1] for match in found_numbers(as_digits(text))))


def as_digits(text: str) -> str:
    """Text as numbers are looked for in it: nothing invisible, narrow digits, groups of digits closed up, and a blank
    for what is shown shortened.
    """
    text = _GROUPS.sub(_closed_up, visible(text).translate(_FULL_WIDTH))
    return _CUT.sub(" ", text) if _CUT.search(text) else text


def found_numbers(text: str) -> list[re.Match[str]]:
    """Where numbers stand in such a text."""
    return list(_NUMBER.finditer(text))


def _closed_up(match: re.Match[str]) -> str:
    groups = match.group().split(match[1])
    size = len(groups[0])
    regular = all(len(g) == size for g in groups[:-1]) and len(groups[-1]) <= size
    return "".join(groups) if regular and len("".join(groups)) >= 8 else match.group()


def is_substituted(text: str) -> bool:
    """True if a font of the page's own draws characters as others (字体加密), so that the text is not what is read.

    One private-use character all by itself is an icon.
    """
    return len(text) > 1 and any(unicodedata.category(c) == "Co" for c in text)


def cut_number(text: str) -> tuple[str, str] | None:
    """Head and tail of a number that is shown shortened (33918…0635), or None."""
    match = _CUT.search(fold(text))
    if not match or len(match[1]) + len(match[2]) < 4:
        return None
    return match[1], match[2]


def completes(cut: tuple[str, str], number: str) -> bool:
    """True if a whole number could be the one that was shortened."""
    head, tail = cut
    return len(number) > len(head) + len(tail) and number.startswith(head) and number.endswith(tail)


def period(text: str) -> Period | None:
    """How long a subscription runs: 1年, 一年, 12个月, 一季度, 半年, 3天, 1年3个月, 周期：三个月, 365, 86400.

    None for what is not known to be a period, and for one of no length (0个月).
    """
    narrow = _ASIDE.sub("", _PERIOD_LABEL.sub("", fold(text)))
    found = _bare(int(narrow)) if re.fullmatch(r"[0-9]{1,9}", narrow) else _written(narrow)
    return found if found and (found.months or found.days) else None


def _bare(number: int) -> Period | None:
    """A number without a unit, if it can only be one thing.

    有赞 gives days (365), 拼多多 seconds (86400). Below 28 it may be a market's code for a unit (1, 2, 3) or a count of
    months (12), and so may whole years of months (36, 48, 60): those are not guessed.
    """
    if number and number % _DAY_SECONDS == 0:
        days = number // _DAY_SECONDS
        return Period(days=days) if days <= _LONGEST_DAYS else None
    likely = 28 <= number <= _LONGEST_DAYS and number not in (36, 48, 60)
    return Period(days=number) if likely else None


def _written(text: str) -> Period | None:
    if re.search(r"月\d+日", text):
        return None  # a day of the year
    months = days = at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        count = _count(piece) if piece else None
        if piece is None or count is None:
            return None
        each_months, each_days = _unit(piece)
        months, days, at = months + count * each_months, days + count * each_days, piece.end()
    return Period(months, days)


def _count(piece: re.Match[str]) -> int | None:
    text = piece["n"]
    if piece["half"]:
        return 1
    if not text:
        return None  # 月, 年: by the month, by the year; how many is not said
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _unit(piece: re.Match[str]) -> tuple[int, int]:
    """Months and days of one of its unit."""
    unit = (piece["unit"] or "").lower()
    if piece["half"] or "季" in unit:
        return (6 if piece["half"] else 3), 0
    if "年" in unit or unit.startswith("y"):
        return 12, 0
    if "月" in unit or unit.startswith("m"):
        return 1, 0
    return 0, (7 if "周" in unit or "星期" in unit or unit.startswith("w") else 1)
