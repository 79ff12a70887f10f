"""Where a form stands on its page, and what opens it where it does not stand there anyway."""

from collections.abc import Callable, Iterable, Iterator

from agent.pages import words
from agent.pages.condition import FILINGS, find_sheet
from agent.pages.forms import Scope, find_field
from agent.pages.snapshot import Node
from agent.pages.window import Part, View


def form_around(view: View, name: str, others: Iterable[str], send: Callable[[View, Scope], object]) -> Scope | None:
    """The smallest part of the page around the box for `name` that has one for each of the others, and what sends it
    (`send` finds that); None where there is none, or it holds rows of the list.
    """
    box = find_field(view, words.FORM_LABELS[name])
    if box is None or box.control.top is False:
        return None
    labels = [words.FORM_LABELS[other] for other in others]

    def is_whole(form: Scope) -> bool:
        return all(find_field(view, said, form) for said in labels) and send(view, form) is not None

    around = (Scope(box.part, outer) for outer in box.part.shot.ancestors(box.control))
    form = next((scope for scope in around if is_whole(scope)), None)
    return None if form is None or any(form.holds(part, row) for part, row in _rows(view)) else form


def openers(view: View, said: tuple[str, ...]) -> Iterator[tuple[Part, Node]]:
    """What can be pressed and has one of these words, and belongs to no row of the list."""
    rows = _rows(view)
    for part in view.parts:
        for node in part.shot.nodes:
            if not words.is_one_of(label_of(node), said) or node.top is False or part.shot.is_disabled(node):
                continue
            if part.shot.worked_by(node) and not any(part is p and part.shot.holds(row, node) for p, row in rows):
                yield part, node


def label_of(node: Node) -> str:
    """What a person reads on a button, or would be told of one that is only drawn."""
    return node.text or (node.name if node.clickable and node.shown else "")


def rank(node: Node, said: tuple[str, ...]) -> int:
    """The place of its label among these words, of which it is one."""
    return next(i for i, w in enumerate(said) if words.is_one_of(label_of(node), (w,)))


def is_button(found: tuple[Part, Node]) -> bool:
    """True for a button rather than a link, for a menu can have the same words."""
    part, node = found
    worked = part.shot.worked_by(node)
    return worked is not None and worked.tag == "button"


def _rows(view: View) -> list[tuple[Part, Node]]:
    sheet = find_sheet(view, FILINGS)
    return [(sheet.part, row.root) for row in sheet.listing.rows] if sheet else []
