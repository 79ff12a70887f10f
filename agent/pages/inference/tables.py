"""Lists with headings: finds the line of headings, the columns under it and the rows, by position and words."""

from dataclasses import replace

from agent.pages.inference.columns import (
    BOXES,
    Column,
    columns_of,
    comes_again,
    find_headings,
    labels_boxes,
    lines_of,
    stands_under,
)
from agent.pages.inference.groups import Strip, find_strips, headed_rows, labelled_within
from agent.pages.inference.parsed_list import ParsedList, Row, is_cut_off
from agent.pages.inference.table_rows import MIN_HEADINGS, best_rows, common_element, is_drawn
from agent.pages.snapshot import Node, Run, Snapshot
from agent.pages.vocabulary import Vocabulary

_SUMMARY = ("合计", "总计", "小计", "本页合计")
_PAGER = ("上一页", "下一页")  # under an empty list there is no row to tell it from


def find_table(shot: Snapshot, vocabulary: Vocabulary, needed: frozenset[str]) -> ParsedList | None:
    """The table that names the most fields; None if no line names three, or nothing says a needed one."""
    best: ParsedList | None = None
    for band in lines_of(find_headings(shot, vocabulary)):
        columns = columns_of(shot, band, vocabulary)
        if len({c.name for c in columns if c.name}) < MIN_HEADINGS:
            continue
        if labels_boxes(shot, columns) or comes_again(shot, columns):
            continue
        parsed = _parse(shot, columns, vocabulary)
        if parsed.headed & needed and (best is None or len(parsed.headed) > len(best.headed)):
            best = parsed
    return best


def _parse(shot: Snapshot, columns: list[Column], vocabulary: Vocabulary) -> ParsedList:
    header = [c.node for c in columns]
    named = frozenset(c.name for c in columns if c.name)
    missing = {name: texts for name, texts in vocabulary.items() if name not in named}
    body = _body(shot, columns)
    strips = find_strips(shot, [c.cell for c in columns if c.name], body, missing)
    above = {n.index for s in strips for n in s.nodes}
    rows, loose = best_rows(shot, columns, [n for n in body if n.index not in above])
    frame = common_element(shot, header + [r.root for r in rows])
    strips = [s for s in strips if rows and (frame is None or shot.holds(frame, s.root))]
    rows = [labelled_within(r, missing) for r in rows if not _is_summary(r) and not _is_pager(r)]
    rows, unproved = headed_rows(shot, rows, strips) if strips else (rows, [])
    rows = [r for r in rows if not _is_to_fill_in(r)]
    cut = [r for r in rows if is_cut_off(shot, r, rows)]
    rows = [r for r in rows if r not in cut]
    rows = [r for r in rows if sum(bool(c.text) for c in r.cells.values()) >= MIN_HEADINGS or r.root in _roots(strips)]
    texts = {name for r in rows for name in r.cells}
    top = max(n.box.bottom for n in header if n.text)
    return ParsedList(rows, named | texts, top, header, cut, [*loose, *unproved])


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
        if is_drawn(n) and n.box.cy > bottom and left - 2 <= n.box.cx <= right + 2 and n not in header
    ]
    return _with_values(found, columns)


def _with_values(body: list[Node], columns: list[Column]) -> list[Node]:
    """With what boxes hold as their words, if the rows can be filled in as a whole: their numbers are boxes, too."""
    numbers = [c for c in columns if c.name == "order_no"]
    if not any(n.kind in BOXES and n.value and stands_under(n, c) for c in numbers for n in body):
        return body
    return [_saying(n, n.chosen or n.value or "") if n.kind in BOXES and not n.text else n for n in body]


def _saying(node: Node, text: str) -> Node:
    return replace(node, text=text, runs=(Run(text, node.box, None),) if text else ())


def _is_summary(row: Row) -> bool:
    first = next((n.folded for n in row.nodes if n.text), "")
    return first.rstrip(":") in _SUMMARY


def _is_to_fill_in(row: Row) -> bool:
    """True for a row of boxes that has no number yet: a form in the place of a record."""
    boxes = [n for n in row.nodes if n.kind in BOXES]
    return (
        len(boxes) >= MIN_HEADINGS and not row.text("order_no") and any(n in boxes for n in _in_cell(row, "order_no"))
    )


def _in_cell(row: Row, name: str) -> list[Node]:
    cell = row.cells.get(name)
    return cell.nodes if cell else []


def _is_pager(row: Row) -> bool:
    return any(n.folded in _PAGER for n in row.nodes)
