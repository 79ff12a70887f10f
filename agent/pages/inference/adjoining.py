"""Words that belong together though they stand in several elements: <b>锦绣家居旗舰店</b><span>（二店）</span>."""

from collections.abc import Callable, Container

from agent.domain.shop_names import is_branch, may_go_on
from agent.pages.snapshot import Node, Snapshot

# How near two elements of one line are if they touch, and if the second can only go on with the first: in letters.
_TOUCHING, _NEAR = 0.6, 1.5
_BELOW = 0.8
_ROW = 40


class Lines:
    """The texts of a document, each with what adjoins it. `apart` are the ids of texts that are looked at elsewhere."""

    def __init__(self, shot: Snapshot, apart: Container[int] = ()) -> None:
        self._shot = shot
        self._texts = [n for n in shot.texts if n.id not in apart]
        self._rows: dict[int, list[Node]] = {}
        for node in self._texts:
            for row in {int(node.box.y // _ROW), int(node.box.bottom // _ROW)}:
                self._rows.setdefault(row, []).append(node)

    def around(self, node: Node, ends: Callable[[Node], bool]) -> tuple[str, ...]:
        """What the elements say that adjoin a text, in their order, with its own words among them.

        What `ends` is true of belongs to nothing: a label, a greeting.
        """
        before = self._reach(node, lambda n, at: _follows(n, at, _TOUCHING) and not self._other_control(at, n), ends)
        after = self._reach(node, lambda n, at: self._goes_on(at, n), ends)
        return (*(n.text for n in reversed(before)), node.text, *(n.text for n in after))

    def after(self, node: Node, ends: Callable[[Node], bool]) -> tuple[str, ...]:
        """What the elements say that go on with a text, without its own words."""
        return tuple(n.text for n in self._reach(node, lambda n, at: self._goes_on(at, n), ends))

    def _reach(self, node: Node, joins: Callable[[Node, Node], bool], ends: Callable[[Node], bool]) -> list[Node]:
        found: list[Node] = []
        at = node
        while (n := self._next(at, (node, *found), joins)) is not None and not ends(n):
            found.append(n)
            at = n
        return found

    def _next(self, at: Node, known: tuple[Node, ...], joins: Callable[[Node, Node], bool]) -> Node | None:
        near = [n for row in range(int(at.box.y // _ROW) - 1, int(at.box.bottom // _ROW) + 3) for n in self._row(row)]
        return next((n for n in near if n not in known and joins(n, at)), None)

    def _row(self, row: int) -> list[Node]:
        return self._rows.get(row, [])

    def _goes_on(self, at: Node, node: Node) -> bool:
        if _mixed(self._shot, at, node):
            return True
        if may_go_on(node.text) and _follows(at, node, _NEAR):
            return True
        if is_branch(node.text) and _is_below(at, node):
            return True
        return _follows(at, node, _TOUCHING) and not self._other_control(at, node)

    def _other_control(self, one: Node, other: Node) -> bool:
        """True if a click on the second works something that a click on the first does not."""
        worked = self._shot.worked_by(other)
        return worked is not None and worked is not self._shot.worked_by(one)


def _follows(left: Node, right: Node, letters: float) -> bool:
    level = left.box.overlap_y(right.box) > min(left.box.h, right.box.h) / 2
    return level and -2 <= right.box.x - left.box.right <= letters * min(left.size, right.size)


def _is_below(upper: Node, lower: Node) -> bool:
    return upper.box.overlap_x(lower.box) > 0 and -2 <= lower.box.y - upper.box.bottom <= _BELOW * upper.size


def _mixed(shot: Snapshot, inner: Node, outer: Node) -> bool:
    """True for words of an element that stand on both sides of `inner`, which is one of its children."""
    if inner.parent != outer.index:
        return False
    return outer.box.x <= inner.box.x and inner.box.right <= outer.box.right and outer.box.overlap_y(inner.box) > 0
