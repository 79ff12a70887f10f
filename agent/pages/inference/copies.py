"""Copies of a list that kits draw for pinned columns: which of their rows is which row of the list, by proof."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from agent.pages.inference.parsed_list import row_root
from agent.pages.snapshot import Node, Snapshot

# What kits write on each drawing of a row; data-* besides.
_KEYS = (
    *("aria-rowindex", "rowid", "row-id", "row-key", "rowkey", "row-index", "id"),
    *("lay-data-index", "lay-index", "datagrid-row-index"),
)
_SURE = (*(k for k in _KEYS if k != "id"), "data-row-key", "data-key", "data-index", "data-row-index", "data-rowid")
_LEVEL = 3

Pairs = dict[int, Node]


@dataclass(slots=True)
class Pairing:
    """`pieces` are the further elements of each row, by the index of its root. `loose` are words that stand beside the
    rows in elements of the same kind, and that nothing shows to be of one of them.
    """

    pieces: dict[int, list[Node]]
    loose: list[Node] = field(default_factory=list)


def pair(shot: Snapshot, roots: Sequence[Node], strays: Sequence[Node], header: Sequence[Node]) -> Pairing:
    """Which `strays`, words within the list that stand in none of its rows, belong to which row.

    A copy of the list is paired as a whole, one to one: by the keys that the page gives its rows, or by equal words.
    """
    pairing = Pairing({r.index: [] for r in roots})
    if not roots:
        return pairing
    # A line below the list may look like a row of it until the rows are told from what stands around them.
    kinds = Counter((r.tag, r.role) for r in roots)
    roots = [r for r in roots if (r.tag, r.role) == kinds.most_common(1)[0][0]]
    mains = _records(shot, roots, header)
    for family, words in _families(shot, roots, mains, strays, header):
        partners = _in_grid(roots, family) if family[0].parent == roots[0].parent else _partners(shot, mains, family)
        if partners is None:
            pairing.loose += words if len(family) > 1 or marked_row(shot, family[0]) else []
            continue
        for main, element in partners:
            if main.index in pairing.pieces:
                pairing.pieces[main.index].append(element)
    return pairing


def marked_row(shot: Snapshot, node: Node) -> Node | None:
    """The element that the page itself marks as a row."""
    for outer in [node, *shot.ancestors(node)]:
        if is_marked(outer):
            return outer
        if outer.tag in ("table", "tbody", "body"):
            return None
    return None


def one_table(shot: Snapshot, roots: Iterable[Node]) -> list[Node]:
    """Rows without their copies, from the top: of tables that stand beside each other the one with the widest rows."""
    tables: dict[int, list[Node]] = {}
    for root in roots:
        tables.setdefault(_table(shot, root).index, []).append(root)
    kept: list[Node] = []
    for rows in sorted(tables.values(), key=lambda t: (-max(r.frame_box.w for r in t), -len(t))):
        if not any(_beside(a, b) for a in rows for b in kept):
            kept += rows
    return _one_a_line(sorted(kept, key=lambda r: r.frame_box.y))


def _one_a_line(roots: list[Node]) -> list[Node]:
    """Without elements at the height of one that is wider: cells of one line, if no element makes it a row."""
    lines: list[Node] = []
    for root in roots:
        box = root.frame_box
        if lines and lines[-1].frame_box.overlap_y(box) > min(lines[-1].frame_box.h, box.h) / 2:
            lines[-1] = root if box.w > lines[-1].frame_box.w else lines[-1]
        else:
            lines.append(root)
    return lines


def is_marked(node: Node) -> bool:
    """True for what the page itself calls a row."""
    return node.tag == "tr" or node.role == "row"


def _table(shot: Snapshot, row: Node) -> Node:
    outer = next((a for a in shot.ancestors(row) if a.tag == "table"), None) if row.tag == "tr" else None
    return outer or shot.nodes[max(row.parent, 0)]


def _beside(one: Node, other: Node) -> bool:
    a, b = one.frame_box, other.frame_box
    return a.overlap_y(b) > min(a.h, b.h) / 4


def _records(shot: Snapshot, roots: Sequence[Node], header: Sequence[Node]) -> list[Node]:
    """The rows of the tables that hold `roots`, also those that show nothing of an order."""
    if not all(is_marked(r) for r in roots):
        return list(roots)
    tables = {_table(shot, r).index: _table(shot, r) for r in roots}
    return [r for table in tables.values() for r in _rows_of(shot, table, roots[0], header)]


def _rows_of(shot: Snapshot, table: Node, like: Node, header: Sequence[Node]) -> list[Node]:
    inside = shot.inside(table) if table.tag == "table" else (n for n in shot.inside(table) if n.parent == table.index)
    alike = (n for n in inside if n.tag == like.tag and n.role == like.role and n.frame_box.h > 0)
    return [n for n in alike if not _is_heading(shot, n, header)]


def _is_heading(shot: Snapshot, row: Node, header: Sequence[Node]) -> bool:
    if any(shot.holds(row, h) for h in header):
        return True
    cells = [n for n in shot.inside(row) if n.parent == row.index]
    headings = [n for n in cells if n.tag == "th" or n.role == "columnheader"]
    return bool(cells) and (len(headings) == len(cells) or shot.nodes[max(row.parent, 0)].tag == "thead")


def _families(
    shot: Snapshot, roots: Sequence[Node], mains: Sequence[Node], strays: Sequence[Node], header: Sequence[Node]
) -> list[tuple[list[Node], list[Node]]]:
    """Elements like the rows that stand beside them, by table, each with the strays in it."""
    top, bottom = min(r.frame_box.y for r in roots), max(r.frame_box.bottom for r in roots)
    near = [n for n in strays if top <= n.box.cy <= bottom]
    own = {_table(shot, m).index for m in mains} if is_marked(roots[0]) else set()
    found: dict[int, tuple[list[Node], list[Node]]] = {}
    for node in near:
        element = _element(shot, node, roots, near, header)
        if element is None or (table := _table(shot, element)).index in own:
            continue
        rows = found.setdefault(table.index, (_rows_of(shot, table, element, header), []))
        rows[1].append(node)
    return [f for f in found.values() if f[0]]


def _element(
    shot: Snapshot, node: Node, roots: Sequence[Node], strays: Sequence[Node], header: Sequence[Node]
) -> Node | None:
    like = roots[0]
    if is_marked(like):
        row = marked_row(shot, node)
    else:
        others = {s.index for s in strays if abs(s.box.cy - node.box.cy) > max(node.box.h, s.box.h) / 2}
        row = row_root(shot, node, others, [*header, *roots])
    return row if row is not None and row.tag == like.tag and row.role == like.role else None


def _in_grid(roots: Sequence[Node], cells: Sequence[Node]) -> list[tuple[Node, Node]] | None:
    """Each cell with the root of its line, if cells without rows stand in one element, line after line."""
    lines = [next((r for r in roots if _is_level(r, c)), None) for c in cells]
    order = [r.index for r in lines if r is not None]
    changes = 1 + sum(a != b for a, b in pairwise(order))
    if not order or changes != len(set(order)):
        return None
    return [(r, c) for r, c in zip(lines, cells, strict=True) if r is not None and r is not c]


def _is_level(one: Node, other: Node) -> bool:
    a, b = one.frame_box, other.frame_box
    return abs(a.y - b.y) <= _LEVEL and abs(a.h - b.h) <= _LEVEL


def _partners(shot: Snapshot, mains: Sequence[Node], copies: Sequence[Node]) -> list[tuple[Node, Node]] | None:
    """Each row with its drawing in the copy; None if any is left over, or nothing proves which is which."""
    if len(mains) != len(copies):
        return None
    in_order = {m.index: c for m, c in zip(mains, copies, strict=True)}
    proofs = [
        *_by_keys(shot, mains, copies),
        _by_value({m.index: m.twin for m in mains}, copies, [c.twin for c in copies]),
    ]
    found = [p for p in proofs if p is not None]
    if any(p != found[0] for p in found) or _other_keys(shot, mains, copies) or _contradicts(mains, copies, in_order):
        return None
    # Of one row there is one drawing. Of more, equal heights prove nothing: a copy can be sorted otherwise.
    if not found and len(mains) == 1 and _is_level(mains[0], copies[0]):
        found = [in_order]
    return [(m, found[0][m.index]) for m in mains] if found else None


def _by_keys(shot: Snapshot, mains: Sequence[Node], copies: Sequence[Node]) -> list[Pairs | None]:
    own, theirs = [_keys(shot, m) for m in mains], [_keys(shot, c) for c in copies]
    names = set.intersection(*(set(k) for k in [*own, *theirs]))
    return [
        _by_value({m.index: k[name] for m, k in zip(mains, own, strict=True)}, copies, [k[name] for k in theirs])
        for name in sorted(names)
    ]


def _other_keys(shot: Snapshot, mains: Sequence[Node], copies: Sequence[Node]) -> bool:
    """True if the copy's rows have keys of their own kind that are not those of the list's rows."""
    own, theirs = [_keys(shot, m) for m in mains], [_keys(shot, c) for c in copies]
    for name in set.intersection(*(set(k) for k in [*own, *theirs])):
        mine, others = [k[name] for k in own], [k[name] for k in theirs]
        tells = len(set(mine)) == len(mine) and len(set(others)) == len(others)
        if tells and set(mine) != set(others) and (name in _SURE or set(mine) & set(others)):
            return True
    return False


def _keys(shot: Snapshot, row: Node) -> dict[str, str]:
    """What names a row: its own attributes, and those in which all its cells agree."""
    cells = [n.attrs for n in shot.inside(row) if n.parent == row.index]
    shared = {k: v for k, v in (cells[0] if cells else {}).items() if all(c.get(k) == v for c in cells)}
    text = {**{k: v for k, v in shared.items() if k != "id"}, **row.attrs}
    return {k: v for k, v in text.items() if k in _KEYS or k.startswith("data-")}


def _by_value(own: dict[int, str | None], copies: Sequence[Node], theirs: Sequence[str | None]) -> Pairs | None:
    """The pairs of equal values; None if they name no row, or no row of both sides."""
    values = set(own.values())
    if None in values or len(values) < len(own) or values != set(theirs):
        return None
    by_value = dict(zip(theirs, copies, strict=True))
    return {index: by_value[value] for index, value in own.items()}


def _contradicts(mains: Sequence[Node], copies: Sequence[Node], in_order: Pairs) -> bool:
    """True if some rows hold the words of another one's copy, though not all can be paired by them."""
    twins = {c.twin: c for c in copies if c.twin}
    mine = [m for m in mains if m.twin]
    whole = {m.twin for m in mine} == set(twins) and len(mine) == len(mains) == len(twins)
    return not whole and any(m.twin in twins and twins[m.twin] is not in_order[m.index] for m in mine)
