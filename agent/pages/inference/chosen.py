"""Which of several choices that stand side by side is the one in force, as the page marks it."""

import re
from collections.abc import Sequence

from agent.pages.snapshot import Node, Snapshot

_WORDS = ("active", "current", "selected", "checked", "chosen")
_SHORT = frozenset({"on", "cur", "curr", "now", "here", "this", "act", "sel", "focus", "hover", "primary", "solid"})
_STATES = (
    "aria-selected",
    "aria-checked",
    "aria-current",
    "aria-pressed",
    "data-selected",
    "data-active",
    "data-checked",
)
Option = tuple[Node, Node]


def chosen_of(shot: Snapshot, options: Sequence[Option]) -> Node | None:
    """The one that is marked; None if none is, or several are. An option: its words, and all of it."""
    for marks in (_by_button, _by_state, _by_class, _by_more_classes, _by_want_of_a_click, _by_weight):
        found = [node for node, _ in marks(shot, options)]
        if len(found) == 1:
            return found[0]
    return None


def _own(shot: Snapshot, option: Option) -> list[Node]:
    """What belongs to an option alone: all in its outermost element."""
    return shot.inside(option[1])


def _by_button(shot: Snapshot, options: Sequence[Option]) -> list[Option]:
    return [o for o in options if any(n.kind == "radio" and n.checked for n in _own(shot, o))]


def _by_state(shot: Snapshot, options: Sequence[Option]) -> list[Option]:
    def told(node: Node) -> bool:
        texts = [node.attrs.get(name, "false").lower() for name in _STATES]
        return any(s not in ("false", "", "0") for s in texts) or node.attrs.get("data-state") in (
            "active",
            "on",
            "checked",
        )

    return [o for o in options if any(told(n) for n in _own(shot, o))]


def _by_class(shot: Snapshot, options: Sequence[Option]) -> list[Option]:
    def marked(node: Node) -> bool:
        text = node.classes.replace("inactive", "").replace("unselected", "").replace("unchecked", "")
        return any(w in text for w in _WORDS) or bool(_tokens(node) & _SHORT)

    return [o for o in options if any(marked(n) for n in _own(shot, o))]


def _by_more_classes(shot: Snapshot, options: Sequence[Option]) -> list[Option]:
    """The one whose classes are those of all the others and more: in class names that a build made up, too."""
    for part in (_outermost, _innermost):
        classes = [frozenset(part(o).classes.split()) for o in options]
        rest = {frozenset(c) for c in classes}
        if len(rest) == 2:
            plain, more = sorted(rest, key=len)
            found = [o for o, c in zip(options, classes, strict=True) if c == more]
            if plain < more and len(found) == 1:
                return found
    return []


def _outermost(option: Option) -> Node:
    return option[1]


def _innermost(option: Option) -> Node:
    return option[0]


def _by_want_of_a_click(shot: Snapshot, options: Sequence[Option]) -> list[Option]:
    return [o for o in options if target_of(shot, o) is None]


def _by_weight(shot: Snapshot, options: Sequence[Option]) -> list[Option]:
    return [o for o in options if o[0].bold or o[0].tag in ("b", "strong", "em")]


def _tokens(node: Node) -> set[str]:
    return set(re.split(r"[\s_-]+", node.classes))


def target_of(shot: Snapshot, option: Option) -> Node | None:
    """What a click on an option works: its own link, button or radio; None if nothing of its own can be clicked."""
    node, root = option
    own = _own(shot, option)
    # Of a label with a radio all can be clicked, also what the radio lies over.
    label = next((n for n in own if n.tag == "label"), None)
    if label is not None and any(n.kind == "radio" for n in own):
        return label
    worked = shot.worked_by(node)
    if worked is not None and shot.holds(root, worked):
        return node
    return node if label is not None or any(n.kind == "radio" for n in own) else None
