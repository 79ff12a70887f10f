"""Values that carry their label: 订购时间：2024-06-18, or 订购时间 with the value beside or below it."""

import re

from agent.pages.inference.parsed_list import Cell
from agent.pages.snapshot import Node
from agent.pages.vocabulary import Vocabulary, field_of, heading

_NEAR = 400


def labels_in(text: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """(field, value) pairs of a text such as 订购时间：2024-06-18 到期时间：2025-06-18; a bare label has no value."""
    if not vocabulary:
        return []
    pieces = re.split(r"([^\s:：]{1,11}[^\s:：\d])\s*[:：]", text)
    if len(pieces) == 1:
        found = field_of(text, vocabulary)
        return [(found[0], "")] if found else []
    pairs = []
    for label, value in zip(pieces[1::2], pieces[2::2], strict=True):
        found = field_of(label, vocabulary)
        pairs.append((found[0] if found else heading(label), value.strip()))
    return pairs


def by_label(nodes: list[Node], vocabulary: Vocabulary) -> tuple[dict[str, Cell], set[int]]:
    """The cells that carry labels, by field, and the indexes of the nodes that they and their labels take up."""
    cells: dict[str, Cell] = {}
    used: set[int] = set()
    texts = [n for n in nodes if n.text]
    for node in texts:
        for name, value in labels_in(node.text, vocabulary):
            used.add(node.index)
            if name in cells:
                continue
            if value:
                cells[name] = Cell([node], value)
            elif found := beside(node, texts, vocabulary):
                cells[name] = Cell([found])
                used.add(found.index)
    return cells, used


def beside(label: Node, texts: list[Node], vocabulary: Vocabulary | None = None) -> Node | None:
    """The value of a bare label: what it forms a pair with, else the nearest text to the right of it, else below it."""
    others = [n for n in texts if n is not label and not n.struck and not labels_in(n.text, vocabulary or {})]
    siblings = [n for n in texts if n.parent == label.parent]
    if len(siblings) == 2 and siblings[1] in others and texts.index(siblings[1]) == texts.index(label) + 1:
        return siblings[1]
    right = [
        n
        for n in others
        if n.box.overlap_y(label.box) > label.box.h / 3 and 0 <= n.box.x - label.box.right + 2 <= _NEAR
    ]
    if right:
        return min(right, key=lambda n: n.box.x)
    below = [
        n for n in others if n.box.overlap_x(label.box) > 0 and 0 <= n.box.y - label.box.bottom + 2 <= 2 * label.box.h
    ]
    return min(below, key=lambda n: n.box.y) if below else None
