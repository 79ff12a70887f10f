"""Where a list stands on its page, and to whom a box above it belongs: to a form that sends, or to a search."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from agent.pages import vocabulary
from agent.pages.inference.parsed_list import ParsedList
from agent.pages.snapshot import Node, Snapshot

QUERY = (
    *("查询", "搜索", "检索", "筛选", "查找", "搜一下", "查一下", "提交查询", "立即查询", "开始查询", "点击查询"),
    *("Search", "Query", "Filter"),
)
RESET = (
    *(
        "重置",
        "清空",
        "清除",
        "清空条件",
        "重置条件",
        "清空筛选",
        "清除筛选",
        "清除条件",
        "全部清除",
        "清除全部",
        "清空全部",
    ),
    *("清空已选", "Reset", "Clear", "Clear all"),
)
_BOXES = ("text", "search", "date", "number", "tel", "select", "combobox", "listbox", "datetime-local", "month")
_SENDS = (*vocabulary.ADD, *vocabulary.SEND, *vocabulary.SAVE)


class Owner(StrEnum):
    """Whose a box is: a search's, by which the list is narrowed, or a form's, which sends."""

    SEARCH = "search"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Bar:
    """The line of boxes in which one stands. `query` and `reset` are its 查询 and its 重置, if it has them."""

    owner: Owner | None
    query: Node | None = None
    reset: Node | None = None


@dataclass(frozen=True)
class Place:
    """A list on its page, or the place where one would be. `count` is the number of rows that are shown now."""

    shot: Snapshot
    parsed: ParsedList | None

    @cached_property
    def taken(self) -> bytearray:
        """For each node of the page 1 where it stands in a row."""
        marks = bytearray(len(self.shot.nodes))
        for row in self.parsed.rows if self.parsed else []:
            for root in (row.root, *(item.root for item in row.items)):
                last = self.shot.last[root.index]
                marks[root.index : last + 1] = b"\1" * (last + 1 - root.index)
        return marks

    @cached_property
    def top(self) -> float:
        """Where the list begins: its headings, or the first row of one that has none."""
        parsed = self.parsed
        if parsed is None:
            return float("inf")
        heads = [n.box.y for n in parsed.header if n.text]
        return min(heads) if heads else min((r.box.y for r in parsed.rows), default=float("inf"))

    @cached_property
    def under(self) -> float:
        """Where its last row ends."""
        rows = self.parsed.rows if self.parsed else []
        return max((r.box.bottom for r in rows), default=self.floor)

    @cached_property
    def floor(self) -> float:
        """Where its headings end."""
        return max((n.box.bottom for n in self.parsed.header if n.text), default=self.top) if self.parsed else self.top

    @cached_property
    def left(self) -> float:
        """The left edge of the list."""
        parsed = self.parsed
        edges = [n.box.x for n in [*parsed.header, *(r.root for r in parsed.rows[:3])]] if parsed else []
        return min(edges, default=0.0)

    @cached_property
    def begins(self) -> int:
        """The index of the first node of the list in the document."""
        parsed = self.parsed
        nodes = [*parsed.header, *(r.root for r in parsed.rows)] if parsed else []
        return min((n.index for n in nodes), default=len(self.shot.nodes))

    @cached_property
    def shown_states(self) -> int:
        """How many different states its rows show: more than one if no state narrows it."""
        return len({r.text("status") for r in self.parsed.rows} - {""}) if self.parsed else 0

    def outside(self, node: Node) -> bool:
        """True for what a person sees in no row of the list."""
        return not self.taken[node.index] and node.top is not False

    def leads(self, node: Node) -> bool:
        """True for what stands above the list, in the cells of its headings or to its left, and in no row."""
        box = node.frame_box if node.kind else node.box
        return self.outside(node) and (box.cy < self.floor or box.right <= self.left + 2)

    def bar(self, node: Node) -> Bar:
        """To whom a box belongs, by the button that follows it in the closest element that holds any."""
        for outer in self.shot.ancestors(node):
            near = [(n, o) for n, o, group in self._deciding if self.shot.holds(outer, n) and self._holds(group, node)]
            behind = [(n, o) for n, o in near if n.index > node.index]
            if near:
                decides, owner = behind[0] if behind else near[-1]
                owned = owner is Owner.SEARCH
                return Bar(owner, decides if owned else None, self._reset_in(outer, node))
            if outer.tag == "form":
                return Bar(None, None, self._reset_in(outer, node))
        return Bar(None)

    @cached_property
    def _deciding(self) -> list[tuple[Node, Owner, Node | None]]:
        """The buttons before the list that say whose the boxes before them are, in the order of the document, each with
        the closest element around it that holds any box: to what stands outside of that it says nothing.
        """
        found: list[tuple[Node, Owner, Node | None]] = []
        for node in self._buttons:
            if vocabulary.is_one_of(node.text or node.name, QUERY) or (not node.text and "search" in node.classes):
                found.append((node, Owner.SEARCH, self._group_of(node)))
            elif vocabulary.is_one_of(node.text, _SENDS):
                found.append((node, Owner.FORM, self._group_of(node)))
        return found

    def _group_of(self, button: Node) -> Node | None:
        around = (a for a in self.shot.ancestors(button) if a.tag != "button")
        return next((a for a in around if any(n.kind in _BOXES for n in self.shot.inside(a))), None)

    def _holds(self, group: Node | None, node: Node) -> bool:
        return group is None or self.shot.holds(group, node)

    @cached_property
    def _buttons(self) -> list[Node]:
        worked = self.shot.worked_by
        ahead = (
            n for n in self.shot.nodes[: self.begins] if n.shown and n.top is not False and not self.taken[n.index]
        )
        return [
            n for n in ahead if (n.text and len(n.text) < 16 and worked(n)) or (n.tag in ("button", "a") and not n.text)
        ]

    def _reset_in(self, outer: Node, node: Node) -> Node | None:
        near = [n for n in self._buttons if vocabulary.is_one_of(n.text, RESET) and self.shot.holds(outer, n)]
        behind = [n for n in near if n.index > node.index]
        return next(iter(behind or near), None)


def options_of(shot: Snapshot, members: list[Node]) -> Iterator[tuple[Node, Node, int]]:
    """Each member with the outermost element that holds none of the others, and the index of what holds several."""
    indexes = sorted(n.index for n in members)
    for node in members:
        root, container = node, -1
        for outer in shot.ancestors(node):
            low, high = bisect_left(indexes, outer.index), bisect_left(indexes, shot.last[outer.index] + 1)
            if high - low > 1:
                container = outer.index
                break
            root = outer
        yield node, root, container
