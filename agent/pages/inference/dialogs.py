"""Whether what a dialog says is about one step of one order and about nothing else: words in, a verdict out."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from agent.domain.orders import YUAN, Order
from agent.domain.text import Text, fold
from agent.pages import vocabulary
from agent.pages.inference import dialog_words as words_of
from agent.pages.values import moments_in, price, spaced

# What stands in the place of what is known of the order, once it was found.
_NUMBER, _AMOUNT, _TIME, _NAME = (chr(0x10FF00 + n) for n in range(4))
_FACTS = (_NUMBER, _AMOUNT, _TIME, _NAME)
_SUM = re.compile(
    r"(?:[¥￥$€£₩₽฿₫₱]|RMB|CNY|USD|HKD|US\$|HK\$|人民币)\s?\d[\d,]*(?:\.\d+)?元?(?:人民币)?"
    r"|\d[\d,]*(?:\.\d+)?\s?(?:元|RMB|CNY|USD|HKD|美元|港元|欧元)|(?<![\d.])\d[\d,]*\.\d{2}(?![\d.])",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:T? ?\d{1,2}:\d{2}(?::\d{2})?)?")
_PERIOD = re.compile(r"((?:周期|时长|期限|有效期)[:：]?)(?:\d{1,4}|[一二三四五六七八九十]+|半)个?(?:季度|月|年|天|日)")
_LIMIT_BEFORE = re.compile(
    r"(?:到期(?:时间|日期|日)?|有效期(?:至|到)?|截止(?:时间|日期)?|截至|至|~|～|于|[^\d]-|在|将于)[:：]?$"
)
_LIMIT_BEHIND = re.compile(r"^(?:之?前|后|起|至|到期|截止|自动|~|～)")
# A number of which only the ends are shown: 6222****0001, 尾号0001.
_HIDDEN = re.compile(r"(\d{0,8})[*•·×x…]{2,}(\d{2,8})(?!\d)|(?<=尾号)[为是:]?()(\d{3,8})(?!\d)")
_COUNTDOWN = re.compile(r"\(?(?:剩余|还剩|倒计时)?[:：]?\d{1,3}(?:s|秒)?(?:后)?\)?")
_SILENT = re.compile(r"[^\w\u4e00-\u9fff¥￥$€£%‰]|_")
_SHORTEST_NAME = 2
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Step:
    """The words of one kind of step: those of which its questions are made, and those without which none is its."""

    plain: frozenset[str]
    phrases: tuple[re.Pattern[str], ...]
    of_it: re.Pattern[str]


CONFIRM = Step(
    words_of.PLAIN | words_of.CONFIRM,
    words_of.PHRASES + words_of.CONFIRM_PHRASES,
    words_of.OF_CONFIRM,
)
FILE = Step(words_of.PLAIN | words_of.FILE, words_of.PHRASES + words_of.FILE_PHRASES, words_of.OF_FILE)
REFUND = Step(words_of.PLAIN | words_of.REFUND, words_of.PHRASES + words_of.REFUND_PHRASES, words_of.OF_REFUND)
AUTHORIZE = Step(words_of.PLAIN | words_of.AUTHORIZE, words_of.PHRASES, words_of.OF_AUTHORIZE)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a dialog may speak of: one step, and what is known of its order.

    `names` are words that belong to the order whatever they mean: its service and shop, the payee's bank, cells of its
    row. `numbers` are its number, and the payee's account.
    """

    step: Step
    numbers: frozenset[str] = frozenset()
    amount: Decimal | None = None
    currency: str = YUAN
    day: date | None = None
    names: frozenset[str] = frozenset()


def matter_of(step: Step, order: Order, names: Iterable[str | None] = (), numbers: Iterable[str] = ()) -> Matter:
    """What a dialog of an order's step may speak of; `names` and `numbers` are what else belongs to it."""
    own = (order.service, order.service_code, order.shop, *names)
    return Matter(
        step,
        numbers=frozenset(n for n in (order.order_no, *numbers) if n),
        amount=order.amount,
        currency=order.currency,
        day=order.ordered_at.date(),
        names=frozenset(n for n in own if n),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """`foreign` are the pieces that speak of something else, or of something that is not known; `of_step` is true if
    one speaks of the step or names the order, `of_click` if one at least asks about the click that was made.
    """

    foreign: tuple[str, ...] = ()
    of_step: bool = False
    of_click: bool = False

    @property
    def words(self) -> str:
        """The first of the foreign pieces, as a report shows it."""
        return shortened(self.foreign[0]) if self.foreign else ""


def judge(pieces: Iterable[str], matter: Matter) -> Verdict:
    """What the pieces of a dialog (sentences, labels, links; not its buttons) say, held against what is meant."""
    marked = [(piece, _marked(piece, matter)) for piece in pieces]
    foreign = tuple(p for p, text in marked if left_over(text, matter.step) or words_of.ELSEWHERE.search(text))
    whole = "\n".join(text for _, text in marked)
    facts = [fact for fact in _FACTS if fact in whole]
    of_step = matter.step.of_it.search(whole) is not None or _NUMBER in facts or len(facts) > 1
    return Verdict(foreign, of_step, words_of.OF_CLICK.search(whole) is not None)


def is_plain(label: str, matter: Matter) -> bool:
    """True if a button's or a box's words speak of nothing but the step."""
    return not left_over(_marked(label, matter), matter.step)


def has_other_sum(text: str, matter: Matter) -> bool:
    """True if a text names a sum that is not the order's."""
    return _SUM.search(_mark_sums(spaced(text), matter)) is not None


def shortened(text: str) -> str:
    """A dialog's words on one line, as a report shows them."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def declined(text: str, foreign: str) -> Text:
    """Why a dialog was not agreed to, with its words."""
    text, foreign = shortened(text), shortened(foreign)
    about, rest = (f", with “{foreign}”,", f"，其中“{foreign}”") if foreign and foreign != text else ("", "")
    return Text(
        f"a dialog that is not known to be about this step alone was declined: “{text}”{about}",
        f"弹窗内容不能确定只与本次操作有关，已取消：“{text}”{rest}",
    )


# facts


def _marked(piece: str, matter: Matter) -> str:
    """The folded piece with what is known of the order put into marks."""
    seen = "".join(c for c in piece if unicodedata.category(c) != "Cf")
    text = _mark_times(spaced(seen), matter)
    text = _mark_sums(text, matter)
    text = fold(text).lower()
    text = _HIDDEN.sub(lambda found: _NUMBER if _is_end_of_own(found, matter) else found.group(), text)
    for number in sorted((n.lower() for n in matter.numbers if n), key=len, reverse=True):
        text = re.sub(rf"(?<![a-z0-9]){re.escape(number)}(?![a-z0-9])", _NUMBER, text)
    for name in _names(matter.names):
        text = text.replace(name, _NAME)
    text = _PERIOD.sub(r"\1", text)
    return "" if _COUNTDOWN.fullmatch(text) else text


@lru_cache(maxsize=64)
def _names(names: frozenset[str]) -> tuple[str, ...]:
    folded = {fold(name).lower() for name in names}
    return tuple(sorted((n for n in folded if len(n) >= _SHORTEST_NAME), key=len, reverse=True))


def _is_end_of_own(found: re.Match[str], matter: Matter) -> bool:
    head, tail = (found[1], found[2]) if found[2] else ("", found[4])
    return any(number.startswith(head) and number.endswith(tail) for number in matter.numbers)


def _mark_times(text: str, matter: Matter) -> str:
    return _DAY.sub(lambda found: _TIME if _is_known_time(found, matter) else found.group(), text)


def _is_known_time(found: re.Match[str], matter: Matter) -> bool:
    """True for the order's day, and for a limit of something (到期时间 …, … 前自动确认)."""
    before, behind = found.string[: found.start()].rstrip(), found.string[found.end() :].lstrip()
    limit = _LIMIT_BEFORE.search(before) or _LIMIT_BEHIND.search(behind)
    return limit is not None or matter.day in {when.date() for when in moments_in(found.group())}


def _mark_sums(text: str, matter: Matter) -> str:
    return _SUM.sub(lambda found: _AMOUNT if _is_own_sum(found.group(), matter) else found.group(), text)


def _is_own_sum(text: str, matter: Matter) -> bool:
    bare = re.sub(r"人民币", "", text)
    try:
        return price(bare, matter.currency) == (matter.amount, matter.currency)
    except ValueError:
        return False


# words


def left_over(text: str, step: Step) -> str:
    """What of a marked text is made of no known words, empty if all is known."""
    if text in _LABELS:
        return ""
    return "".join(_cover(text, step))


def _cover(text: str, step: Step) -> Iterator[str]:
    """The characters that no choice of known words covers, fewest of them."""
    size = len(text)
    cost = [size + 1] * (size + 1)
    cost[0] = 0
    came: list[tuple[int, bool]] = [(0, True)] * (size + 1)
    for at in range(size):
        for end, known in _steps(text, at, step):
            paid = cost[at] + (0 if known else 1)
            if paid < cost[end]:
                cost[end], came[end] = paid, (at, known)
    at, missing = size, []
    while at:
        start, known = came[at]
        if not known:
            missing.append(text[start:at])
        at = start
    return reversed(missing)


def _steps(text: str, at: int, step: Step) -> Iterator[tuple[int, bool]]:
    """Where a word that begins here can end; the next character, at a cost, if none does."""
    char = text[at]
    yield at + 1, char in _FACTS or _SILENT.fullmatch(char) is not None
    for length in range(1, min(_longest(step), len(text) - at) + 1):
        if text[at : at + length] in step.plain:
            yield at + length, True
    for phrase in step.phrases:
        if (found := phrase.match(text, at)) and found.end() > at:
            yield found.end(), True
    if label := _LABEL.match(text, at):
        yield label.end(), True


@lru_cache(maxsize=8)
def _longest(step: Step) -> int:
    return max(len(word) for word in step.plain)


_LABELS = frozenset(
    fold(word).lower()
    for fields in (vocabulary.ORDER_FIELDS, vocabulary.FILING_FIELDS)
    for name, synonyms in fields.items()
    if name != "action"
    for word in synonyms
)
# Labels in which nobody could read that something is bought (购买服务).
_HARMLESS_LABELS = sorted((w for w in _LABELS if not w.startswith(("购买", "订购"))), key=len, reverse=True)
_LABEL = re.compile(
    "|".join(f"(?:{re.escape(w)})" for w in _HARMLESS_LABELS)
    + "|(?:"
    + "|".join(re.escape(w) for w in sorted(_LABELS, key=len, reverse=True))
    + ")(?=[:：])"
    + "|订购时间|订购日期|订购金额|订购周期|购买时间|购买日期|订购单号|订购编号|订购店铺"
)
