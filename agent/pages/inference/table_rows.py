"""The rows of a table: told apart by the column that makes the most of them, each with its cells."""

from itertools import pairwise

from agent.pages.inference.columns import Column, column_of, stands_under
from agent.pages.inference.copies import Pairing, is_marked, marked_row, one_table, pair
from agent.pages.inference.groups import joins
from agent.pages.inference.parsed_list import Cell, Row, carried, row_root, without_twins
from agent.pages.snapshot import Node, Snapshot

MIN_HEADINGS = 3
_WRAPPERS = 4
_ICONS = ("i", "svg", "img")
_SAYS = ("title", "aria-label", "alt", "datetime")
# The fields by which rows are told apart: each row has them, though in some kits one of them takes several lines.
_ANCHORS = ("ordered_at", "ordered_on", "status", "amount", "order_no")


def _add_carriers(shot: Snapshot, columns: list[Column], pieces: list[Node], cells: dict[str, Cell]) -> None:
    """Add to cells what has no words and says more than those shown: titles, and icons in place of a state."""
    status = [c for c in columns if c.name == "status"]
    bare = "status" not in cells or not cells["status"].text
    for node in (n for p in pieces for n in shot.inside(p) if n is not p and n.shown and not is_drawn(n)):
        icon = bare and node.tag in _ICONS and any(stands_under(node, c) for c in status)
        if not icon and not any(node.attrs.get(name) for name in _SAYS):
            continue
        column = column_of(shot, node, columns)
        if column and column.name and node.frame_box.w <= column.cell.w + 3:
            name = column.name
            if name in cells or (name == "status" and bare):
                cells.setdefault(name, Cell()).nodes.append(node)


def is_drawn(node: Node) -> bool:
    """Return True for what a person sees of a row: words, boxes, buttons."""
    return node.shown and bool(node.text or node.kind or node.clickable)


def best_rows(shot: Snapshot, columns: list[Column], body: list[Node]) -> tuple[list[Row], list[Node]]:
    """The rows as told apart by the column that makes the most of them, and words beside them that may be of any."""
    header = [c.node for c in columns]
    best: list[Row] = []
    loose: list[Node] = []
    tried: list[list[Node]] = []  # most columns tell the very same rows apart
    for anchors in _anchor_choices(columns, body):
        roots = _row_roots(shot, columns, body, header, anchors)
        if roots in tried:
            continue
        tried.append(roots)
        rows, beside = _rows(shot, columns, body, header, roots)
        rows = _kin(rows)
        if _fullness(rows) > _fullness(best):
            best, loose = rows, beside
    return _joined(shot, columns, body, best), loose


def _joined(shot: Snapshot, columns: list[Column], body: list[Node], rows: list[Row]) -> list[Row]:
    """The rows with the lines that their tall cells join to them, which are no rows of their own."""
    taken: set[int] = set()
    alike: dict[tuple[int, str], list[Node]] = {}
    for node in shot.nodes:
        if node.shown:
            alike.setdefault((node.parent, node.tag), []).append(node)
    for row in rows:
        for node in alike.get((row.root.parent, row.root.tag), []) if row.root.index not in taken else []:
            if joins(shot, row, node.frame_box) and any(n.text and shot.holds(node, n) for n in body):
                row.items.append(_row(shot, columns, body, node, Pairing({})))
                taken.add(node.index)
    return [r for r in rows if r.root.index not in taken]


def _fullness(rows: list[Row]) -> int:
    """How much like a table rows are: few full rows count for more than many that hold a single cell."""
    return sum(len(r.cells) ** 2 for r in rows)


def _rows(
    shot: Snapshot, columns: list[Column], body: list[Node], header: list[Node], roots: list[Node]
) -> tuple[list[Row], list[Node]]:
    """The rows, and the words beside them that may be of any of them."""
    frame = common_element(shot, header + roots) if roots else None
    within = [n for n in body if frame is None or shot.holds(frame, n)]
    around = _around(shot, frame) if frame is not None and any(is_marked(r) for r in roots) else frame
    near = [n for n in body if around is None or shot.holds(around, n)]
    strays = [n for n in near if not any(shot.holds(r, n) for r in roots)]
    pairing = pair(shot, roots, strays, header)
    loose = [
        n for n in pairing.loose if n.top is not False and any(c.names_any and stands_under(n, c) for c in columns)
    ]
    return [_row(shot, columns, within, root, pairing) for root in roots], loose


def _around(shot: Snapshot, frame: Node) -> Node:
    """The element in which kits put a list and its copies."""
    outer = [a for a in shot.ancestors(frame) if a.tag not in ("body", "html")]
    return outer[min(_WRAPPERS, len(outer)) - 1] if outer else frame


def common_element(shot: Snapshot, nodes: list[Node]) -> Node | None:
    """The innermost element that holds all of them: the list with its headings, without a pager beside it."""
    first, last = min(n.index for n in nodes), max(n.index for n in nodes)
    return next((a for a in shot.ancestors(shot.nodes[first]) if shot.last[a.index] >= last), None)


def _kin(rows: list[Row]) -> list[Row]:
    """The rows that stand in one container; a pager or a footer under the columns is no row."""
    families: dict[int, list[Row]] = {}
    for row in rows:
        families.setdefault(row.root.parent, []).append(row)
    largest = max(families.values(), key=_fullness, default=[])
    full = max((len(r.cells) for r in largest), default=0)
    least = max(MIN_HEADINGS, min(full - 1, MIN_HEADINGS + 2))  # one of few cells may be empty, as 操作 often is
    alike = [r for r in rows if largest and len(r.cells) >= least and r.root.tag == largest[0].root.tag]
    return [r for r in rows if r in largest or r in alike]


def _row_roots(
    shot: Snapshot, columns: list[Column], body: list[Node], header: list[Node], anchors: list[Node]
) -> list[Node]:
    """The elements of the rows in which the words `anchors` stand, one a row, and of the rows beside them."""
    marked = [(marked_row(shot, n), n) for n in anchors]
    peers = _distinct_lines(anchors)
    roots: dict[int, Node] = {}
    for anchor, node in marked:
        others = {p.index for p in peers if abs(p.box.cy - node.box.cy) > node.box.h}
        root = anchor or row_root(shot, node, others, header)
        roots[root.index] = root
    roots = {**_siblings(shot, list(roots.values()), columns, body), **roots}
    return one_table(shot, roots.values())


def _anchor_choices(columns: list[Column], body: list[Node]) -> list[list[Node]]:
    """For each column by which rows can be told apart, the words under its heading."""
    return [[n for n in body if n.text and stands_under(n, c)] for c in columns if c.name in _ANCHORS]


def _distinct_lines(nodes: list[Node]) -> list[Node]:
    ordered = sorted(nodes, key=lambda n: n.box.cy)
    return ordered[:1] + [b for a, b in pairwise(ordered) if b.box.cy - a.box.cy > max(4, a.box.h / 2)]


def _siblings(shot: Snapshot, roots: list[Node], columns: list[Column], body: list[Node]) -> dict[int, Node]:
    """Elements beside the rows that fill two columns or more: one whose telling cell is empty is a row too."""
    parents = {r.parent for r in roots}
    tags = {r.tag for r in roots}
    known = {r.index for r in roots}
    found = {}
    named = [c for c in columns if c.name]
    for node in shot.nodes:
        if node.parent not in parents or node.index in known or node.tag not in tags or not node.shown:
            continue
        if any(shot.holds(node, c.node) for c in columns) or any(shot.holds(node, r) for r in roots):
            continue
        texts = [n for n in body if n.text and shot.holds(node, n)]
        filled = [c for c in named if any(stands_under(n, c) for n in texts)]
        if len(filled) >= 2 and len(texts) >= 2:
            found[node.index] = node
    return found


def _row(shot: Snapshot, columns: list[Column], body: list[Node], root: Node, pairing: Pairing) -> Row:
    parts = pairing.pieces.get(root.index, [])
    # A copy may stand higher than the list, so that its first row lies in the line of the headings.
    drawn = [n for p in parts for n in shot.inside(p) if is_drawn(n)]
    inside = without_twins(list({n.index: n for n in [*(n for n in body if shot.holds(root, n)), *drawn]}.values()))
    cells: dict[str, Cell] = {}
    for node in inside:
        column = column_of(shot, node, columns)
        if column and column.name:
            cells.setdefault(column.name, Cell()).nodes.append(node)
    _add_carriers(shot, columns, [root, *parts], cells)
    return Row(root, cells, inside, root.frame_box, carried([*shot.inside(root), *inside]), parts=parts)
