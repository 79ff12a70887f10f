"""The last proof before a click: that what is clicked stands in the row that it is meant for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.pages.inference.parsed_list import Row
from agent.pages.snapshot import Node, Snapshot

_TELLING = ("order_no", "ordered_at", "service", "status")
_LASTING = ("order_no", "ordered_at", "service", "amount")
# What ticks by itself: 03:12:11, 59秒. The time of day at which something was ordered looks like it, and does not.
_TICKS = re.compile(r"(?<!\d)\d{1,3}:\d{2}(?::\d{2})?(?!\d)|\d+(?:秒|分钟?|小?时|天|s\b)")
_RUNS_OUT = re.compile(r"剩|倒计时|[前后秒]")
# What stands for digits that are not shown: some lists put them there once the pointer is on the row.
_MASK = re.compile(r"[*•·…×]+|\.{2,}|x{2,}")
_SHORTEST = 2


def proves_own(shot: Snapshot, rows: Sequence[Row], row: Row, node: Node) -> bool:
    """True if a node stands in an element of that row in which nothing of another row stands, and so do the words by
    which the row is known. `rows` are all rows of the list in that snapshot.
    """
    homes = [p for p in row.pieces if shot.holds(p, node)]
    others = [p for r in rows if r.root.id != row.root.id for p in r.pieces]
    mixed = any(shot.holds(p, node) or any(shot.holds(h, p) for h in homes) for p in others)
    return bool(homes) and not mixed and all(_stands_in(shot, row, n) for n in _telling(shot, row))


def _telling(shot: Snapshot, row: Row) -> list[Node]:
    """Words as this snapshot has them: those found out elsewhere, such as by scrolling sideways, are not among them."""
    nodes = (n for name in _TELLING if name in row.cells for n in row.cells[name].nodes)
    return [n for n in nodes if n.index < len(shot.nodes) and shot.nodes[n.index] is n]


def _stands_in(shot: Snapshot, row: Row, node: Node) -> bool:
    return any(shot.holds(p, node) for p in row.pieces)


@dataclass(frozen=True, slots=True)
class Lasting:
    """What a row says of its order until it is another one's: `facts`, without blanks, in its elements `pieces`."""

    pieces: tuple[Node, ...]
    facts: tuple[str, ...]

    @classmethod
    def of(cls, shot: Snapshot, row: Row) -> "Lasting":
        """As `shot` has it, in which the row was found; without what ticks by itself."""
        cells = ((name, n) for name in _LASTING if name in row.cells for n in row.cells[name].nodes)
        found = ((name, now) for name, n in cells if (now := shot.by_id(n.id)) is not None and now.text == n.text)
        runs = ((name, run.text) for name, now in found if _stands_in(shot, row, now) for run in now.runs)
        pieces = (piece for name, text in runs for piece in _without_ticks(name, text))
        return cls(tuple(row.pieces), _distinct(pieces))

    @classmethod
    def named(cls, shot: Snapshot, outer: Node, numbers: Iterable[str]) -> "Lasting":
        """Of a part of a page those of the numbers that stand in it."""
        texts = [run.text for n in shot.inside(outer) for run in n.runs]
        return cls((outer,), _distinct(number for number in numbers if any(number in text for text in texts)))


def said_by(node: Node) -> tuple[str, ...]:
    """The words of a button without blanks, numbers that count down and brackets around them."""
    return _distinct(piece for run in node.runs for piece in re.split(r"[\d\s()（）]+", run.text))


def _without_ticks(name: str, text: str) -> Iterator[str]:
    if name == "order_no":
        yield from _MASK.split(text)
    elif name == "ordered_at" and not _RUNS_OUT.search(text):
        yield text
    else:
        yield from _TICKS.split(text)


def _distinct(pieces: Iterable[str]) -> tuple[str, ...]:
    bare = ("".join(piece.split()) for piece in pieces)
    return tuple(dict.fromkeys(piece for piece in bare if len(piece) >= _SHORTEST))
