"""Masks secrets (密码、密钥、银行账号) in a text, however they are spelled there."""

import base64
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

MASK = "*****"
_START = 4
# An account number is also written in groups: 5719 0000 0010 001.
_GROUPED = re.compile(r"\d(?:[\s-]?\d)+")


class Redactor:
    """Any number of secrets. What it takes to mask a text depends on the text alone, not on how many there are.

    `whole_numbers`: a secret of digits alone is not looked for inside of longer numbers. A weak password such as 123456
    also stands inside order numbers, which a record must keep whole. One thread may add secrets while another masks a
    text.
    """

    def __init__(self, *, whole_numbers: bool = False) -> None:
        self._whole_numbers = whole_numbers
        self._endings: set[str] = set()  # numbers of which the last four digits may be shown
        self._added: set[str] = set()
        self._forms: dict[str, dict[int, set[str]]] = {}  # by their first characters, and their length
        self._numbers: dict[int, set[str]] = {}  # those of digits alone, by their length

    def add(self, secret: str, *, keep_ending: bool = False) -> None:
        """Mask this one, too, from now on; blanks around it do not count, and one that is empty is none.

        `keep_ending`: if it is a number, its last four digits are left.
        """
        secret = secret.strip()
        if not secret or secret in self._added:
            return
        for form in _spellings(secret):
            _put(self._forms.setdefault(form[:_START], {}), form)
        if secret.isdecimal():
            _put(self._numbers, secret)
            self._endings |= {secret} if keep_ending else set()
        self._added.add(secret)

    def mask(self, text: str) -> str:
        """Return the text with ***** in place of each, and of several that overlap."""
        told, done = "", 0
        for begin, end in sorted({*self._forms_in(text), *self._numbers_in(text)}):
            if begin >= done:
                told += text[done:begin] + MASK + self._ending(text[begin:end])
            done = max(done, end)
        return told + text[done:]

    def _ending(self, found: str) -> str:
        digits = re.sub(r"[\s-]", "", found)
        return digits[-4:] if digits in self._endings else ""

    def _counts(self, text: str, begin: int, end: int) -> bool:
        """False for a number inside of a longer one, if whole numbers alone count."""
        around = text[max(begin - 1, 0) : begin] + text[end : end + 1]
        return not (self._whole_numbers and any(map(str.isdigit, around)))

    def _forms_in(self, text: str) -> Iterator[tuple[int, int]]:
        for at in range(len(text)):
            for size in range(_START, 0, -1):
                for length, forms in [*self._forms.get(text[at : at + size], {}).items()]:
                    form = text[at : at + length]
                    if form in forms and (not form.isdecimal() or self._counts(text, at, at + length)):
                        yield at, at + length

    def _numbers_in(self, text: str) -> Iterator[tuple[int, int]]:
        for run in _GROUPED.finditer(text) if self._numbers else ():
            places = [at for at in range(*run.span()) if text[at].isdigit()]
            digits = "".join(text[at] for at in places)
            for size, numbers in [*self._numbers.items()]:
                for at in range(len(digits) - size + 1):
                    begin, end = places[at], places[at + size - 1] + 1
                    if digits[at : at + size] in numbers and self._counts(text, begin, end):
                        yield begin, end


def _put(forms: dict[int, set[str]], form: str) -> None:
    forms.setdefault(len(form), set()).add(form)


def _spellings(secret: str) -> Iterator[str]:
    """The secret as it is, and as it looks in addresses, forms, JSON, Python's repr and base64."""
    for encoded in (quote(secret), quote(secret, safe=""), quote_plus(secret)):
        yield from (encoded, re.sub("%..", lambda found: found[0].lower(), encoded))
    yield from (secret, repr(secret)[1:-1], secret.encode("unicode_escape").decode(), secret.replace("\\", "\\\\"))
    yield secret.replace("\\", "\\\\").replace('"', '\\"')
    yield from _in_base64(secret.encode())


def _in_base64(raw: bytes) -> Iterator[str]:
    """Its base64 forms: alone, and the part that stays the same wherever it stands in a longer text (user:password)."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode().rstrip("=")
        for before in range(3):
            whole = encode(bytes(before) + raw).decode().rstrip("=")
            steady = whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
            if len(steady) >= 6:  # shorter ones would hit innocent words
                yield steady
