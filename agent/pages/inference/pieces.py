"""Pieces of text as people read them: what touches is one word, however many elements it stands in."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.pages.box import Box
from agent.pages.snapshot import Node

_SAME_WORD_GAP = 5
# How far apart, in pixels, digits of one number may stand: more is a gap that people see.
_TOUCHING, _OVERLAP, _SEEN_GAP = 1.5, -2, 8
_ALIKE = 0.1


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together, the element that they begin in, and where they are."""

    node: Node
    text: str
    box: Box


def pieces(nodes: Iterable[Node]) -> list[Piece]:
    """The words of nodes in reading order: digits that go on from each other in the document are one piece."""
    return _reading_order(_chained([n for n in nodes if n.text]))


def segments(nodes: Iterable[Node]) -> list[tuple[Node, str]]:
    """The words of nodes in reading order, pieces of one line that touch joined: 网店管家 + 云端版 is one name.

    Each comes with the node that it begins with. Digits that do not touch are never joined.
    """
    return [(piece.node, piece.text) for piece in joined(pieces(nodes))]


def joined(ordered: Iterable[Piece]) -> list[Piece]:
    """Pieces in reading order, those that touch made one."""
    found: list[Piece] = []
    previous: Piece | None = None
    for piece in ordered:
        if previous is not None and _touch(previous, piece):
            found[-1] = _one(found[-1], piece, "")
        else:
            found.append(piece)
        previous = piece
    return found


def same_line(one: Box, other: Box) -> bool:
    """True if two boxes stand beside each other rather than one below the other."""
    return one.overlap_y(other) > min(one.h, other.h) / 2


def _one(first: Piece, second: Piece, between: str) -> Piece:
    a, b = first.box, second.box
    left, top = min(a.x, b.x), min(a.y, b.y)
    box = Box(left, top, max(a.right, b.right) - left, max(a.bottom, b.bottom) - top)
    return Piece(first.node, first.text + between + second.text, box)


def _chained(nodes: list[Node]) -> list[Piece]:
    """All runs of the nodes, those that go on from another one joined to it where they stand as if they did."""
    ends: dict[tuple[int, int], Piece] = {}
    chains: dict[tuple[int, int], tuple[int, int]] = {}
    found: dict[tuple[int, int], Piece] = {}
    todo = [((n.id, at), n, run.text, run.box or n.box, run.after) for n in nodes for at, run in enumerate(n.runs)]
    waiting = {key for key, *_ in todo}
    while todo:
        later = []
        for entry in todo:
            key, node, text, box, after = entry
            if after in waiting and after != key:
                later.append(entry)
                continue
            waiting.discard(key)
            piece = Piece(node, text, box)
            between = _goes_on(ends[after], piece) if after in ends else None
            head = chains.get(after, key) if after is not None and between is not None else key
            found[head] = piece if head == key else _one(found[head], piece, between or "")
            chains[key], ends[key] = head, piece
        if len(later) == len(todo):
            break
        todo = later
    return list(found.values())


def _goes_on(before: Piece, piece: Piece) -> str | None:
    """What is seen between two pieces that follow each other in the document; None if they stand apart.

    A wrapped line goes on further down and to the left. A small gap is one of those that part digits by fours.
    """
    a, b = before.box, piece.box
    if abs(before.node.size - piece.node.size) > before.node.size * _ALIKE:
        return None
    wraps = b.bottom > a.bottom + piece.node.size / 2 and b.x < a.right
    goes_on_below = a.h > b.h * 1.5 and abs(a.bottom - b.bottom) <= b.h / 4
    if wraps or goes_on_below:
        return ""
    if abs(a.bottom - b.bottom) > b.h / 5 or not same_line(a, b):
        return None
    gap = b.x - a.right
    if _OVERLAP < gap < _TOUCHING:
        return ""
    return "\u00a0" if _TOUCHING <= gap < _SEEN_GAP else None


def _touch(one: Piece, other: Piece) -> bool:
    if not same_line(one.box, other.box):
        return False
    gap = other.box.x - one.box.right
    if not (_is_number(one.text[-1]) and _is_number(other.text[0])):
        return gap < _SAME_WORD_GAP
    return _OVERLAP < gap < _TOUCHING


def _is_number(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "-")


def _reading_order(found: list[Piece]) -> list[Piece]:
    lines: list[list[Piece]] = []
    for piece in sorted(found, key=lambda p: p.box.cy):
        if lines and same_line(lines[-1][0].box, piece.box):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [p for line in lines for p in sorted(line, key=lambda p: p.box.x)]
