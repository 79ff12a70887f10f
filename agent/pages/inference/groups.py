"""Rows of several lines: a line over or under the cells with number and time, and lines that a tall cell joins.

Order lists of big platforms draw 订单编号：… 订购时间：… across all columns and the cells of that order below it.
"""

from dataclasses import dataclass

from agent.pages.box import Box
from agent.pages.inference.labels import by_label, labels_in
from agent.pages.inference.parsed_list import Cell, Row, carried
from agent.pages.snapshot import Node, Snapshot
from agent.pages.values import moment
from agent.pages.vocabulary import Vocabulary

# What tells an order from the others: only lines that say one of these are looked for.
_KEYS = ("order_no", "ordered_at", "ordered_on")
_UNREADABLE = "?"
_BUYERS_SHOP = ("订购店铺", "买家店铺", "所属店铺")
_CLEARLY = 2.0


@dataclass(frozen=True, slots=True)
class Strip:
    """A line that heads a row, or ends it. `nodes` is all that it shows, `cells` its fields without a column."""

    root: Node
    nodes: list[Node]
    cells: dict[str, Cell]

    @property
    def box(self) -> Box:
        return self.root.frame_box


def find_strips(shot: Snapshot, headings: list[Box], body: list[Node], missing: Vocabulary) -> list[Strip]:
    """The lines among `body` that head rows, from the top. `headings` are the heading cells, `missing` the fields
    that have no column.
    """
    roots = {}
    for anchor in _marks(body, missing):
        root = _strip_root(shot, anchor, headings)
        if root is not None:
            roots[root.index] = root
    width = max(b.right for b in headings) - min(b.x for b in headings)
    wide = (r for r in roots.values() if r.frame_box.w > width / 2)
    return sorted((_strip(shot, r, body, missing) for r in wide), key=lambda s: s.box.y)


def _marks(nodes: list[Node], missing: Vocabulary) -> list[Node]:
    return [n for n in nodes if n.text and any(name in _KEYS for name, _ in labels_in(n.text, missing))]


def _strip_root(shot: Snapshot, anchor: Node, headings: list[Box]) -> Node | None:
    """The outermost element around a label that holds no cell of a column; None for a label inside such a cell."""
    root = anchor
    for outer in [anchor, *shot.ancestors(anchor)]:
        if _is_cell(outer, headings):
            return None
        # Two lines of text and their padding; more is no single line's element.
        if outer.frame_box.h > 4 * anchor.box.h or any(_is_cell(n, headings) for n in shot.inside(outer)):
            break
        root = outer
    return root


def _is_cell(node: Node, headings: list[Box]) -> bool:
    box = node.frame_box
    return any(abs(h.x - box.x) <= 2 and abs(h.w - box.w) <= 3 for h in headings)


def _strip(shot: Snapshot, root: Node, body: list[Node], missing: Vocabulary) -> Strip:
    nodes = [n for n in body if shot.holds(root, n)]
    labelled, used = by_label(nodes, missing)
    cells = {name: cell for name, cell in labelled.items() if name in missing}
    free = [n for n in nodes if n.text and n.index not in used]
    dated = [n for n in free if _is_moment(n.text)]
    for name in {"ordered_at", "ordered_on"} & missing.keys() - cells.keys():
        if len(dated) == 1:  # Taobao begins the line with a bare date
            cells[name] = Cell(dated)
    return Strip(root, nodes, cells)


def _is_moment(text: str) -> bool:
    try:
        moment(text)
    except ValueError:
        return False
    return True


def headed_rows(shot: Snapshot, rows: list[Row], strips: list[Strip]) -> tuple[list[Row], list[Node]]:
    """Return the rows with what their lines say, and the words of all lines if nothing proves which rows they are of.

    If lines and rows do not pair up, one cannot be read: order_no then says something that is no number.
    """
    proved = _by_element(shot, rows, strips)
    owned = proved if len(proved) == len(strips) else _by_place(rows, strips)
    doubtful = any(owned[at][:1] != own for at, own in proved.items()) if proved else _may_be_below(rows, strips, owned)
    paired = {id(row) for own in owned.values() for row in own[:1]}
    orphans = rows if doubtful else [row for row in rows if id(row) not in paired]
    headed = [_headed(s, [] if doubtful else owned[s.root.index][:1]) for s in strips]
    for row in orphans:
        row.cells["order_no"] = Cell([row.root], _UNREADABLE)
    loose = [n for s in strips for n in s.nodes] if doubtful else []
    return sorted([*headed, *orphans], key=lambda r: r.box.y), loose


def _by_element(shot: Snapshot, rows: list[Row], strips: list[Strip]) -> dict[int, list[Row]]:
    """Return the row of each line that shares an element with it alone, on whichever side of it the line stands."""
    found: dict[int, list[Row]] = {}
    for strip in strips:
        around = ((a, [r for r in rows if shot.holds(a, r.root)]) for a in shot.ancestors(strip.root))
        home, own = next(((a, held) for a, held in around if held), (strip.root, []))
        if len(own) == 1 and sum(shot.holds(home, s.root) for s in strips) == 1:
            found[strip.root.index] = own
    return found


def _by_place(rows: list[Row], strips: list[Strip]) -> dict[int, list[Row]]:
    """Return the rows that follow each line before the next one."""
    owned: dict[int, list[Row]] = {s.root.index: [] for s in strips}
    for row in rows:
        above = [s for s in strips if s.box.cy < row.box.bottom - 1]
        if above and _is_before(above[-1], row, strips):
            owned[above[-1].root.index].append(row)
    return owned


def _may_be_below(rows: list[Row], strips: list[Strip], owned: dict[int, list[Row]]) -> bool:
    """Return True if lines may stand under their rows: one ends the list, a row begins it, or those above are nearer.

    Read as heads, they would be joined with the next order's row each.
    """
    if not owned[strips[-1].root.index] or min(r.box.y for r in rows) < strips[0].box.y - 1:
        return True
    return any(_is_nearer_above(strip, rows) for strip in strips)


def _is_nearer_above(strip: Strip, rows: list[Row]) -> bool:
    above = [strip.box.y - r.box.bottom for r in rows if r.box.cy < strip.box.cy]
    below = [r.box.y - strip.box.bottom for r in rows if r.box.cy > strip.box.cy]
    return bool(above and below) and min(above) < min(below) - _CLEARLY


def _is_before(strip: Strip, row: Row, strips: list[Strip]) -> bool:
    """True if the line is the last one before the row in the document as well."""
    first = min((n.index for n in row.nodes), default=row.root.index)
    before = [s.root.index for s in strips if s.root.index < first]
    return bool(before) and max(before) == strip.root.index


def _headed(strip: Strip, rows: list[Row]) -> Row:
    if not rows:
        return Row(strip.root, dict(strip.cells), strip.nodes, strip.box)
    row = rows[0]
    row.parts = [*row.parts, strip.root]
    known = {n.index for n in row.nodes}
    row.nodes = [*(n for n in strip.nodes if n.index not in known), *row.nodes]
    row.cells = {**strip.cells, **row.cells}
    row.hints |= carried(strip.nodes)
    return row


def labelled_within(row: Row, missing: Vocabulary) -> Row:
    """The row with the number and the time that stand labelled inside its cells: 网店管家云端版 / 订单编号：3391…

    And with the shop that ordered (订购店铺：…); a mere 店铺 may be the vendor's.
    """
    keys = {name: text for name, text in missing.items() if name in _KEYS}
    keys |= {"shop": _BUYERS_SHOP} if "shop" in missing else {}
    marks = [n for n in row.nodes if n.text and any(name in keys for name, _ in labels_in(n.text, keys))]
    cells, used = by_label(marks and row.nodes, keys)
    found = {name: cell for name, cell in cells.items() if name in keys and name not in row.cells}
    if found:
        for cell in row.cells.values():
            cell.nodes = [n for n in cell.nodes if n.index not in used]
        row.cells |= found
    return row


def joins(shot: Snapshot, row: Row, line: Box) -> bool:
    """True if a cell of the row is so tall that it stands beside that line, too."""
    tall = (n.frame_box for n in shot.inside(row.root) if n is not row.root and n.frame_box.bottom > row.box.bottom + 2)
    return line.y >= row.box.bottom - 2 and any(b.overlap_y(line) > 0.8 * line.h for b in tall)
