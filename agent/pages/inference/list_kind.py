"""What a list is made of: an order list, a list of filings, each also in the words of a single site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from agent.domain.text import fold
from agent.pages import vocabulary
from agent.pages.inference.list_checks import FILING_NEEDS, ORDER_NEEDS
from agent.pages.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class ListKind:
    """What a list is made of: the words of its fields, those that tell it from other lists, the words of states, and
    the fields without which it cannot be read; `empty` is what a site says, folded, if there is nothing, beside what
    every reader knows. There is one for each kind, and for each site with words of its own.
    """

    vocabulary: Vocabulary
    telling: frozenset[str]
    states: tuple[str, ...]
    needs: frozenset[str]
    empty: frozenset[str] = frozenset()

    def with_words(
        self, headings: Mapping[str, tuple[str, ...]], states: Iterable[str], empty: Iterable[str]
    ) -> "ListKind":
        """The kind with a site's own words: the same object for the same words. One that is known keeps its meaning."""
        further = tuple((name, tuple(words)) for name, words in sorted(headings.items()))
        words = further, tuple(sorted(states)), tuple(sorted(fold(word) for word in empty))
        return _with_words(self, *words) if any(words) else self


@cache
def _with_words(
    kind: ListKind, headings: tuple[tuple[str, tuple[str, ...]], ...], states: tuple[str, ...], empty: tuple[str, ...]
) -> ListKind:
    further = {
        name: tuple(vocabulary.heading(w) for w in words if vocabulary.field_of(w, kind.vocabulary) is None)
        for name, words in headings
    }
    merged = {name: (*words, *further.get(name, ())) for name, words in kind.vocabulary.items()}
    return ListKind(merged, kind.telling, (*kind.states, *states), kind.needs, frozenset(empty))


ORDERS = ListKind(
    vocabulary.ORDER_FIELDS,
    frozenset({"order_no", "service"}),
    tuple(w for ws in vocabulary.ORDER_STATUS.values() for w in ws),
    frozenset(ORDER_NEEDS),
)
FILINGS = ListKind(
    vocabulary.FILING_FIELDS,
    frozenset({"order_no"}),
    tuple(w for ws in vocabulary.FILING_STATUS.values() for w in ws),
    frozenset(FILING_NEEDS),
)
