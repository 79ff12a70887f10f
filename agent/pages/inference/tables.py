"""Lists with headings: finds the line of headings, the columns under it and the rows, by position and words."""

from dataclasses import replace
from itertools import pairwise

from agent.pages.inference.copies import Pairing, is_marked, marked_row, one_table, pair
from agent.pages.inference.groups import Strip, find_strips, headed_rows, joins, labelled_within
from agent.pages.inference.parsed_list import Cell, ParsedList, Row, carried, is_cut_off, row_root, without_twins
from agent.pages.snapshot import Box, Node, Run, Snapshot
from agent.pages.vocabulary import Vocabulary, field_of

_MIN_HEADINGS = 3
_WRAPPERS = 4
_ICONS = ("i", "svg", "img")
_SAYS = ("title", "aria-label", "alt", "datetime")
_BOXES = ("text", "search", "combobox", "select", "select-one", "number", "date", "tel", "listbox")
_SUMMARY = ("合计", "总计", "小计", "本页合计")
_PAGER = ("上一页", "下一页")  # under an empty list there is no row to tell it from
# The fields by which rows are told apart: each row has them, though in some kits one of them takes several lines.
_ANCHORS = ("ordered_at", "ordered_on", "status", "amount", "order_no")


class Column:
    """A heading with its cell, and the strip of the page that lies under it and under no other heading."""

    def __init__(self, node: Node, cell: Box, strip: Box, name: str | None, rank: int) -> None:
        self.node, self.cell, self.strip, self.name, self.rank = node, cell, strip, name, rank
        self.names_any = name is not None  # also where another column for the same field is preferred


def find_table(shot: Snapshot, vocabulary: Vocabulary, needed: frozenset[str]) -> ParsedList | None:
    """The table that names the most fields; None if no line names three, or nothing says a needed one."""
    best: ParsedList | None = None
    for band in _bands(_headings(shot, vocabulary)):
        columns = _columns(shot, band, vocabulary)
        if len({c.name for c in columns if c.name}) < _MIN_HEADINGS:
            continue
        if _is_form(shot, columns) or _comes_again(shot, columns):
            continue
        listing = _listing(shot, columns, vocabulary)
        if listing.headed & needed and (best is None or len(listing.headed) > len(best.headed)):
            best = listing
    return best


def _headings(shot: Snapshot, vocabulary: Vocabulary) -> list[Node]:
    named = [n for n in shot.texts if n.kind is None and field_of(n.text, vocabulary)]
    # Kits that pin columns draw the same heading two or three times: what lies on top is the real one. A heading that
    # a pinned column covers has no such twin in its line, and counts.
    on_top = [n for n in named if n.top is not False]
    return [n for n in named if n.top is not False or not any(t.folded == n.folded and _in_line(t, n) for t in on_top)]


def _in_line(one: Node, other: Node) -> bool:
    return abs(one.box.cy - other.box.cy) <= max(6, other.box.h * 0.6)


def _bands(nodes: list[Node]) -> list[list[Node]]:
    """Nodes that stand in one line, from the top of the page to its end."""
    bands: list[list[Node]] = []
    for node in sorted(nodes, key=lambda n: n.box.cy):
        if bands and _in_line(bands[-1][-1], node):
            bands[-1].append(node)
        else:
            bands.append([node])
    return bands


def _columns(shot: Snapshot, band: list[Node], vocabulary: Vocabulary) -> list[Column]:
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


def _is_form(shot: Snapshot, columns: list[Column]) -> bool:
    """True if the words of the line label boxes to fill in rather than columns."""
    boxes = [n for n in shot.nodes if n.kind in _BOXES and (n.shown or n.ghost)]
    labels = [c for c in columns if any(c.cell.holds(b.frame_box.cx, b.frame_box.cy) for b in boxes)]
    return len(labels) >= 2


def _comes_again(shot: Snapshot, columns: list[Column]) -> bool:
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


def _listing(shot: Snapshot, columns: list[Column], vocabulary: Vocabulary) -> ParsedList:
    header = [c.node for c in columns]
    named = frozenset(c.name for c in columns if c.name)
    missing = {name: texts for name, texts in vocabulary.items() if name not in named}
    body = _body(shot, columns)
    strips = find_strips(shot, [c.cell for c in columns if c.name], body, missing)
    above = {n.index for s in strips for n in s.nodes}
    rows, loose = _best_rows(shot, columns, [n for n in body if n.index not in above])
    frame = _common(shot, header + [r.root for r in rows])
    strips = [s for s in strips if rows and (frame is None or shot.holds(frame, s.root))]
    rows = [labelled_within(r, missing) for r in rows if not _is_summary(r) and not _is_pager(r)]
    rows = headed_rows(rows, strips) if strips else rows
    rows = [r for r in rows if not _is_to_fill_in(r)]
    cut = [r for r in rows if is_cut_off(shot, r, rows)]
    rows = [r for r in rows if r not in cut]
    rows = [r for r in rows if sum(bool(c.text) for c in r.cells.values()) >= _MIN_HEADINGS or r.root in _roots(strips)]
    texts = {name for r in rows for name in r.cells}
    return ParsedList(rows, named | texts, max(n.box.bottom for n in header if n.text), header, cut, loose)


def _roots(strips: list[Strip]) -> list[Node]:
    return [s.root for s in strips]


def _body(shot: Snapshot, columns: list[Column]) -> list[Node]:
    """All that is shown below the headings, between the left of the first and the right of the last column."""
    header = [c.node for c in columns]
    bottom = max(n.box.bottom for n in header if n.text)
    left, right = min(c.strip.x for c in columns), max(c.strip.right for c in columns)
    found = [
        n
        for n in shot.nodes
        if _is_drawn(n) and n.box.cy > bottom and left - 2 <= n.box.cx <= right + 2 and n not in header
    ]
    return _with_values(found, columns)


def _with_values(body: list[Node], columns: list[Column]) -> list[Node]:
    """With what boxes hold as their words, where the rows can be filled in as a whole: their numbers are boxes, too."""
    numbers = [c for c in columns if c.name == "order_no"]
    if not any(n.kind in _BOXES and n.value and _under(n, c) for c in numbers for n in body):
        return body
    return [_saying(n, n.chosen or n.value or "") if n.kind in _BOXES and not n.text else n for n in body]


def _saying(node: Node, text: str) -> Node:
    return replace(node, text=text, runs=(Run(text, node.box, None),) if text else ())


def _add_carriers(shot: Snapshot, columns: list[Column], pieces: list[Node], cells: dict[str, Cell]) -> None:
    """Add to cells what has no words and says more than those shown: titles, and icons in place of a state."""
    status = [c for c in columns if c.name == "status"]
    bare = "status" not in cells or not cells["status"].text
    for node in (n for p in pieces for n in shot.inside(p) if n is not p and n.shown and not _is_drawn(n)):
        icon = bare and node.tag in _ICONS and any(_under(node, c) for c in status)
        if not icon and not any(node.attrs.get(name) for name in _SAYS):
            continue
        column = _column_of(shot, node, columns)
        if column and column.name and node.frame_box.w <= column.cell.w + 3:
            name = column.name
            if name in cells or (name == "status" and bare):
                cells.setdefault(name, Cell()).nodes.append(node)


def _is_drawn(node: Node) -> bool:
    return node.shown and bool(node.text or node.kind or node.clickable)


def _best_rows(shot: Snapshot, columns: list[Column], body: list[Node]) -> tuple[list[Row], list[Node]]:
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
    frame = _common(shot, header + roots) if roots else None
    within = [n for n in body if frame is None or shot.holds(frame, n)]
    around = _around(shot, frame) if frame is not None and any(is_marked(r) for r in roots) else frame
    near = [n for n in body if around is None or shot.holds(around, n)]
    strays = [n for n in near if not any(shot.holds(r, n) for r in roots)]
    pairing = pair(shot, roots, strays, header)
    loose = [n for n in pairing.loose if n.top is not False and any(c.names_any and _under(n, c) for c in columns)]
    return [_row(shot, columns, within, root, pairing) for root in roots], loose


def _around(shot: Snapshot, frame: Node) -> Node:
    """The element in which kits put a list and its copies."""
    outer = [a for a in shot.ancestors(frame) if a.tag not in ("body", "html")]
    return outer[min(_WRAPPERS, len(outer)) - 1] if outer else frame


def _common(shot: Snapshot, nodes: list[Node]) -> Node | None:
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
    least = max(_MIN_HEADINGS, min(full - 1, _MIN_HEADINGS + 2))  # one of few cells may be empty, as 操作 often is
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
    return [[n for n in body if n.text and _under(n, c)] for c in columns if c.name in _ANCHORS]


def _under(node: Node, column: Column) -> bool:
    strip = column.strip
    return strip.x - 1 <= node.box.x + min(node.box.w, 6) / 2 <= strip.right or strip.x <= node.box.cx <= strip.right


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
        filled = [c for c in named if any(_under(n, c) for n in texts)]
        if len(filled) >= 2 and len(texts) >= 2:
            found[node.index] = node
    return found


def _row(shot: Snapshot, columns: list[Column], body: list[Node], root: Node, pairing: Pairing) -> Row:
    parts = pairing.pieces.get(root.index, [])
    # A copy may stand higher than the list, so that its first row lies in the line of the headings.
    drawn = [n for p in parts for n in shot.inside(p) if _is_drawn(n)]
    inside = without_twins(list({n.index: n for n in [*(n for n in body if shot.holds(root, n)), *drawn]}.values()))
    cells: dict[str, Cell] = {}
    for node in inside:
        column = _column_of(shot, node, columns)
        if column and column.name:
            cells.setdefault(column.name, Cell()).nodes.append(node)
    _add_carriers(shot, columns, [root, *parts], cells)
    return Row(root, cells, inside, root.frame_box, carried([*shot.inside(root), *inside]), parts=parts)


def _column_of(shot: Snapshot, node: Node, columns: list[Column]) -> Column | None:
    """The column of a piece of text: by the cell that it stands in where the page has one, else by its own place."""
    for outer in [node, *shot.ancestors(node)]:
        matching = [
            c for c in columns if abs(c.cell.x - outer.frame_box.x) <= 2 and abs(c.cell.w - outer.frame_box.w) <= 3
        ]
        if matching:
            return matching[0]
        if outer.tag == "tr" or outer.role == "row" or outer.frame_box.w > 3 * max(c.strip.w for c in columns):
            break
    under = [c for c in columns if _under(node, c)]
    return max(under, key=lambda c: c.strip.overlap_x(node.box)) if under else None


def _is_summary(row: Row) -> bool:
    first = next((n.folded for n in row.nodes if n.text), "")
    return first.rstrip(":") in _SUMMARY


def _is_to_fill_in(row: Row) -> bool:
    """True for a row of boxes that has no number yet: a form in the place of a record."""
    boxes = [n for n in row.nodes if n.kind in _BOXES]
    return (
        len(boxes) >= _MIN_HEADINGS and not row.text("order_no") and any(n in boxes for n in _in_cell(row, "order_no"))
    )


def _in_cell(row: Row, name: str) -> list[Node]:
    cell = row.cells.get(name)
    return cell.nodes if cell else []


def _is_pager(row: Row) -> bool:
    return any(n.folded in _PAGER for n in row.nodes)
