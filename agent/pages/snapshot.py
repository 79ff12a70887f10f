"""One document as a person sees it, as plain values: the input of everything that is inferred about a page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from agent.domain.text import fold
from agent.pages.box import Box


@dataclass(frozen=True, slots=True)
class Run:
    """Words of an element that no other element parts. `after` are the id of the element and the number of its run
    whose last digit or letter these go on from, None if something stands between that a person sees.
    """

    text: str
    box: Box | None
    after: tuple[int, int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One visible element. `text` is its own words, without its children's; `box` bounds the words where it has some.

    `ghost` marks the transparent input that a drawn control lies over. `top` is false if a click at
    its middle would reach something else, None if it lies outside the window. `scrolls` and `clips` tell that what
    it holds is taller than itself, and whether a browser lets a person scroll it or hides the rest; `content` is the
    height of that. `veiled` marks what is drawn in a font that is called like those that exchange characters, or with
    digits that a style adds. `runs` are its words in pieces. `struck` marks an amount with a line through it. `twin` is
    equal for two rows that hold the same words, shown or not.
    """

    index: int
    id: int
    parent: int
    tag: str
    frame_box: Box
    box: Box
    text: str
    attrs: dict[str, str]
    shown: bool
    ghost: bool
    top: bool | None
    clickable: bool
    disabled: bool
    readonly: bool
    kind: str | None
    value: str | None
    filled: bool | None
    checked: bool | None
    size: float
    bold: bool
    afloat: bool
    scrolls: bool
    clips: bool
    content: float
    spins: bool
    options: tuple[str, ...]
    chosen: str | None
    veiled: bool
    runs: tuple[Run, ...] = ()
    struck: bool = False
    twin: str | None = None
    required: bool = False
    fixed: bool = False

    @property
    def folded(self) -> str:
        """Its words without blanks and full-width forms."""
        return fold(self.text)

    @property
    def role(self) -> str | None:
        return self.attrs.get("role")

    @property
    def classes(self) -> str:
        return self.attrs.get("class", "").lower()

    @property
    def name(self) -> str:
        """What names an element that has no words: its aria-label or title, folded."""
        return fold(self.attrs.get("aria-label") or self.attrs.get("title") or "")


def _runs(raw: dict[str, Any]) -> tuple[Run, ...]:
    pieces = raw.get("runs") or ([raw] if raw.get("text") else [])
    return tuple(_run(piece, raw) for piece in pieces)


def _run(piece: dict[str, Any], raw: dict[str, Any]) -> Run:
    box = raw.get("textBox") or raw["box"] if piece is raw else piece.get("box")
    after = piece.get("after")
    return Run(piece["text"], Box(*box) if box else None, (after[0], after[1]) if after else None)


class Seen(NamedTuple):
    """What a person sees of one element, to the pixel."""

    box: Box
    text: str
    disabled: bool
    value: str | None
    top: bool | None


def _rounded(box: Box) -> Box:
    return Box(round(box.x), round(box.y), round(box.w), round(box.h))


def _node(index: int, raw: dict[str, Any]) -> Node:
    """What is false, null or empty need not be there."""
    told, box = raw.get, Box(*raw["box"])
    return Node(
        index=index,
        id=raw["id"],
        parent=raw["parent"],
        tag=raw["tag"],
        frame_box=box,
        box=Box(*raw["textBox"]) if told("textBox") else box,
        text=told("text", ""),
        attrs=raw["attrs"],
        shown=told("shown", False),
        ghost=told("ghost", False),
        top=told("top"),
        clickable=told("clickable", False),
        disabled=told("disabled", False),
        readonly=told("readonly", False),
        kind=told("kind"),
        value=told("value"),
        filled=told("filled"),
        checked=told("checked"),
        size=raw["size"],
        bold=told("bold", False),
        afloat=told("afloat", False),
        scrolls=told("scrolls", False),
        clips=told("clips", False),
        content=told("content", 0),
        spins=told("spins", False),
        options=tuple(told("options") or ()),
        chosen=told("chosen"),
        veiled=told("veiled", False),
        runs=_runs(raw),
        struck=told("struck", False),
        twin=told("twin"),
        required=told("required", False),
        fixed=told("fixed", False),
    )


@dataclass(frozen=True)
class Snapshot:
    """A document's visible elements in document order, with the tree that they form."""

    address: str
    title: str
    ready: bool
    width: float
    height: float
    scroll_top: float
    scroll_height: float
    client_height: float
    nodes: list[Node] = field(repr=False)
    inferred: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def load(cls, raw: dict[str, Any]) -> "Snapshot":
        """From what snapshot.js returned, or from a recorded fixture of it."""
        return cls(
            address=raw["address"],
            title=raw["title"],
            ready=raw["ready"] != "loading",
            width=raw["width"],
            height=raw["height"],
            scroll_top=raw["scrollTop"],
            scroll_height=raw["scrollHeight"],
            client_height=raw["clientHeight"],
            nodes=[_node(i, n) for i, n in enumerate(raw["nodes"])],
        )

    @cached_property
    def last(self) -> list[int]:
        """For each node the index of its last descendant: nodes come in document order, so a subtree is a range."""
        last = list(range(len(self.nodes)))
        for node in reversed(self.nodes):
            if node.parent >= 0:
                last[node.parent] = max(last[node.parent], last[node.index])
        return last

    @cached_property
    def texts(self) -> list[Node]:
        """The nodes that show words of their own, in document order."""
        return [n for n in self.nodes if n.text]

    @cached_property
    def ids(self) -> frozenset[int]:
        """The ids of what is shown."""
        return frozenset(n.id for n in self.nodes if n.shown)

    @cached_property
    def fingerprint(self) -> int:
        """Equal for two snapshots in which a person sees no difference."""
        return hash(
            tuple((n.text, round(n.box.x), round(n.box.y), n.disabled, n.value, n.top) for n in self.nodes if n.shown)
        )

    @property
    def seen(self) -> list["Seen"]:
        """What a person sees of each element."""
        return [Seen(_rounded(n.box), n.text, n.disabled, n.value, n.top) for n in self.nodes if n.shown]

    def holds(self, outer: Node, inner: Node) -> bool:
        """True if `inner` is `outer` or lies inside it in the document."""
        return outer.index <= inner.index <= self.last[outer.index]

    def inside(self, node: Node) -> list[Node]:
        """The node and its descendants."""
        return self.nodes[node.index : self.last[node.index] + 1]

    def ancestors(self, node: Node) -> Iterator[Node]:
        """The node's parent, its parent's parent and so on."""
        while node.parent >= 0:
            node = self.nodes[node.parent]
            yield node

    def words(self, node: Node) -> str:
        """All words that are shown inside a node, in document order, separated by a blank."""
        return " ".join(n.text for n in self.inside(node) if n.text)

    def by_id(self, node_id: int) -> Node | None:
        """The shown node of that id, or None."""
        return next((n for n in self.nodes if n.id == node_id and (n.shown or n.ghost)), None)

    def worked_by(self, node: Node) -> Node | None:
        """The nearest element, at most four steps up, that a click on the node would work; None if there is none."""
        for steps, candidate in enumerate([node, *self.ancestors(node)]):
            if candidate.clickable:
                return candidate
            if steps == 4:
                break
        return None

    def is_disabled(self, node: Node) -> bool:
        """True if the node, or what it belongs to up to three steps up, is switched off."""
        for steps, candidate in enumerate([node, *self.ancestors(node)]):
            if candidate.disabled or "disabled" in candidate.classes.replace("not-disabled", ""):
                return True
            if steps == 3:
                break
        return False


P = ParamSpec("P")
T = TypeVar("T")


def remembered(infer: Callable[Concatenate[Snapshot, P], T]) -> Callable[Concatenate[Snapshot, P], T]:
    """For what is inferred from one snapshot again and again: done once for the same arguments, which can be hashed.

    What it returns is shared by all who ask, so none of them may change it.
    """

    @wraps(infer)
    def once(shot: Snapshot, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (infer, args, tuple(kwargs.items()))
        if key not in shot.inferred:
            shot.inferred[key] = infer(shot, *args, **kwargs)
        found: T = shot.inferred[key]
        return found

    return once
