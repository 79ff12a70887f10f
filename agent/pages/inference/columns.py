"""The headings of a table and the columns under them, by position and words."""

from agent.pages.box import Box
from agent.pages.inference.copies import marked_row
from agent.pages.snapshot import Node, Snapshot
from agent.pages.vocabulary import Vocabulary, field_of

BOXES = ("text", "search", "combobox", "select", "select-one", "number", "date", "tel", "listbox")


class Column:
    """A heading with its cell, and the strip of the page that lies under it and under no other heading."""

    def __init__(self, node: Node, cell: Box, strip: Box, name: str | None, rank: int) -> None:
        self.node, self.cell, self.strip, self.name, self.rank = node, cell, strip, name, rank
        self.names_any = name is not None  # also if another column for the same field is preferred


def find_headings(shot: Snapshot, vocabulary: Vocabulary) -> list[Node]:
    """Return the words that name a field and that a person sees, from the top of the document to its end."""
    named = [n for n in shot.texts if n.kind is None and field_of(n.text, vocabulary)]
    # Kits that pin columns draw the same heading two or three times: what lies on top is the real one. A heading that
    # a pinned column covers has no such twin in its line, and counts.
    on_top = [n for n in named if n.top is not False]
    return [n for n in named if n.top is not False or not any(t.folded == n.folded and _in_line(t, n) for t in on_top)]


def _in_line(one: Node, other: Node) -> bool:
    return abs(one.box.cy - other.box.cy) <= max(6, other.box.h * 0.6)


def lines_of(nodes: list[Node]) -> list[list[Node]]:
    """Nodes that stand in one line, from the top of the page to its end."""
    bands: list[list[Node]] = []
    for node in sorted(nodes, key=lambda n: n.box.cy):
        if bands and _in_line(bands[-1][-1], node):
            bands[-1].append(node)
        else:
            bands.append([node])
    return bands


def columns_of(shot: Snapshot, band: list[Node], vocabulary: Vocabulary) -> list[Column]:
    """Return the columns of one line of headings, from the left; `band` are those of its words that name a field."""
    top, bottom = min(n.box.y for n in band), max(n.box.bottom for n in band)
    line = [n for n in shot.texts if n.kind is None and n.box.y < bottom and n.box.bottom > top]
    line = [n for n in line if n.top is not False or n in band]
    # A copy whose head is lower than the list's has a row of its own in the line of the headings.
    marked = {row.index for n in band if (row := marked_row(shot, n))}
    line = [n for n in line if n in band or (row := marked_row(shot, n)) is None or row.index in marked]
    cells = {n.index: _heading_cell(shot, n, line, bottom - top) for n in line}
    columns = []
    for node, strip in _spread([(n, cells[n.index]) for n in line]):
        found = field_of(node.text, vocabulary)
        columns.append(Column(node, cells[node.index], strip, found[0] if found else None, found[1] if found else 0))
    return _unambiguous(columns)


def labels_boxes(shot: Snapshot, columns: list[Column]) -> bool:
    """True if the words of the line label boxes to fill in rather than columns."""
    boxes = [n for n in shot.nodes if n.kind in BOXES and (n.shown or n.ghost)]
    labels = [c for c in columns if any(c.cell.holds(b.frame_box.cx, b.frame_box.cy) for b in boxes)]
    return len(labels) >= 2


def comes_again(shot: Snapshot, columns: list[Column]) -> bool:
    """True if the same words stand further down once more: they label the values of cards, card by card."""
    bottom = max(c.node.box.bottom for c in columns)
    below = {n.folded for n in shot.texts if n.box.y > bottom + 20 and n.kind is None}
    named = [c for c in columns if c.name]
    return sum(c.node.folded in below for c in named) * 2 > len(named)


def _heading_cell(shot: Snapshot, node: Node, line: list[Node], height: float) -> Box:
    """The widest element around a heading that holds no other heading of its line."""
    box, others = node.frame_box, {n.index for n in line if n is not node}
    for outer in shot.ancestors(node):
        last = shot.last[outer.index]
        if any(outer.index <= i <= last for i in others) or outer.frame_box.h > max(120, 4 * height):
            break
        # Some kits wrap a cell in an element without height that is as wide as the whole table.
        if outer.frame_box.w > box.w and outer.frame_box.holds(node.box.cx, node.box.cy):
            box = outer.frame_box
    return box


def _spread(cells: list[tuple[Node, Box]]) -> list[tuple[Node, Box]]:
    """Strips that do not overlap: each ends where the next heading's strip begins."""
    ordered = sorted(cells, key=lambda c: (c[1].x, c[0].box.x))
    spread = []
    for (node, box), following in zip(ordered, [*ordered[1:], None], strict=False):
        right = box.right
        if following is not None:
            right = min(right, max(following[1].x, node.box.right)) if following[1].x > box.x else right
        spread.append((node, Box(box.x, box.y, max(1.0, right - box.x), box.h)))
    return spread


def _unambiguous(columns: list[Column]) -> list[Column]:
    """Of two columns for one field only the one with the preferred word keeps the name."""
    for name in {c.name for c in columns if c.name}:
        same = sorted((c for c in columns if c.name == name), key=lambda c: c.rank)
        for other in same[1:]:
            other.name = None
    return columns


def stands_under(node: Node, column: Column) -> bool:
    """Return True if a node begins, or has its middle, under the heading of a column."""
    strip = column.strip
    return strip.x - 1 <= node.box.x + min(node.box.w, 6) / 2 <= strip.right or strip.x <= node.box.cx <= strip.right


def column_of(shot: Snapshot, node: Node, columns: list[Column]) -> Column | None:
    """The column of a piece of text: by the cell that it stands in if the page has one, else by its own place."""
    for outer in [node, *shot.ancestors(node)]:
        matching = [
            c for c in columns if abs(c.cell.x - outer.frame_box.x) <= 2 and abs(c.cell.w - outer.frame_box.w) <= 3
        ]
        if matching:
            return matching[0]
        if outer.tag == "tr" or outer.role == "row" or outer.frame_box.w > 3 * max(c.strip.w for c in columns):
            break
    under = [c for c in columns if stands_under(node, c)]
    return max(under, key=lambda c: c.strip.overlap_x(node.box)) if under else None
