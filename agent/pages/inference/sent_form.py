"""Compares what a page sends with what it was meant to send, whatever shape the request has."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qsl, urlsplit

from agent.domain.orders import SHANGHAI
from agent.domain.text import Text, fold
from agent.pages import vocabulary
from agent.pages.inference.payee_words import Kind, kind_of

# ruff: noqa: E501 - patterns of keys read better in long lines

Pair = tuple[str, str]
# Two numbers of orders are taken for the same kind of thing from so many equal leading digits on.
_ALIKE, _ALIKE_ACCOUNT, _LONG = 8, 6, 12
_DEEPEST = 6
_JSONP = re.compile(r"^\s*[\w.$]+\s*\((.*)\)\s*;?\s*$", re.DOTALL)
_PART = re.compile(r'name="?([^";\r\n]*)"?')
_NUMBER = re.compile(r"\d{8,}(\.0+)?|\d(\.\d+)?e\+?\d{1,2}", re.IGNORECASE)
_DAY = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
_CJK = re.compile(r"[一-鿿]")
_NO_ID = ("", "0", "-1", "false", "null", "none", "new", "undefined", "other")
_KEYS = {
    "order_no": re.compile(r"order(no|num|number|code|sn)$|trade(no|num|number|sn)$|订单(编)?号$"),
    "amount": re.compile(r"amount|money|price|fee$|payment$|金额|实付"),
    "ordered_on": re.compile(r"^(date|day|(order|buy|pay|purchase|subscri\w*)(ed)?(date|day|time|at|on))$|订购|下单|购买"),
    "shop": re.compile(r"^(shop|store|seller)(name|title|nick)?$|店铺|网店"),
    "platform": re.compile(r"^platform(name|title)?$|平台"),
    "bank": re.compile(r"^(open)?bank(name|title)?$|开户(银)?行"),
    "holder": re.compile(r"^(account)?(holder|owner)(name)?$|^(account|payee|receiver)name$|户名|收款人"),
    "account": re.compile(r"^(bank|card|payee|receive\w*)?(account|acct|card)(no|num|number|code)?$|账号|帐号|卡号"),
}  # fmt: skip
_METHOD = re.compile(
    r"(pay|payee|receiv\w*|receipt|refund|withdraw|settle|account)\w*(type|method|way|mode|channel)$|方式"
)
_ELSEWHERE = re.compile(r"alipay|ali|zfb|zhifubao|wechat|weixin|wx|wxpay|tenpay|balance|paypal|wallet")
_SAVED_ID = re.compile(
    r"(saved|history|default)\w*(id|no)$|((bank|withdraw|receive|refund|payee)(account|card)|card|payee|receiver)id$"
)
_USES_SAVED = re.compile(r"^(is)?use(saved|default|old|last|history)")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a request says otherwise than was meant: `name` of FORM_LABELS or "method", `sent` as it may be told."""

    name: str
    sent: str

    @property
    def text(self) -> Text:
        label = "收款方式" if self.name == "method" else vocabulary.FORM_LABELS[self.name][0]
        return Text(f"{label} would be sent as “{self.sent}”", f"“{label}”将以“{self.sent}”提交")


@dataclass(frozen=True, slots=True)
class Compared:
    """What one request says of the plan: the names that it says rightly, and what it says otherwise."""

    found: frozenset[str]
    differences: tuple[Difference, ...]


def compare_sent(plan: Mapping[str, str], pairs: list[Pair]) -> Compared:
    """Compare what a request says with `plan`, by the names of FORM_LABELS (dates in ISO form, amounts in yuan).

    Only a request that says something of the order or the account is held to the rest: others have dates of their own.
    """
    found = frozenset(name for name, value in plan.items() if any(_SAME[name](value, sent) for _, sent in pairs))
    sure = [*_numbers_off(plan, pairs, found), *_accounts_off(plan, pairs, found), *_payee_off(plan, pairs)]
    about = bool(sure) or bool(found & {"order_no", "account"})
    named = list(_named_off(plan, pairs, found)) if about else []
    return Compared(found, tuple(dict.fromkeys([*sure, *named])))


def agreement(plan: Mapping[str, str], told: list[Compared], *, unsaid: frozenset[str] = frozenset()) -> bool | None:
    """True if all that the plan names was sent as meant, False if anything differs, None if it cannot be told.

    `unsaid` are the names that the requests need not say, such as the order's number if its row is asked for.
    """
    if any(one.differences for one in told):
        return False
    found = frozenset(name for one in told for name in one.found)
    return True if plan.keys() - unsaid <= found else None


def _numbers_off(plan: Mapping[str, str], pairs: list[Pair], found: frozenset[str]) -> Iterator[Difference]:
    ours = plan.get("order_no", "")
    others = {sent for _, sent in pairs if _NUMBER.fullmatch(sent)} - {ours, _bare(plan.get("account", ""))}
    if ours.isdigit() and len(ours) >= _LONG:
        for other in sorted(others):
            if _is_rounded(other, ours) or ("order_no" not in found and _is_alike(other, ours, _ALIKE)):
                yield Difference("order_no", other)
    if ours and "order_no" not in found:
        wrong = (v for k, v in pairs if _KEYS["order_no"].search(k) and _NUMBER.fullmatch(v) and v != ours)
        yield from (Difference("order_no", sent) for sent in wrong)


def _accounts_off(plan: Mapping[str, str], pairs: list[Pair], found: frozenset[str]) -> Iterator[Difference]:
    ours = _bare(plan.get("account", ""))
    if not ours:
        return
    taken = {_bare(v) for v in plan.values()}
    for key, sent in pairs:
        bare = _bare(sent)
        if bare in taken or not (re.fullmatch(r"[\d*xX•]{4,40}", bare) or _NUMBER.fullmatch(bare)):
            continue
        named = _KEYS["account"].search(key) is not None
        rounded = bare.isdigit() and (_is_rounded(bare, ours) or _is_alike(bare, ours, _ALIKE_ACCOUNT))
        if (named and len(bare) >= 8) or (rounded and "account" not in found):
            yield Difference("account", f"{len(bare)} digits")


def _payee_off(plan: Mapping[str, str], pairs: list[Pair]) -> Iterator[Difference]:
    if "account" not in plan:
        return
    for key, sent in pairs:
        text = fold(sent).lower()
        elsewhere = _ELSEWHERE.fullmatch(text) or kind_of(sent) is Kind.ELSEWHERE
        if elsewhere and (_METHOD.search(key) or text in ("alipay", "支付宝", "wechat", "微信")):
            yield Difference("method", sent[:20])
        elif (_SAVED_ID.search(key) and text not in _NO_ID) or (
            _USES_SAVED.search(key) and text in ("1", "true", "on")
        ):
            yield Difference("method", key[:40])


def _named_off(plan: Mapping[str, str], pairs: list[Pair], found: frozenset[str]) -> Iterator[Difference]:
    for name in plan.keys() - found - {"order_no", "account"}:
        for key, sent in pairs:
            if _KEYS[name].search(key) and _OTHER[name](plan[name], sent):
                yield Difference(name, sent[:40])


def _is_rounded(other: str, ours: str) -> bool:
    """True for a number that became another one in a number's format, or was cut short, or went on."""
    try:
        if float(other) == float(ours):
            return True
    except (ValueError, OverflowError):
        return False
    kept = other.rstrip("0")
    cut = len(kept) >= _ALIKE and ours.startswith(kept) and len(other) <= len(ours)
    return cut or (other.startswith(ours) and len(other) > len(ours))


def _is_alike(other: str, ours: str, digits: int) -> bool:
    return len(other) == len(ours) and other[:digits] == ours[:digits]


def _bare(text: str) -> str:
    return re.sub(r"[\s-]", "", fold(text))


def _money(text: str) -> Decimal | None:
    try:
        return Decimal(re.sub(r"[¥￥,元\s]", "", fold(text)))
    except InvalidOperation:
        return None


def _same_money(ours: str, sent: str) -> bool:
    value, wanted = _money(sent), Decimal(ours)
    return value is not None and (value == wanted or (value == wanted * 100 and sent.isdigit()))


def days_in(text: str) -> set[date]:
    """The days, in Asia/Shanghai, that a value of a request can mean: a date in any form, an ISO moment, an epoch."""
    words = text.strip()
    if re.fullmatch(r"1\d{9}(\d{3})?", words):
        return {datetime.fromtimestamp(int(words[:10]), SHANGHAI).date()}
    if re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)", words):
        return {datetime.fromisoformat(words).astimezone(SHANGHAI).date()}
    if re.fullmatch(r"20\d{6}", words):
        return _day(words[:4], words[4:6], words[6:])
    return {day for m in _DAY.finditer(words) for day in _day(m[1], m[2], m[3])}


def _day(year: str, month: str, day: str) -> set[date]:
    try:
        return {date(int(year), int(month), int(day))}
    except ValueError:
        return set()


def _near(one: date, other: date) -> bool:
    return abs(one - other) <= timedelta(days=3660)


def _same_text(ours: str, sent: str) -> bool:
    return fold(ours) == fold(sent)


def _other_text(ours: str, sent: str) -> bool:
    """True for words that are others; an id, or a shorter name of the same, cannot be told."""
    return _CJK.search(sent) is not None and fold(sent) not in fold(ours) and fold(ours) not in fold(sent)


def _other_money(ours: str, sent: str) -> bool:
    value = _money(sent)
    return value is not None and value != 0 and not _same_money(ours, sent)


def _other_day(ours: str, sent: str) -> bool:
    found = days_in(sent)
    return (
        bool(found) and all(_near(d, date.fromisoformat(ours)) for d in found) and date.fromisoformat(ours) not in found
    )


Test = Callable[[str, str], bool]
_SAME: dict[str, Test] = {
    "order_no": lambda ours, sent: sent.strip() == ours,
    "account": lambda ours, sent: _bare(sent) == _bare(ours),
    "amount": _same_money,
    "ordered_on": lambda ours, sent: date.fromisoformat(ours) in days_in(sent),
    **dict.fromkeys(("shop", "platform", "bank", "holder"), _same_text),
}
_OTHER: dict[str, Test] = {
    "amount": _other_money,
    "ordered_on": _other_day,
    **dict.fromkeys(("shop", "platform", "bank", "holder"), _other_text),
}


def pairs_of(address: str, body: bytes | None, kind: str = "") -> list[Pair]:
    """What a request says, as pairs of the last word of a key (in small letters, letters and digits only) and a value.

    `kind` is its content type. JSON inside of fields is read, too, and its numbers digit by digit.
    """
    text = (body or b"").decode("utf-8", errors="replace")
    inside = list(_multipart(text)) if "multipart" in kind or text.startswith("--") else list(_read(text, "", 0))
    return [*_query(urlsplit(address).query, 0), *inside]


def tidied(pairs: Iterable[Sequence[str]]) -> list[Pair]:
    """The same pairs with their keys reduced as those of pairs_of(), and JSON inside of values read."""
    return [found for key, value in pairs for found in _read(value, key, 1)]


def _query(text: str, depth: int) -> Iterator[Pair]:
    for key, value in parse_qsl(text, keep_blank_values=True):
        yield from _read(value, key, depth + 1)


def _multipart(text: str) -> Iterator[Pair]:
    boundary = text.split("\r\n", maxsplit=1)[0]
    for piece in text.split(boundary)[1:] if boundary else ():
        head, _, value = piece.partition("\r\n\r\n")
        name = _PART.search(head)
        if name and "filename=" not in head:
            yield from _read(value.removesuffix("\r\n"), name[1], 1)


def _read(text: str, key: str, depth: int) -> Iterator[Pair]:
    words = text.strip()
    jsonp = _JSONP.match(words)
    words = jsonp[1].strip() if jsonp else words
    if words[:1] in ("{", "[", '"') and depth < _DEEPEST:
        try:
            yield from _walk(json.loads(words, parse_int=str, parse_float=str), key, depth + 1)
        except (ValueError, RecursionError):
            yield _last(key), text
    elif depth == 0 and "=" in words:
        yield from _query(words, depth)
    else:
        yield _last(key), text


def _walk(told: object, key: str, depth: int) -> Iterator[Pair]:
    if isinstance(told, dict):
        for name, inner in told.items():
            yield from _walk(inner, str(name), depth)
    elif isinstance(told, list):
        for inner in told:
            yield from _walk(inner, key, depth)
    elif isinstance(told, str):
        yield from _read(told, key, depth)
    elif told is not None:
        yield _last(key), str(told).lower()


def _last(key: str) -> str:
    """The last word of a key: bank_no of payee[bank_no], as bankno."""
    found = [w for w in re.split(r"[.\[\]]", key) if w and not w.isdigit()]
    return re.sub(r"[\W_]", "", found[-1]).lower() if found else ""
