"""Reads back what a box of a form shows now: what is compared before anything is sent."""

import re
from datetime import date

from agent.domain.text import fold
from agent.pages import vocabulary
from agent.pages.inference.fields import CONTROLS, Field
from agent.pages.snapshot import Node, Snapshot
from agent.pages.values import moments_in
from agent.pages.view import FrameSnapshot, PageSnapshot

_HINT = re.compile(r"^(请|选择|输入|select|choose|pick|please)", re.IGNORECASE)
_TALLEST = 80
# What holds more than one box, or buttons too.
_AROUND = ("form", "body", "table", "tr", "td", "fieldset")


def current(snapshot: PageSnapshot, field: Field) -> tuple[FrameSnapshot, Node] | None:
    """The box as it is in a later look; None if the page has thrown it away."""
    part = next((p for p in snapshot.parts if p.frame is field.part.frame), None)
    if part is None:
        return None
    node = part.shot.by_id(field.control.id) or _shrunk(part.shot, field.control.id)
    return (part, node) if node is not None else None


def _shrunk(shot: Snapshot, node_id: int) -> Node | None:
    """An input that its kit makes as narrow as nothing once the chosen words are drawn in its place (Arco)."""
    node = next((n for n in shot.nodes if n.id == node_id and n.kind in CONTROLS), None)
    if node is None or node.value or node.frame_box.w or node.parent < 0:
        return None
    return node if shot.nodes[node.parent].shown else None


def shown(snapshot: PageSnapshot, field: Field) -> str:
    """What a person reads in a box now: its value, or the words that a drawn control shows."""
    found = current(snapshot, field)
    if found is None:
        return ""
    part, node = found
    if node.kind == "select":
        return node.chosen or ""
    if node.kind == "editable":
        return part.shot.words(node)
    return node.value or _drawn_words(part.shot, node, field.label)


def _drawn_words(shot: Snapshot, node: Node, label: str) -> str:
    """The words drawn inside the frame of a control: in itself, or in the few elements around its input."""
    hints = {fold(node.attrs.get("placeholder", ""))}
    for steps, outer in enumerate([node, *shot.ancestors(node)]):
        if steps and (
            steps > 4 or outer.tag in _AROUND or outer.frame_box.h > _TALLEST or _holds_other(shot, outer, node)
        ):
            return ""
        inside = [n for n in shot.inside(outer) if n.text and not _is_hint(n, hints) and not _is_label(n, label)]
        if inside:
            return " ".join(n.text for n in inside)
    return ""


def _holds_other(shot: Snapshot, outer: Node, node: Node) -> bool:
    """True if another box lies in it too, so that its words need not be this one's."""
    others = [n for n in shot.inside(outer) if n is not node and n.kind in CONTROLS and (n.shown or n.ghost)]
    return any(not shot.holds(n, node) for n in others)


def _is_hint(node: Node, hints: set[str]) -> bool:
    # Some kits put the chosen words into the placeholder too, so that alone does not make them a hint.
    text = node.folded in hints and _HINT.match(node.folded) is not None
    return text or bool(node.attrs.get("aria-live")) or "placeholder" in node.classes


def _is_label(node: Node, label: str) -> bool:
    return vocabulary.heading(node.text).lower() == fold(label).lower()


def shown_date(snapshot: PageSnapshot, field: Field) -> date | None:
    """The date that a box shows, or None."""
    found = moments_in(shown(snapshot, field))
    return found[0].date() if len(found) == 1 else None
