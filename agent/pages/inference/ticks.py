"""Boxes of a form that can be ticked: what each says, what ticks it, and whether it declares something of the form."""

from agent.pages.inference.declarations import asks_to_declare, declares
from agent.pages.inference.field_labels import is_required, label_of, name_of
from agent.pages.inference.fields import CONTROLS, Scope
from agent.pages.inference.payee_choice import Choice, Manner, Option
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

_LONGEST = 160
# The size of a tick box that is drawn, in pixels.
_SMALLEST, _BOX = 6, 40


def is_radio(node: Node) -> bool:
    """True for one of several of which one can be chosen."""
    return node.kind == "radio" or node.role in ("radio", "menuitemradio")


def is_tick(shot: Snapshot, node: Node) -> bool:
    """True for a box that can be ticked, or a switch; of nested ones the innermost."""
    if node.kind not in ("checkbox", "switch") and node.role not in ("checkbox", "switch"):
        return False
    return not any(n is not node and n.kind in ("checkbox", "switch") for n in shot.inside(node))


def innermost(shot: Snapshot, nodes: list[Node]) -> list[Node]:
    """Those that hold no other of them."""
    return [n for n in nodes if not any(o is not n and shot.holds(n, o) for o in nodes)]


def wrap_of(shot: Snapshot, node: Node, others: list[Node]) -> Node:
    """What a person clicks for it: the nearest element that holds its words and no other one, else its label."""
    for outer in [node, *shot.ancestors(node)]:
        if sum(shot.holds(outer, o) for o in others) > 1:
            break
        if shot.words(outer):
            return outer
    identity = node.attrs.get("id")
    return next((n for n in shot.nodes if identity and n.attrs.get("for") == identity), node)


def is_checked(shot: Snapshot, node: Node, marked: list[Node]) -> bool | None:
    """Whether it is ticked, else whether one of `marked` around it says so; None if the page does not tell."""
    if node.checked is not None and node.tag == "input":
        return node.checked
    states = [n.attrs.get("aria-checked") for n in marked if shot.holds(n, node)]
    known = [s for s in states if s is not None]
    return known[-1] == "true" if known else None


def tick_at(part: FrameSnapshot, node: Node, root: Node) -> Choice:
    """The choice that a box is, inside of `root`: its words, what a click ticks it by, whether it must be ticked."""
    shot = part.shot
    marked = [n for n in shot.nodes if n.kind in ("checkbox", "switch") or n.role in ("checkbox", "switch")]
    wrap = wrap_of(shot, node, innermost(shot, marked))
    wrap = wrap if shot.holds(root, wrap) and len(shot.words(wrap)) <= _LONGEST else node
    text = _sentence(shot, wrap) or name_of(shot, node) or label_of(shot, [node], root)[0]
    taken = is_checked(shot, node, marked)
    option = Option(text, taken, shot.is_disabled(node), _to_tick(shot, node, wrap))
    required = node.required or is_required(shot, wrap)
    return Choice(_around(shot, wrap, root) or text, (option,), Manner.TICK, required, part=part, node=node)


def _to_tick(shot: Snapshot, node: Node, wrap: Node) -> Node | None:
    """What a click ticks the box by, and never a link among its words; None if there is nothing but the link."""
    if node.shown and node.top:
        return node
    drawn = [a for a in shot.ancestors(node) if shot.holds(wrap, a) and a is not wrap]
    drawn += [n for n in shot.inside(wrap) if n.frame_box.h > _SMALLEST]
    small = [n for n in drawn if n.shown and not n.text and n.frame_box.w < _BOX and n.frame_box.h < _BOX]
    free = [n for n in small if n.top is not False and not shot.words(n) and not _is_link(shot, n, wrap)]
    if free or node.ghost:
        return free[0] if free else node
    words = [n for n in shot.inside(wrap) if n.text and not any(_is_link(shot, i, wrap) for i in shot.inside(n))]
    return wrap if len(words) == len([n for n in shot.inside(wrap) if n.text]) else next(iter(words), None)


def _is_link(shot: Snapshot, node: Node, within: Node) -> bool:
    around = (a for a in [node, *shot.ancestors(node)] if shot.holds(within, a))
    return any(a.tag == "a" or a.role == "link" for a in around)


def _sentence(shot: Snapshot, root: Node) -> str:
    """The words inside an element, its buttons aside, and the words that ask for the tick."""
    return " ".join(n.text for n in _texts(shot, root))


def _texts(shot: Snapshot, root: Node) -> list[Node]:
    texts = [n for n in shot.inside(root) if n.text and not _in_button(shot, n, root)]
    return [n for n in texts if declares(n.text) or not asks_to_declare(n.text)]


def _in_button(shot: Snapshot, node: Node, within: Node) -> bool:
    around = (a for a in [node, *shot.ancestors(node)] if shot.holds(within, a) and a is not within)
    return any(a.tag == "button" or a.role == "button" for a in around)


def _around(shot: Snapshot, wrap: Node, root: Node) -> str:
    """What is said on the lines of a box, up to the next box: its sentence may go on outside of its label."""
    outermost = wrap
    for outer in shot.ancestors(wrap):
        boxes = [n for n in shot.inside(outer) if n.kind in CONTROLS or is_tick(shot, n) or is_radio(n)]
        if not shot.holds(root, outer) or len(innermost(shot, boxes)) > 1:
            break
        outermost = outer
    near = [n for n in _texts(shot, outermost) if shot.holds(wrap, n) or n.box.overlap_y(wrap.frame_box) > 2]
    return " ".join(n.text for n in near)


def declared_beside(snapshot: PageSnapshot, form: Scope) -> str | None:
    """The words of a declaration in a form, whatever its box is drawn as; None without one."""
    return next((n.text for p in snapshot.parts for n in p.shot.texts if form.holds(p, n) and declares(n.text)), None)


def is_asked_to_declare(snapshot: PageSnapshot, form: Scope) -> bool:
    """True if a form says that a box must be ticked before it can be sent."""
    return any(asks_to_declare(n.text) for p in snapshot.parts for n in p.shot.texts if form.holds(p, n))
