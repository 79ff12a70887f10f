"""Which of several amounts add up to a sum: none, exactly one choice of them, or more than one."""

from collections.abc import Sequence
from decimal import Decimal

# Beyond these a choice says little: with enough amounts anything can be added up.
_MOST_PARTS = 12
_MOST_SUMS = 20_000


class TooManySums(Exception):
    """There are too many combinations to try all of them, or one has too many parts to say anything."""


def choices(amounts: Sequence[Decimal], target: Decimal) -> list[tuple[int, ...]]:
    """Return up to two choices of at least two amounts, by their places, that add up to `target`.

    All amounts are positive. Raise TooManySums if there are too many combinations, or too many parts in one.
    """
    reached: dict[tuple[Decimal, int], list[tuple[int, ...]]] = {(Decimal(0), 0): [()]}
    for place, amount in enumerate(amounts):
        for (total, parts), found in [(key, tuple(known)) for key, known in reached.items()]:
            key = (total + amount, parts + 1)
            if key[0] <= target:
                known = reached.setdefault(key, [])
                known.extend((*one, place) for one in found[: 2 - len(known)])
        if len(reached) > _MOST_SUMS:
            raise TooManySums
    exact = [one for (total, parts), found in reached.items() if total == target and parts > 1 for one in found]
    if any(len(one) > _MOST_PARTS for one in exact):
        raise TooManySums
    return exact[:2]
