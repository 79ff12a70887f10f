"""Replaces what is personal or secret in texts, in each spelling of it, consistently over all of them (脱敏)."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from agent.domain.text import fold
from agent.recording.kinds import Kind, substitute
from agent.recording.spellings import through_spellings

_LONG_ENOUGH = 3
_ATTEMPTS = 60
_SURE = 6  # what is shorter can stand in another text by chance
_AROUND = 24
_BLANK = r"[\s+\-]?"
_GROUPED = (Kind.BANK_ACCOUNT, Kind.PHONE, Kind.ID_CARD)


@dataclass(frozen=True, slots=True)
class Replacement:
    """One value that was replaced: by what, how often, and where it stood first, with what was around it by then."""

    kind: Kind
    by: str
    count: int
    where: str
    context: str


@dataclass(slots=True)
class Disguise:
    """What is to be replaced so far. `key` decides by what; `keep` are texts that mean the same to everybody."""

    key: bytes
    keep: Collection[str] = ()
    _of: dict[str, str] = field(default_factory=dict)
    _kinds: dict[str, Kind] = field(default_factory=dict)
    _outputs: set[str] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)
    _seen: dict[str, tuple[str, str]] = field(default_factory=dict)
    _fresh: list[tuple[str, str]] = field(default_factory=list)
    _pattern: re.Pattern[str] | None = None

    def add(self, kind: Kind, value: str) -> None:
        """Replace this one, too, from now on. What is too short to be told from other text is not."""
        value = value.strip()
        if (
            len(value) < _LONG_ENOUGH - (kind is Kind.NAME)
            or value in self._of
            or fold(value).strip(":*()") in self.keep
        ):
            return
        if value in self._outputs or not re.search(r"\w", value):
            return
        if (by := self._by(kind, value)) == value:
            return
        self._of[value], self._kinds[value] = by, kind
        self._outputs.add(by)
        self._pattern = None

    def _by(self, kind: Kind, value: str) -> str:
        inner = max((n for n in self._of if len(n) >= 3 and n in value and kind is Kind.NAME), key=len, default=None)
        made = value
        for attempt in range(_ATTEMPTS):
            if inner is not None:
                before, _, after = value.partition(inner)
                parts = (substitute(self.key, kind, before, attempt), self._of[inner])
                made = "".join((*parts, substitute(self.key, kind, after, attempt)))
            else:
                made = substitute(self.key, kind, value, attempt)
            if made not in self._outputs and made not in self._of and made != value and made not in self.keep:
                return made
        return made

    def is_made(self, value: str) -> bool:
        """True for what stands in for something, or for a part of it."""
        if value in self._outputs:
            return True
        return any(value in made or (len(made) >= _SURE and made in value) for made in self._outputs)

    @property
    def originals(self) -> Mapping[str, Kind]:
        """What is replaced. To be written nowhere."""
        return self._kinds

    def replace(self, text: str, where: str = "") -> str:
        """Return the text with everything replaced, also what is spelled for an address, JSON, HTML or in base64."""
        if not self._of:
            return text
        told = through_spellings(text, self._replaced)
        # Of the text before, a secret could be cut at the edge into a part that nobody knows.
        self._seen |= {value: (where, _around(told, made)) for value, made in self._fresh}
        self._fresh.clear()
        return told

    def _replaced(self, text: str) -> str:
        pattern = self._pattern = self._pattern or _pattern_of(self._kinds)

        def by(found: re.Match[str]) -> str:
            said = found.group()
            value = said if said in self._of else re.sub(_BLANK, "", said) if said[0].isdigit() else said
            made = self._of.get(value)
            if made is None:
                return said
            told = made if value == said else _regrouped(said, made)
            if not self._counts[value]:
                self._fresh.append((value, told))
            self._counts[value] += 1
            return told

        return pattern.sub(by, text)

    def replacements(self) -> list[Replacement]:
        """What was replaced, by kind, the most frequent first. The contexts are without what was replaced, too."""
        order = [*Kind]
        found = [
            Replacement(self._kinds[value], self._of[value], count, where, self.replace(around))
            for value, count in self._counts.most_common()
            for where, around in (self._seen[value],)
        ]
        return sorted(found, key=lambda r: order.index(r.kind))


def _around(text: str, piece: str) -> str:
    """What stands around a piece of text, cut between words; the piece alone if it is spelled otherwise there."""
    begin = text.find(piece)
    if begin < 0:
        return piece
    end = begin + len(piece)
    before = text[max(0, begin - _AROUND) : begin]
    after = text[end : end + _AROUND]
    cut_before = re.sub(r"^\w*", "", before) if begin > _AROUND else before
    cut_after = re.sub(r"\w*$", "", after) if end + _AROUND < len(text) else after
    return " ".join(f"{cut_before}{piece}{cut_after}".split())


def _regrouped(said: str, made: str) -> str:
    digits = iter(made)
    return "".join(next(digits) if c.isalnum() else c for c in said)


def _pattern_of(kinds: Mapping[str, Kind]) -> re.Pattern[str]:
    """Matches each value as it is, long ones first; numbers alone as a whole; some numbers also in groups of digits."""
    plain = sorted((v for v, kind in kinds.items() if not v.isdecimal() or kind in _GROUPED), key=len, reverse=True)
    return re.compile("|".join([*(_form(v, kinds[v]) for v in plain), r"\d{3,}"]))


def _form(value: str, kind: Kind) -> str:
    form = _BLANK.join(map(re.escape, value)) if value.isalnum() and kind in _GROUPED else re.escape(value)
    if len(value) >= 12 and not value.isdecimal():
        return form
    before = r"(?<![0-9A-Za-z])" if value[0].isascii() and value[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if value[-1].isascii() and value[-1].isalnum() else ""
    return f"{before}{form}{after}"
