"""Whether all of a number was read: only a label's end, and what is known to end a number, may stand beside it."""

import re
import unicodedata

from agent.pages.values import as_digits, found_numbers

# The ends of labels before a number, and the beginnings of the controls behind it.
_BEFORE, _BEHIND = "号码为是单编", "复查详子父主更等已"
_OPENERS = ":：(（【[〔「『《〈<“\"'‘#＃№|｜/、，,;；。·•>》)）】]〕」』~*＊"
_CLOSERS = ")）】]〕」』》〉>”\"'’|｜/、，,;；。·•(（【[「『《<.:：📋📄📑⧉❐🔗"
_DAY = r"(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?"
_CLOCK = r"(?:[01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d(?:\.\d+)?)?"
_WHEN = rf"(?:(?:19|20)\d\d[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?(?:[T ]*{_CLOCK})?|{_DAY}[T ]*{_CLOCK}|{_CLOCK})"
_WHEN_BEHIND = re.compile(rf"{_WHEN}(?![\d:：.-])")
_WHEN_BEFORE = re.compile(rf"(?<![\d:：.-]){_WHEN}$")
# 3个月 and 2件 are counts of something.
_COUNT = re.compile(r"[×xX*共约第]?\d{1,4}(?:个|件|年|月|天|日|元|人|次|套|份|张|笔|期)")
# Whatever stands between a number and the next word, number or hyphen.
_MARKS_AT_END, _MARKS_AT_START = re.compile(r"(?:(?![-‐‑‒–—−_])\W)+$"), re.compile(r"^(?:(?![-‐‑‒–—−_])\W)+")
_REVERSED = "\u202e"


def is_torn(text: str, number: str) -> bool:
    """True if what stands right beside a number may belong to it: a character that a font or a style draws as a
    digit, a mark upon one, or digits apart. What is read then is not what people read.
    """
    words = as_digits(text)
    places = [m for m in found_numbers(words) if m[1] == number]
    return _REVERSED in text or any(_goes_before(words[: m.start(1)]) or _goes_on(words[m.end(1) :]) for m in places)


def _goes_before(before: str) -> bool:
    if not before or before[-1] in _BEFORE:
        return False
    if not (before[-1].isspace() or before[-1] in _OPENERS):
        return True
    rest = _MARKS_AT_END.sub("", before)
    told = _may_belong(rest[-1:]) and not _WHEN_BEFORE.search(rest)
    return told or _is_single_letter(rest[-1:], _MARKS_AT_END.sub("", rest[:-1])[-1:])


def _goes_on(behind: str) -> bool:
    if not behind or behind[0] in _BEHIND:
        return False
    if not (behind[0].isspace() or behind[0] in _CLOSERS):
        return True
    rest = _MARKS_AT_START.sub("", behind)
    if _WHEN_BEHIND.match(rest) or _COUNT.match(rest):
        return False
    return _may_belong(rest[:1]) or _is_single_letter(rest[:1], _MARKS_AT_START.sub("", rest[1:])[:1])


def _may_belong(character: str) -> bool:
    """True for digits and numerals of any script, marks, and hyphens."""
    return character != "" and (unicodedata.category(character)[0] in "NM" or character in "-‐‑‒–—−_")


def _is_single_letter(word: str, beyond: str) -> bool:
    """True for a letter that stands alone, as E 2019…; a Chinese character is a word, if no digit is beyond it."""
    if not word.isalpha() or beyond.isalpha():
        return False
    return not "\u4e00" <= word <= "\u9fff" or _may_belong(beyond)
