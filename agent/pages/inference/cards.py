"""Lists without headings: cards in which each value carries its label, or is known by its shape."""

import re

from agent.domain.text import fold
from agent.pages.box import Box
from agent.pages.inference.cells import state_parts
from agent.pages.inference.labels import by_label, labels_in
from agent.pages.inference.parsed_list import Cell, ParsedList, Row, carried, reaches_out, row_root, without_twins
from agent.pages.snapshot import Node, Snapshot
from agent.pages.values import cut_number, moments_in, numbers_in
from agent.pages.vocabulary import Vocabulary, is_one_of

_MARKS = ("order_no", "ordered_at", "ordered_on")
_NEAR = 100


def find_cards(shot: Snapshot, vocabulary: Vocabulary, states: tuple[str, ...]) -> ParsedList | None:
    """The records that carry their own labels, or None. `states` are the words that a record's state may be."""
    for found in (_labelled(shot, vocabulary), _shaped(shot)):
        rows = [_row(shot, root, vocabulary, states) for root in found]
        rows = [r for r in rows if len(r.cells.keys() - {"action"}) >= 3]
        # What is left in view of a card can look like another card: a shop's name like a service's.
        rows = [r for r in rows if not reaches_out(shot, r)] or rows
        if rows and all("status" in r.cells or "order_no" in r.cells for r in rows):
            return ParsedList(rows, frozenset(), min(r.box.y for r in rows))
    return None


def _labelled(shot: Snapshot, vocabulary: Vocabulary) -> list[Node]:
    """Elements around each label that marks a record: 订单编号 if the page has it, else the time."""
    best: list[Node] = []
    for name in _MARKS:
        marks = [n for n in shot.texts if n.kind is None and name in {f for f, _ in labels_in(n.text, vocabulary)}]
        if len(marks) > len(best):
            best = marks
    return _records(shot, best, vocabulary)


def _shaped(shot: Snapshot) -> list[Node]:
    """Elements around each whole order number."""
    marks = [n for n in shot.texts if n.kind is None and numbers_in(n.text)]
    return _records(shot, marks, {})


def _records(shot: Snapshot, marks: list[Node], vocabulary: Vocabulary) -> list[Node]:
    roots = [row_root(shot, m, {o.index for o in marks if o is not m}, []) for m in marks]
    if len(marks) == 1:
        return [_only_record(shot, marks[0], vocabulary)]
    return list({r.index: r for r in roots}.values())


def _only_record(shot: Snapshot, anchor: Node, vocabulary: Vocabulary) -> Node:
    """A single card has no neighbour that bounds it: the smallest element that holds four fields, and its buttons."""
    root = anchor
    for outer in shot.ancestors(anchor):
        words = [n.text for n in shot.inside(root) if n.text]
        labels = {f for w in words for f, _ in labels_in(w, vocabulary)}
        if len(labels) >= 3 and not _only_buttons_added(shot, root, outer):
            break
        if outer.tag == "body":
            break
        root = outer
    return root


def _only_buttons_added(shot: Snapshot, inner: Node, outer: Node) -> bool:
    added = [n for n in shot.inside(outer) if n.text and not shot.holds(inner, n)]
    near = outer.frame_box.h - inner.frame_box.h < _NEAR
    return near and all(len(n.folded) <= 6 for n in added)


def _row(shot: Snapshot, root: Node, vocabulary: Vocabulary, states: tuple[str, ...]) -> Row:
    nodes = without_twins([n for n in shot.inside(root) if n.shown and (n.text or n.kind or n.clickable)])
    cells, used = by_label(nodes, vocabulary)
    free = [n for n in nodes if n.text and n.index not in used]
    _by_shape(shot, cells, free, states)
    return Row(root, cells, nodes, _bounds(root, nodes), carried(shot.inside(root)))


def _bounds(root: Node, nodes: list[Node]) -> Box:
    boxes = [root.frame_box] + [n.box for n in nodes]
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    return Box(left, top, max(b.right for b in boxes) - left, max(b.bottom for b in boxes) - top)


def _by_shape(shot: Snapshot, cells: dict[str, Cell], free: list[Node], states: tuple[str, ...]) -> None:
    """What carries no label: a state is one of its words, a number and a date have their shape, a name is prominent."""
    plain = [n for n in free if not _is_button(shot, n)]
    status = [n for n in plain if any(is_one_of(part, states) for part in state_parts(n.text))]
    if "status" not in cells and status:
        cells["status"] = Cell(status[:1])
    for node in plain:
        _take_shapes(cells, node)
    names = [n for n in plain if not is_one_of(n.text, states) and not _has_shape(n)]
    if names and "service" not in cells:
        cells["service"] = Cell([max(names, key=lambda n: (n.size, n.bold, -n.index))])


def _take_shapes(cells: dict[str, Cell], node: Node) -> None:
    numbers = numbers_in(node.text)
    if "order_no" not in cells and (numbers or cut_number(node.text)):
        cells["order_no"] = Cell([node], numbers[0] if len(numbers) == 1 else None)
    days = moments_in(node.text)
    if len(days) == 1 and not {"ordered_at", "ordered_on"} & cells.keys():
        cells["ordered_on"] = cells["ordered_at"] = Cell([node], days[0].isoformat(sep=" ")[:19])
    for paid in re.finditer(
        r"(?:[\u4e00-\u9fff]{1,8} ?[:：]? ?)?[¥￥] ?[\d,]+(\.\d+)?", "" if node.struck else node.text
    ):
        # All of them: which one counts, the words before them tell.
        known = cells.get("amount")
        if known is None or known.full is not None:
            text = [known.full] if known and known.full else []
            cells["amount"] = Cell([*(known.nodes if known else []), node], " ".join([*text, paid.group()]))


def _has_shape(node: Node) -> bool:
    return bool(numbers_in(node.text) or moments_in(node.text) or re.fullmatch(r"[¥￥]?[\d,.]+元?", fold(node.text)))


def _is_button(shot: Snapshot, node: Node) -> bool:
    worked = shot.worked_by(node)
    return worked is not None and (worked.tag in ("button", "a") or worked.role == "button")
