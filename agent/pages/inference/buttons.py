"""Buttons, told by their words: what says one of them, and what a click would reach and work."""

from collections.abc import Collection, Iterator

from agent.pages import vocabulary
from agent.pages.inference.fields import Scope
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

Found = tuple[FrameSnapshot, Node]


def can_be_clicked(shot: Snapshot, node: Node) -> bool:
    """True if a click would reach the node and work something, be it switched off or not."""
    return node.top is not False and shot.worked_by(node) is not None


def plainness(text: str, words: Collection[str]) -> int:
    """How far back among `words` a text that is one of them stands: the plainest come first."""
    return next(i for i, word in enumerate(words) if vocabulary.is_one_of(text, (word,)))


def find_words(snapshot: PageSnapshot, words: Collection[str]) -> Found | None:
    """Return the first element that says just one of these words and can be seen; None if there is none."""
    for part in snapshot.parts:
        for node in part.shot.texts:
            if vocabulary.is_one_of(node.text, words) and node.top is not False:
                return part, node
    return None


def find_buttons(snapshot: PageSnapshot, words: Collection[str]) -> Iterator[Found]:
    """All that says just one of these words and can be clicked, in the order of the page, also what is switched off."""
    for part in snapshot.parts:
        for node in part.shot.texts:
            if vocabulary.is_one_of(node.text, words) and can_be_clicked(part.shot, node):
                yield part, node


def find_button(scope: Scope, snapshot: PageSnapshot, words: Collection[str]) -> Found | None:
    """Return the button of a part of the page that says one of these words; None if a click would reach none.

    The plainest word counts first, and what is switched off only if there is no other.
    """
    found = [(part, node) for part, node in find_buttons(snapshot, words) if scope.holds(part, node)]
    return min(found, key=lambda f: (f[0].shot.is_disabled(f[1]), plainness(f[1].text, words)), default=None)
