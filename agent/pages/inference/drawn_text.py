"""Where a page draws a secret, told from what the browser says that it draws (CDP's DOMSnapshot); uses no browser.

That holds what no script of the page's own document can see: closed shadow trees, words that a style sheet makes,
documents in frames.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from agent.domain.text import fold
from agent.pages.box import Box

STYLES = ("background-image", "-webkit-mask-image", "border-image-source", "list-style-image", "content")
_SHORTEST = 4
_CONTROLS = ("INPUT", "TEXTAREA", "SELECT")
# What is drawn in these is not known. A picture has words only by way of its address.
_OPAQUE = ("CANVAS", "VIDEO")
_PICTURES = ("IMG", "IMAGE", "OBJECT", "EMBED", "IFRAME", "INPUT", "VIDEO")
_PACKED = re.compile(r";base64,([A-Za-z0-9+/=_-]+)")
_TAG = re.compile(r"<[^>]*>")
_LONGEST = 300_000
# In square pixels: more of the page would be gone than evidence can do without.
_LARGEST = 400_000.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that is drawn: `text` in a box, in the pixels of its document. `node` is its place there."""

    text: str
    box: Box
    node: int


class Drawing:
    """One document of a DOMSnapshot."""

    def __init__(self, document: dict[str, Any], strings: Sequence[str]) -> None:
        self._nodes: dict[str, Any] = document["nodes"]
        self._layout: dict[str, Any] = document["layout"]
        self._strings: Sequence[str] = strings
        self.backend: list[int] = self._nodes["backendNodeId"]
        self.is_scrolled = bool(document["scrollOffsetY"])

    def covered(self, secrets: Collection[str], *, opaque: bool) -> set[int]:
        """The backend ids of all that shows one of the secrets, or may: password boxes and, with `opaque`, canvases."""
        keys, groups = _keys(secrets), spread_over(self._pieces, secrets)
        found = {n for n in self._boxes if self._is_private(n, opaque) or self._carries(n, keys)}
        found = found.union(*groups, *map(self._holders, groups))
        return {self.backend[node] for node in found}

    @property
    def has_shadows(self) -> bool:
        """True if it holds shadow trees besides those of which the browser itself makes its controls."""
        told = self._nodes.get("shadowRootType", {"value": []})
        return any(self._strings[kind] != "user-agent" for kind in told["value"])

    @property
    def bottom(self) -> float:
        """How far down anything is drawn that holds nothing further: words, controls, pictures, rules."""
        parents = self._nodes["parentIndex"]
        holding = {parents[node] for node in self._boxes}
        return max((box.bottom for node, box in self._boxes.items() if node not in holding and box.w), default=0.0)

    def _holders(self, group: Collection[int]) -> set[int]:
        """The innermost elements around each piece of a secret and around all of them, unless they are too large."""
        lines = [self._around(node) for node in group]
        shared = [n for n in lines[0] if n in set[int].intersection(*map(set[int], lines))]
        nearest = [*(line[0] for line in lines if line), *shared[:1]]
        return {n for n in nearest if self._boxes[n].w * self._boxes[n].h <= _LARGEST}

    def _around(self, node: int) -> list[int]:
        """What is drawn around a node, from the inside, with itself unless it is a text."""
        parents = self._nodes["parentIndex"]
        found = [node] if self._name(node) != "#TEXT" else []
        while (node := parents[node]) >= 0:
            found += [node] if node in self._boxes else []
        return found

    @cached_property
    def _boxes(self) -> dict[int, Box]:
        layout = self._layout
        return {n: Box(*bounds) for n, bounds in zip(layout["nodeIndex"], layout["bounds"], strict=True)}

    @cached_property
    def _pieces(self) -> list[Piece]:
        """Words in the order of the document; those of a control belong to it as a whole."""
        layout = self._layout
        drawn = [
            Piece(self._strings[text], self._boxes[node], node)
            for node, text in zip(layout["nodeIndex"], layout["text"], strict=True)
            if text >= 0 and self._strings[text].strip()
        ]
        boxes = (n for n in self._boxes if self._name(n) in _CONTROLS)
        return sorted([*drawn, *(Piece(w, self._boxes[n], n) for n in boxes for w in self._words(n))], key=_place)

    def _name(self, node: int) -> str:
        name: int = self._nodes["nodeName"][node]
        return self._strings[name].upper()

    def _attributes(self, node: int) -> dict[str, str]:
        flat = [self._strings[i] for i in self._nodes["attributes"][node]]
        return dict(zip(flat[::2], flat[1::2], strict=True))

    def _words(self, node: int) -> Iterator[str]:
        """What a control shows: its value, else what stands in it while it is empty; the options of a choice."""
        if self._name(node) == "SELECT":
            yield from self._options(node)
            return
        attributes = self._attributes(node)
        value = self._rare("inputValue", node) or self._rare("textValue", node)
        if text := value or attributes.get("placeholder") or attributes.get("value"):
            yield text

    def _rare(self, name: str, node: int) -> str:
        told = self._nodes.get(name, {"index": [], "value": []})
        at: int = next((v for i, v in zip(told["index"], told["value"], strict=True) if i == node), -1)
        return self._strings[at] if at >= 0 else ""

    def _options(self, select: int) -> Iterator[str]:
        parents = self._nodes["parentIndex"]
        for node, value in enumerate(self._nodes["nodeValue"]):
            if value >= 0 and self._is_inside(node, select, parents):
                yield self._strings[value]
        for node in (n for n, parent in enumerate(parents) if self._name(n) == "OPTION"):
            if self._is_inside(node, select, parents):
                yield self._attributes(node).get("label", "")

    def _is_inside(self, node: int, outer: int, parents: Sequence[int]) -> bool:
        while node > outer:
            node = parents[node]
        return node == outer

    def _is_private(self, node: int, opaque: bool) -> bool:
        name = self._name(node)
        if name == "INPUT":
            return self._attributes(node).get("type", "").lower() == "password"
        return opaque and name in _OPAQUE

    def _carries(self, node: int, keys: Collection[str]) -> bool:
        """True for a picture, or a background, whose address holds a secret: what is drawn may show it."""
        addresses = list(self._attributes(node).values()) if self._name(node) in _PICTURES else []
        addresses += [s for s in self._styles[node] if "url(" in s]
        texts = [text for address in addresses for text in _unpacked(address[:_LONGEST])]
        return any(key in text for text in texts for key in keys)

    @cached_property
    def _styles(self) -> dict[int, list[str]]:
        layout = self._layout
        pairs = zip(layout["nodeIndex"], layout["styles"], strict=True)
        return {node: [self._strings[i] for i in styles if i >= 0] for node, styles in pairs}


def _place(piece: Piece) -> int:
    return piece.node


def drawings(snapshot: dict[str, Any]) -> list[Drawing]:
    """The documents of what DOMSnapshot.captureSnapshot gave for STYLES."""
    return [Drawing(document, snapshot["strings"]) for document in snapshot["documents"]]


def spread_over(pieces: Sequence[Piece], secrets: Collection[str]) -> list[set[int]]:
    """The nodes of each group of pieces that show one of the secrets together, in whatever order they are read."""
    odd = [fold(s) for s in secrets if len(fold(s)) >= _SHORTEST > len(plain(s))]  # such as !!??!!
    groups = [{piece.node} for piece in pieces if any(s in fold(piece.text) for s in odd)]
    for order in (_as_written, _by_lines, _by_columns):
        groups += _shows(order(pieces), _keys(secrets))
    return groups


def _keys(secrets: Collection[str]) -> set[str]:
    return {key for secret in secrets if len(fold(secret)) >= _SHORTEST and len(key := plain(secret)) >= _SHORTEST}


def plain(text: str) -> str:
    """Letters and digits alone: 6222 0000 1111 and 6222-0000-… are the same number to a reader."""
    return "".join(c for c in fold(text).casefold() if c.isalnum())


def _unpacked(address: str) -> Iterator[str]:
    spelled = unquote(address)
    yield plain(spelled)
    yield plain(_TAG.sub("", spelled))
    for packed in _PACKED.findall(spelled):
        try:
            inside = b64decode(packed + "=" * (-len(packed) % 4)).decode()
        except ValueError:
            continue  # a picture of pixels
        yield plain(inside)
        yield plain(_TAG.sub("", inside))


def _shows(pieces: Sequence[Piece], keys: Collection[str]) -> list[set[int]]:
    """The nodes over which a secret is spread, forwards or backwards, if the pieces are read one after another."""
    texts = [plain(piece.text) for piece in pieces]
    whole, owner = "".join(texts), [i for i, text in enumerate(texts) for _ in text]
    found: list[set[int]] = []
    for key in keys:
        for wanted in (key, key[::-1]):
            at = whole.find(wanted)
            while at >= 0:
                found.append({pieces[i].node for i in owner[at : at + len(wanted)]})
                at = whole.find(wanted, at + 1)
    return found


def _as_written(pieces: Sequence[Piece]) -> Sequence[Piece]:
    return pieces


def _by_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """As a person reads: line by line, each from the left."""
    return _sorted(pieces, lambda b: (b.y, b.h), lambda b: b.x)


def _by_columns(pieces: Sequence[Piece]) -> list[Piece]:
    """Column by column, each from the top: a number can stand upright."""
    return _sorted(pieces, lambda b: (b.x, b.w), lambda b: b.y)


def _sorted(
    pieces: Sequence[Piece], side: Callable[[Box], tuple[float, float]], along: Callable[[Box], float]
) -> list[Piece]:
    """Those whose middles lie within one another on one side make a line; a line is sorted along the other side."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: side(p.box)[0] + side(p.box)[1] / 2):
        start, length = side(piece.box)
        last = side(lines[-1][-1].box) if lines else (0.0, -1.0)
        if last[0] <= start + length / 2 <= last[0] + last[1]:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [piece for line in lines for piece in sorted(line, key=lambda p: along(p.box))]
