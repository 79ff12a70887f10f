"""The last proof before a click: that what is clicked stands in the row that it is meant for."""

from collections.abc import Sequence

from agent.pages.inference.parsed_list import Row
from agent.pages.snapshot import Node, Snapshot

_TELLING = ("order_no", "ordered_at", "service", "status")


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
