"""Forms that are rows of a list: boxes that have no label but the heading of the column in which they stand."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from agent.domain.text import fold
from agent.pages import vocabulary
from agent.pages.box import Box
from agent.pages.snapshot import Node, Snapshot, remembered

# So many columns with boxes make a row; fewer are a cell that can be filled in, such as a missing date.
_COLUMNS = 4
_LINE = 6


def box_under(shot: Snapshot, boxes: Iterable[Node], labels: Iterable[str], row: Node) -> Node | None:
    """The only box of a row that stands under a heading with one of the labels; None if there is none or more."""
    wanted = [fold(label).lower() for label in labels]
    heads = [h for h in _heads_above(shot, row) if vocabulary.heading(h.text).lower() in wanted]
    heads.sort(key=lambda h: wanted.index(vocabulary.heading(h.text).lower()))
    inside = [b for b in boxes if shot.holds(row, b)]
    for head in heads[:1]:
        under = [b for b in inside if _is_under(_cell(shot, b, row), _heading_cell(shot, head))]
        return under[0] if len(under) == 1 else None
    return None


@remembered
def rows_of_boxes(shot: Snapshot, boxes: tuple[Node, ...]) -> list[Node]:
    """The outermost elements of the rows that are boxes under the headings of a list, from the top down."""
    found: list[Node] = []
    for line in _lines_of_heads(shot):
        number = next((h for h in line if vocabulary.field_of(h.text, vocabulary.FORM_LABELS) == _number(h)), None)
        if number is None:
            continue
        cells = [_heading_cell(shot, h) for h in line]
        below = [b for b in boxes if b.frame_box.y >= number.box.bottom - 2]
        for box in below:
            row = (
                _row_of(shot, box, below, cells, line)
                if _is_under(box.frame_box, _heading_cell(shot, number))
                else None
            )
            if row is not None and row not in found:
                found.append(row)
    return found


def _number(head: Node) -> tuple[str, int] | None:
    found = vocabulary.field_of(head.text, vocabulary.FORM_LABELS)
    return found if found and found[0] == "order_no" else None


def _row_of(shot: Snapshot, box: Node, boxes: list[Node], cells: list[Box], heads: list[Node]) -> Node | None:
    """The smallest element around a box that has boxes under most headings, and holds none of these."""
    for outer in shot.ancestors(box):
        if any(shot.holds(outer, h) for h in heads):
            return None
        inside = [b for b in boxes if shot.holds(outer, b)]
        if sum(any(_is_under(b.frame_box, cell) for b in inside) for cell in cells) >= min(_COLUMNS, len(cells)):
            level = [b for b in inside if b.frame_box.overlap_y(box.frame_box) > 0]
            return outer if len(level) == len(inside) else None
    return None


def _lines_of_heads(shot: Snapshot) -> Iterator[list[Node]]:
    """The headings of forms' fields that stand in one line, four or more of different fields."""
    named = [n for n in shot.texts if n.kind is None and vocabulary.field_of(n.text, vocabulary.FORM_LABELS)]
    named.sort(key=lambda n: n.box.cy)
    for _, group in groupby(named, key=lambda n: round(n.box.cy / _LINE)):
        line = list(group)
        fields = {found[0] for n in line if (found := vocabulary.field_of(n.text, vocabulary.FORM_LABELS))}
        if len(fields) >= _COLUMNS:
            yield line


def _heads_above(shot: Snapshot, row: Node) -> list[Node]:
    lines = [line for line in _lines_of_heads(shot) if line[0].box.bottom <= row.frame_box.y + 4]
    return lines[-1] if lines else []


def _cell(shot: Snapshot, box: Node, row: Node) -> Box:
    """The cell of a row in which a box stands: the row's own child around it."""
    around = [box, *shot.ancestors(box)]
    return next((a.frame_box for a in around if a.parent == row.index), box.frame_box)


def _heading_cell(shot: Snapshot, head: Node) -> Box:
    around = [head, *shot.ancestors(head)]
    marked = next((a for a in around[:6] if a.tag in ("th", "td") or a.role == "columnheader"), None)
    return marked.frame_box if marked else head.frame_box


def _is_under(box: Box, head: Box) -> bool:
    """True if most of the narrower one of both lies within the other, from left to right."""
    return box.overlap_x(head) > min(box.w, head.w) / 2
