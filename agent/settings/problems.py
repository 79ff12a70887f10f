"""What is wrong with a file that an operator wrote, told all at once: each place with its reason and its cure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from agent.domain.errors import UsageError
from agent.domain.text import Text

_ROW, _COLUMN = re.compile(r"(?<=: )row (\d+)\b"), re.compile(r"(?<=: )column ([A-Z]{1,3})\b")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `place` is a file with a row or a key path; no part of it holds a secret."""

    place: str
    reason: Text
    cure: Text

    def __str__(self) -> str:
        return self.text.en

    @property
    def place_in_chinese(self) -> str:
        """The place with a row or a column of a sheet as Chinese writes it."""
        return _COLUMN.sub(r"\1 列", _ROW.sub(r"第 \1 行", self.place))

    @property
    def text(self) -> Text:
        """Place, reason and cure as one line."""
        return Text(
            f"{self.place}: {self.reason.en}. {self.cure.en}",
            f"{self.place_in_chinese}：{self.reason.zh}。{self.cure.zh}",
        )


class WrongFile(UsageError):
    """All that is wrong with a file, each problem on a line of its own."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        matters = [Text(f"{p.place}: {p.reason.en}.", f"{p.place_in_chinese}：{p.reason.zh}。") for p in problems]
        super().__init__(_lines(matters), _lines([p.cure for p in problems]))

    @property
    def text(self) -> Text:
        """Each problem with its own cure."""
        return _lines([p.text for p in self.problems])


def _lines(texts: Iterable[Text]) -> Text:
    distinct = list(dict.fromkeys(texts))
    return Text("\n".join(t.en for t in distinct), "\n".join(t.zh for t in distinct))


def usage_error(problems: Sequence[Problem]) -> UsageError:
    """One error that lists every problem on a line of its own."""
    return WrongFile(problems)


def is_slip(word: str, known: Iterable[str]) -> bool:
    """True if `word` is so near to one of `known` that it was likely meant."""
    return bool(get_close_matches(word.lower(), list(known), n=1, cutoff=0.75))


def may_be_told(word: str, known: Iterable[str]) -> bool:
    """True for a slip that can be no secret: passwords are made of a word by adding digits and signs to it."""
    near = get_close_matches(word.lower(), list(known), n=1, cutoff=0.75)
    return bool(near) and {c for c in word if not c.isalpha()} <= {*near[0], *" ._-"}


def instead_of(word: str, known: Iterable[str]) -> Text:
    """What to write instead of `word`: the nearest of `known` if one is near, else all of them."""
    names = sorted(known)
    if near := get_close_matches(word.lower(), names, n=1, cutoff=0.6):
        return Text(f"Did you mean “{near[0]}”?", f"是否应为“{near[0]}”？")
    return Text(f"Known are: {', '.join(names)}.", f"可用的有：{'、'.join(names)}。")
