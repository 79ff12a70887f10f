"""What is wrong with a file that an operator wrote, told all at once: each place with its reason and its cure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from agent.domain.errors import UsageError
from agent.domain.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `place` is a file with a row or a key path; no part of it holds a secret."""

    place: str
    reason: Text
    cure: Text

    def __str__(self) -> str:
        return self.text.en

    @property
    def text(self) -> Text:
        """Place, reason and cure as one line."""
        return Text(
            f"{self.place}: {self.reason.en}. {self.cure.en}",
            f"{self.place}：{self.reason.zh}。{self.cure.zh}",
        )


def usage_error(problems: Sequence[Problem]) -> UsageError:
    """One error that lists every problem on a line of its own."""
    lines = [p.text for p in problems]
    return UsageError(Text("\n".join(t.en for t in lines), "\n".join(t.zh for t in lines)))


def is_slip(word: str, known: Iterable[str]) -> bool:
    """True where `word` is so near to one of `known` that it was meant, and so can be no secret."""
    return bool(get_close_matches(word.lower(), list(known), n=1, cutoff=0.75))


def instead_of(word: str, known: Iterable[str]) -> Text:
    """What to write instead of `word`: the nearest of `known` where one is near, else all of them."""
    names = sorted(known)
    if near := get_close_matches(word.lower(), names, n=1, cutoff=0.6):
        return Text(f"Did you mean “{near[0]}”?", f"是否应为“{near[0]}”？")
    return Text(f"Known are: {', '.join(names)}.", f"可用的有：{'、'.join(names)}。")
