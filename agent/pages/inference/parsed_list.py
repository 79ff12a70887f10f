"""A list on a page: its rows, and in each row what belongs to which field."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from agent.pages.box import Box
from agent.pages.inference.pieces import pieces, same_line, segments
from agent.pages.snapshot import Node, Snapshot
from agent.pages.values import numbers_in


@dataclass(slots=True)
class Cell:
    """What one row shows for one field. `text` joins pieces of one line that touch; others are parted by a blank."""

    nodes: list[Node] = field(default_factory=list)
    full: str | None = None

    @property
    def text(self) -> str:
        return self.shown if self.full is None else self.full

    @property
    def shown(self) -> str:
        """What stands there, also if more than that was found out."""
        return join(self.nodes)


@dataclass(slots=True)
class Row:
    """One record. `nodes` is all that is shown within it, `root` its outermost element in the document.

    `hints` are the order numbers that its elements carry besides their words, shown or not: titles, data attributes.
    `items` are further lines of the same record, which its tall cells stand beside. `parts` are its further elements:
    its drawings in copies of the list, the line above it.
    """

    root: Node
    cells: dict[str, Cell]
    nodes: list[Node]
    box: Box
    hints: frozenset[str] = frozenset()
    items: "list[Row]" = field(default_factory=list)
    parts: list[Node] = field(default_factory=list)

    @property
    def pieces(self) -> list[Node]:
        """All elements that belong to it and to no other."""
        return [self.root, *self.parts, *(p for item in self.items for p in item.pieces)]

    def copy(self) -> "Row":
        """One whose cells can be filled further without a change of this one."""
        cells = {name: Cell([*cell.nodes], cell.full) for name, cell in self.cells.items()}
        return replace(self, cells=cells, items=[item.copy() for item in self.items], parts=[*self.parts])

    def text(self, name: str) -> str:
        """What it shows for a field, or nothing."""
        cell = self.cells.get(name)
        return cell.text if cell else ""


@dataclass(slots=True)
class ParsedList:
    """A list as drawn now. `headed` are the fields that it has a column for, empty if cells carry their labels.

    `cut` are rows of which its edge shows only a part. `loose` are words beside its rows of which nothing proves to
    which row they belong.
    """

    rows: list[Row]
    headed: frozenset[str]
    top: float
    header: list[Node] = field(default_factory=list)
    cut: list[Row] = field(default_factory=list)
    loose: list[Node] = field(default_factory=list)

    def copy(self) -> "ParsedList":
        """One whose rows can be filled further without a change of this one."""
        return replace(self, rows=[row.copy() for row in self.rows], cut=[row.copy() for row in self.cut])


def is_raised(cell: Cell | None) -> bool:
    """True if digits go on in another size or at another height without a point: 298 and a small 00 beside it.

    The blank-free text of such a cell is a hundred times what it says.
    """
    if cell is None or cell.full is not None:
        return False
    shown = pieces(n for n in cell.nodes if not n.struck)
    follow = [(a, b) for a, b in pairwise(shown) if a.text[-1].isdigit() and b.text[0].isdigit()]
    follow = [(a, b) for a, b in follow if same_line(a.box, b.box)]
    return any(
        abs(a.node.size - b.node.size) > a.node.size / 10 or abs(a.box.cy - b.box.cy) > a.box.h / 5 for a, b in follow
    )


def carried(nodes: Iterable[Node]) -> frozenset[str]:
    """The order numbers that elements carry besides their words."""
    texts = (v for n in nodes for k, v in n.attrs.items() if k not in ("class", "id", "role", "type"))
    return frozenset(number for text in texts for number in numbers_in(text))


def join(nodes: list[Node]) -> str:
    """All words of nodes in reading order."""
    return " ".join(text for _, text in segments(nodes))


def without_twins(nodes: list[Node]) -> list[Node]:
    """Without those that lie underneath while the same words lie on top at another place: they are copies.

    What is only covered, by a pinned column or a bar that stays in place, is kept.
    """
    on_top = {(n.tag, n.text) for n in nodes if n.top}
    return [n for n in nodes if n.top is not False or (n.tag, n.text) not in on_top]


def row_root(shot: Snapshot, node: Node, others: set[int], barriers: list[Node]) -> Node:
    """The outermost element around a node that holds none of `others` (indexes of its peers) and no barrier."""
    root = node
    for outer in shot.ancestors(node):
        last = shot.last[outer.index]
        if any(outer.index <= b.index <= last for b in barriers):
            break
        if any(outer.index <= i <= last for i in others):
            break
        root = outer
    return root


def scroller_of(shot: Snapshot, row: Row) -> Node | None:
    """The part of the page in which a row scrolls by itself; None if the whole page does.

    Kits that pin columns let only the unpinned ones scroll, so any of the row's pieces may stand in it.
    """
    outer = (a for n in [row.root, *row.nodes] for a in shot.ancestors(n))
    return next((a for a in outer if a.scrolls and a.tag not in ("body", "html")), None)


def is_cut_off(shot: Snapshot, row: Row, rows: list[Row]) -> bool:
    """True for a row at the edge of a scrolling list that shows less than the others: scrolling brings it whole."""
    outer = (a for n in [row.root, *row.nodes] for a in shot.ancestors(n))
    # Some lists hide what overflows and move it themselves.
    frame = next((a for a in outer if (a.scrolls or a.clips) and a.tag not in ("body", "html")), None)
    return (
        frame is not None
        and row.box.h <= frame.frame_box.h / 4
        and _crosses(frame, row)
        and _telling(row) < max(_telling(r) for r in rows)
    )


def _crosses(frame: Node, row: Row) -> bool:
    box = row.root.frame_box
    return box.bottom > frame.frame_box.bottom + 2 or box.y < frame.frame_box.y - 2


def _telling(row: Row) -> int:
    """How many of its cells show words: the frame of a tag is seen a few pixels longer than what is written in it."""
    return sum(bool(cell.text) for cell in row.cells.values())


def reaches_out(shot: Snapshot, row: Row) -> bool:
    """True for a row at the edge of a scrolling list that will come whole by a turn of the wheel."""
    scroller = scroller_of(shot, row)
    if scroller is None or row.box.h > scroller.frame_box.h / 4:
        return False
    return _crosses(scroller, row)
