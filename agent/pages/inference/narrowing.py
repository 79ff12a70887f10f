"""What narrows a list: the tabs, spans, boxes and hints that stand with it and leave it less than all of its rows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from agent.domain.orders import FilingStatus, OrderStatus
from agent.domain.text import fold
from agent.pages import vocabulary
from agent.pages.inference.chosen import Option, chosen_of, target_of
from agent.pages.inference.place import Place, options_of
from agent.pages.inference.time_spans import (
    SPANS,
    Meaning,
    are_opposite,
    bare,
    days_of,
    is_like_state,
    is_range,
    limit_in,
    meaning,
    resembles_state,
)
from agent.pages.snapshot import Node, Snapshot

_NEAR_ABOVE = 140
_LETTERS = 5


class Sort(StrEnum):
    """How a list is narrowed, and thereby what widens it."""

    GROUP = "group"  # choices side by side: one is pressed
    SELECT = "select"  # a native select
    DRAWN = "drawn"  # a box or a button that opens a list of choices
    BOXES = "boxes"  # boxes with something in them: they are emptied
    TICK = "tick"  # a box that is ticked, to be unticked
    CHIP = "chip"  # a chosen condition that can be taken away
    FOLDED = "folded"  # a line under which rows are folded up, to be unfolded
    ELSEWHERE = "elsewhere"  # further rows stand on another page
    STATED = "stated"  # a sentence says so, and nothing can be done


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several choices. `node` is what is pressed for it; None in a select."""

    text: str
    meaning: Meaning
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Something that narrows a list now.

    `text` is what it says, for people. `choices` are all that it offers, as far as that shows. `query` is the 查询 that
    makes it count. `limit` is the number of rows up to which it leaves the list whole.
    """

    sort: Sort
    text: str
    control: Node
    choices: tuple[Choice, ...] = ()
    query: Node | None = None
    reset: Node | None = None
    boxes: tuple[Node, ...] = ()
    limit: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        """Tell it from the others, in a document that was loaded anew, too."""
        return (self.sort, *([c.text for c in self.choices] or [self.text]))

    @property
    def widest(self) -> Choice | None:
        """The choice of everything, else None."""
        return next((c for c in self.choices if c.meaning is Meaning.ALL), None)

    @property
    def longest(self) -> Choice | None:
        """Where all choices are spans that end today, the one that reaches furthest back; else None."""
        if self.choices and all(c.meaning is Meaning.RECENT for c in self.choices):
            return max(self.choices, key=lambda c: days_of(c.text))
        return None


def groups(place: Place, states: Collection[str]) -> tuple[list[Narrowing], set[int]]:
    """The choices side by side that narrow the list; and the indexes of all that are understood, narrowing or not."""
    shot, found, known = place.shot, list[Narrowing](), set[int]()
    means = {n.index: meaning(n.text, states) for n in shot.texts if len(n.text) < 24 and place.leads(n)}
    alike = {i for i, m in means.items() if m is Meaning.OTHER and is_like_state(shot.nodes[i].text)}
    means |= dict.fromkeys(alike, Meaning.STATE)
    members = [shot.nodes[i] for i, m in means.items() if m is not Meaning.OTHER]
    for options in _families(shot, members, means, alike):
        if any(node.index in alike for node, _ in options) and not _is_bar_of_states(shot, options):
            continue
        target = [target_of(shot, o) for o in options]
        if len(options) < 2 or not any(target) or target.count(None) > 1 or _is_all(options, means):
            continue
        known |= {node.index for node, _ in options}
        if (one := _narrowing(place, options, means, target)) is not None:
            found.append(one)
    return found, known


def _is_bar_of_states(shot: Snapshot, options: Sequence[Option]) -> bool:
    """True if words that are only built like states are choices: one is marked, and nothing stands beside them."""
    if chosen_of(shot, options) is None:
        return False
    roots = {root.index for _, root in options}
    beside = {(root.parent, root.tag) for _, root in options}
    return all(n.index in roots or not n.shown or not shot.words(n) for n in shot.nodes if (n.parent, n.tag) in beside)


def _is_all(options: Sequence[Option], means: dict[int, Meaning]) -> bool:
    return all(means[node.index] is Meaning.ALL for node, _ in options)


def _families(
    shot: Snapshot, members: list[Node], means: dict[int, Meaning], alike: Collection[int]
) -> Iterator[list[Option]]:
    """Choices that stand in one element and are about one thing: each 全部, and each change from states to time, begins
    another family. `alike` are those that are only built like a state: 进行中 stands beside 历史订单, too.
    """
    by_container: dict[int, list[Option]] = {}
    for node, root, container in options_of(shot, members):
        if container >= 0:
            by_container.setdefault(container, []).append((node, root))
    for options in by_container.values():
        family: list[Option] = []
        about: bool | None = None
        for option in options:
            is_all = means[option[0].index] is Meaning.ALL
            span = None if is_all or option[0].index in alike else means[option[0].index] in SPANS
            again = is_all and any(means[n.index] is Meaning.ALL for n, _ in family)
            if family and (again or (about is not None and span is not None and span != about)):
                yield family
                family, about = [], None
            family.append(option)
            about = span if about is None else about
        yield family


def _narrowing(
    place: Place, options: list[Option], means: dict[int, Meaning], targets: list[Node | None]
) -> Narrowing | None:
    chosen = chosen_of(place.shot, options)
    if chosen is not None and means[chosen.index] is Meaning.ALL:
        return None
    choices = tuple(
        Choice(bare(node.text), means[node.index], target)
        for (node, _), target in zip(options, targets, strict=True)
        if target is not None or node is chosen
    )
    one = Narrowing(Sort.GROUP, bare(chosen.text) if chosen else "", chosen or options[0][0], choices)
    states = any(c.meaning is Meaning.STATE for c in choices)
    if chosen is None and states and place.shown_states > 1:
        return None  # rows of several states: no single one is chosen
    if chosen is None and one.longest is not None:
        return None  # shortcuts to spans beside boxes; what narrows then stands in these
    return one


def covers(one: Narrowing, siblings: Collection[str]) -> bool:
    """True if all its choices together leave nothing out. `siblings` are choices beside them that are not known."""
    kinds = {c.meaning for c in one.choices}
    if Meaning.ALL in kinds:
        return True
    if kinds <= {*SPANS}:
        return bool(kinds & {Meaning.EARLIER, Meaning.PERIOD}) and one.longest is None
    texts = {c.text for c in one.choices}
    if len(texts) == 2 and are_opposite(*texts):
        return True
    return kinds == {Meaning.STATE} and not siblings and any(_all_named(texts, each) for each in _ALL_STATES)


_ORDER, _FILED = vocabulary.ORDER_STATUS, vocabulary.FILING_STATUS
# Of each of these groups of words one has to be among the choices for them to be all: orders, filings.
_ALL_STATES = (
    [_ORDER[s] for s in (OrderStatus.AWAITING_CONFIRMATION, OrderStatus.COMPLETED, OrderStatus.CLOSED)],
    [
        _FILED[FilingStatus.FILED],
        (*_FILED[FilingStatus.REFUNDABLE], *_FILED[FilingStatus.REQUESTED]),
        _FILED[FilingStatus.PAID_OUT],
        _FILED[FilingStatus.REJECTED],
    ],
)


def _all_named(texts: set[str], needed: list[tuple[str, ...]]) -> bool:
    return all(texts & {fold(w) for w in each} for each in needed)


def unknown_beside(place: Place, one: Narrowing) -> set[str]:
    """Choices that stand beside those of a group and are not understood: with them the group is more than is known."""
    shot, nodes = place.shot, [c.node for c in one.choices if c.node is not None]
    options = list(options_of(shot, nodes)) if len(nodes) > 1 else []
    tags = {(root.parent, root.tag) for _, root, _ in options}
    roots = {root.index for _, root, _ in options}
    beside = (
        n for n in shot.nodes if (n.parent, n.tag) in tags and n.index not in roots and n.shown and place.leads(n)
    )
    texts = {bare(shot.words(n)) for n in beside}
    return {s for s in texts if 0 < len(s) <= 8 and resembles_state(s)}


def alone(place: Place, states: Collection[str], known: Collection[int]) -> list[Narrowing]:
    """Spans that stand by themselves: what opens a choice of them, what leads to older rows, what only says so."""
    shot, found = place.shot, list[Narrowing]()
    for node in shot.texts:
        if node.index in known or len(node.text) > 80 or not place.outside(node):
            continue
        limit = limit_in(node.text)
        if limit is not None:
            found.append(Narrowing(Sort.STATED, node.text, node, limit=limit))
        elif len(node.text) < 24 and (sort := _sort_alone(place, node, meaning(node.text, states))):
            found.append(Narrowing(sort, bare(node.text), node))
    return found


def _sort_alone(place: Place, node: Node, means: Meaning) -> Sort | None:
    worked = place.shot.worked_by(node) is not None
    if means is Meaning.EARLIER and worked:
        return Sort.ELSEWHERE if fold(node.text) not in ("历史", "更早") or place.leads(node) else None
    close = place.leads(node) and place.top - node.box.bottom < _NEAR_ABOVE
    if means is Meaning.RECENT and close and not place.shot.is_disabled(node):
        return Sort.DRAWN if worked and node.kind is None else Sort.STATED if _is_title(node) else None
    return None


def _is_title(node: Node) -> bool:
    """True for 近三个月订单, which says what the list holds; 近7天 alone may say that of anything."""
    return any(word in node.text for word in ("订单", "报备", "记录", "返款"))


def letters(place: Place) -> list[Narrowing]:
    """A row of single letters by which a list is leafed through: A B C …, of which nobody knows the widest."""
    found = [n for n in place.shot.texts if len(n.text) == 1 and "A" <= n.text <= "Z" and place.outside(n)]
    found = [n for n in found if place.shot.worked_by(n)]
    follow = [n for n, m in pairwise(found) if ord(m.text) - ord(n.text) == 1]
    return [Narrowing(Sort.STATED, "A B C …", found[0])] if len(follow) >= _LETTERS else []


def ranges(place: Place) -> Iterator[Narrowing]:
    """Two dates with a ~ between them that stand as words closely over the list, if they can be worked."""
    for node in place.shot.texts:
        close = place.leads(node) and place.top - node.box.bottom < _NEAR_ABOVE and node.kind is None
        if close and is_range(node.text) and place.shot.worked_by(node) is not None:
            yield Narrowing(Sort.STATED, node.folded, node)
