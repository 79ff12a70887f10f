"""Where a form stands on its page, and what opens it if it does not stand there anyway."""

from collections.abc import Iterable, Iterator

from playwright.async_api import Frame

from agent.pages import vocabulary
from agent.pages.actions.fill import Field, Scope, find_field, list_forms, shown
from agent.pages.inference.buttons import find_buttons
from agent.pages.inference.list_kind import FILINGS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.overlays import appeared
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot


def opened_form(snapshot: PageSnapshot, before: PageSnapshot, box: Field | None) -> Scope | None:
    """All that appeared around a box since `before`: a dialog, lines below a row, or a page of its own. None if the
    box was there before.
    """
    return opened_around(snapshot, before, box.part, box.control) if box is not None else None


def opened_around(snapshot: PageSnapshot, before: PageSnapshot, part: FrameSnapshot, node: Node) -> Scope | None:
    """All that appeared around an element since `before`; None if it was there before."""
    known = _known(snapshot, before)
    if node.id in known.get(part.frame, frozenset()):
        return None
    shot = part.shot
    fresh = {n.index for n in appeared(part, known)}
    root = node
    for outer in shot.ancestors(node):
        # What was there before is the page around the form. Wrappers of no size are not seen, so their insides tell.
        if not all(n.index in fresh for n in shot.inside(outer) if n.shown):
            break
        root = outer
    return Scope(part, root)


def _known(snapshot: PageSnapshot, before: PageSnapshot) -> dict[Frame, frozenset[int]]:
    """What was shown before, in the documents that are still the same: a new one numbers its elements anew."""
    registries = {p.frame: p.registry for p in snapshot.parts}
    return {p.frame: p.shot.ids for p in before.parts if registries.get(p.frame) is p.registry}


def enclosing(snapshot: PageSnapshot, part: FrameSnapshot, nodes: Iterable[Node]) -> Scope:
    """The smallest part of a page that holds all of these elements, which are of an earlier look or of this one."""
    now = next((p for p in snapshot.parts if p.frame is part.frame), part)
    ids = {n.id for n in nodes}
    inside = [n for n in now.shot.nodes if n.id in ids] or [now.shot.nodes[0]]
    first, last = inside[0], inside[-1]
    around = (a for a in now.shot.ancestors(first) if now.shot.holds(a, last))
    return Scope(now, next(around, now.shot.nodes[0]))


def has_boxes(snapshot: PageSnapshot, form: Scope, names: Iterable[str]) -> bool:
    """True if the form has a box for each of the names, and no row of the list."""
    boxes = all(find_field(snapshot, vocabulary.FORM_LABELS[name], form) for name in names)
    return boxes and not any(form.holds(part, row) for part, row in list_rows(snapshot))


def openers(snapshot: PageSnapshot, words: tuple[str, ...]) -> Iterator[tuple[FrameSnapshot, Node]]:
    """What can be pressed and says one of these words, and belongs to no row of the list."""
    rows = list_rows(snapshot)
    for part, node in find_buttons(snapshot, words):
        listed = any(part is p and part.shot.holds(row, node) for p, row in rows)
        if not listed and not part.shot.is_disabled(node):
            yield part, node


def is_button(found: tuple[FrameSnapshot, Node]) -> bool:
    """True for a button rather than a link, for a menu can have the same words."""
    part, node = found
    worked = part.shot.worked_by(node)
    return worked is not None and worked.tag == "button"


def list_rows(snapshot: PageSnapshot) -> list[tuple[FrameSnapshot, Node]]:
    """The rows of the list of filings, each with its frame."""
    located = find_list(snapshot, FILINGS)
    return [(located.part, row.root) for row in located.parsed.rows] if located else []


def empty_row(snapshot: PageSnapshot) -> Scope | None:
    """The only row of boxes in the list of which the number is not filled in; None without one, or with several."""
    found = []
    for row in list_forms(snapshot):
        number = find_field(snapshot, vocabulary.FORM_LABELS["order_no"], row)
        if number is not None and not shown(snapshot, number).strip():
            found.append(row)
    return found[0] if len(found) == 1 else None


def own_buttons(snapshot: PageSnapshot, row: Scope, buttons: Iterable[Node]) -> list[Node]:
    """Those that stand in a row of boxes, or at its very height in the copy of it that a pinned column draws.

    A row that is the only one, and has none, is sent by what stands behind it and in no row of the list.
    """
    part = next((p for p in snapshot.parts if p.frame is row.part.frame), row.part)
    shot = part.shot
    root = next((n for n in shot.nodes if n.id == row.root.id), None)
    found = [*buttons] if root is not None else []
    own = [n for n in found if root is not None and (shot.holds(root, n) or _in_copy(part, root, n))]
    if own or root is None or len(list_forms(snapshot)) > 1:
        return own
    listed = [node for p, node in list_rows(snapshot) if p is part]
    return [n for n in found if n.index > root.index and not any(shot.holds(other, n) for other in listed)]


def _in_copy(part: FrameSnapshot, root: Node, node: Node) -> bool:
    box = root.frame_box
    alike = (a for a in part.shot.ancestors(node) if (a.tag, a.role) == (root.tag, root.role))
    copy = next((a.frame_box for a in alike), None)
    return copy is not None and abs(copy.y - box.y) <= 1 and abs(copy.h - box.h) <= 1


def list_parts(snapshot: PageSnapshot) -> list[tuple[FrameSnapshot, Node]]:
    """The rows and the headings of the list of filings, each with its frame."""
    located = find_list(snapshot, FILINGS)
    header = [(located.part, node) for node in located.parsed.header] if located else []
    return [*header, *list_rows(snapshot)]
