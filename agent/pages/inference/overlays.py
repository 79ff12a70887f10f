"""What lies over a page after a click: the dialog, drawer or bubble that asks, and its buttons."""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.pages import vocabulary
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import find_list
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

if TYPE_CHECKING:
    from playwright.async_api import Frame

_DIALOG_ROLES = ("dialog", "alertdialog", "tooltip", "menu")
_BUTTON_ROLES = ("button", "menuitem")
_LONGEST_LABEL = 14
# How far below its row, in pixels, a question that opens there begins.
_BELOW = 40


@dataclass(frozen=True, slots=True)
class Dialog:
    """Something that appeared and asks. `buttons` are what can be pressed in it, those switched off among them."""

    part: FrameSnapshot
    root: Node
    buttons: tuple[Node, ...]

    @property
    def text(self) -> str:
        return self.part.shot.words(self.root)


def appeared(part: FrameSnapshot, before: Mapping["Frame", frozenset[int]]) -> list[Node]:
    """The nodes of a frame that were not shown before."""
    known = before.get(part.frame, frozenset())
    return [n for n in part.shot.nodes if n.shown and n.id not in known]


def dialog_after(
    snapshot: PageSnapshot,
    before: Mapping["Frame", frozenset[int]],
    kind: ListKind,
    own_row: Node | None,
    answered: Collection[int] = (),
) -> Dialog | None:
    """The dialog, drawer or bubble that appeared since `before`, or None. Roots whose ids are `answered` are none.

    What stands in the list as it is drawn now never counts, except in `own_row`, or right below it, beside a way to
    decline: a list that was drawn anew shows other rows' buttons as new ones.
    """
    located = find_list(snapshot, kind)
    for part in reversed(snapshot.parts):
        rows = [r.root for r in located.parsed.rows] if located and located.part.frame is part.frame else []
        new = appeared(part, before)
        fresh = {n.index for n in new}
        roots = {root.index: root for root in (_root(part, n, fresh) for n in new if is_button(part, n))}
        found = [Dialog(part, root, buttons_in(part, root)) for root in roots.values() if root.id not in answered]
        asking = [d for d in found if _asks(d, rows, own_row, fresh)]
        if asking:
            return max(asking, key=lambda d: (_is_on_top(d), d.root.index))
    return None


def again(snapshot: PageSnapshot, dialog: Dialog) -> Dialog | None:
    """The dialog as it is now; None if it is gone, or its document with it."""
    part = next((p for p in snapshot.parts if p.frame is dialog.part.frame), None)
    if part is None or part.registry is not dialog.part.registry:
        return None
    if part.shot is dialog.part.shot:
        return dialog
    root = part.shot.by_id(dialog.root.id)
    return Dialog(part, root, buttons_in(part, root)) if root is not None and root.shown else None


def buttons_in(part: FrameSnapshot, root: Node) -> tuple[Node, ...]:
    """What can be pressed inside, the words of one button once."""
    return tuple(n for n in part.shot.inside(root) if is_button(part, n))


def is_button(part: FrameSnapshot, node: Node) -> bool:
    """True for what a person takes for a button: one in fact, or short words that can be clicked and are no link."""
    label = label_of(node)
    if not label and not is_cross(node):
        return False
    if node.kind is not None or node.top is False or part.shot.worked_by(node) is None:
        return False
    if (
        is_cross(node)
        or vocabulary.is_one_of(label, vocabulary.AGREE)
        or vocabulary.declines(label)
        or _is_understood(label)
    ):
        return True
    return len(label) <= _LONGEST_LABEL and _in_button(part, node)


def label_of(node: Node) -> str:
    """The words of what can be pressed, else its name."""
    return node.text or (node.name if node.clickable else "")


def is_cross(node: Node) -> bool:
    """True for a × that is drawn."""
    return "close" in node.classes and node.clickable and not node.text and node.kind is None


def _is_understood(label: str) -> bool:
    return vocabulary.is_one_of(vocabulary.uncounted(label), vocabulary.UNDERSTAND)


def _in_button(part: FrameSnapshot, node: Node) -> bool:
    around = [node]
    for outer in part.shot.ancestors(node):
        around.append(outer)
        if len(around) == 4:
            break
    return any(a.tag == "button" or a.role in _BUTTON_ROLES or (a.tag == "input" and a.clickable) for a in around) or (
        node.clickable and node.tag not in ("a", "label", "input")
    )


def _asks(dialog: Dialog, rows: list[Node], own_row: Node | None, fresh: set[int]) -> bool:
    """True for what lies over the page, and for a question inside the row itself or right below it."""
    part, root = dialog.part, dialog.root
    if any(part.shot.holds(root, r) and r.index != root.index for r in rows):
        return False
    inside = next((r for r in rows if part.shot.holds(r, root)), None)
    if inside is not None:
        return own_row is not None and inside.id == own_row.id and _can_decline(dialog)
    if any(floats(part, b, fresh) for b in dialog.buttons):
        return True
    return (
        own_row is not None and _can_decline(dialog) and 0 <= root.frame_box.y - own_row.frame_box.bottom + 4 < _BELOW
    )


def _is_on_top(dialog: Dialog) -> bool:
    return any(b.top for b in dialog.buttons)


def floats(part: FrameSnapshot, node: Node, fresh: Container[int]) -> bool:
    """True if the node lies in something over the page that is among `fresh`, by place in the document."""
    around = [node, *part.shot.ancestors(node)]
    return any(a.index in fresh and (a.afloat or a.tag == "dialog" or a.role in _DIALOG_ROLES) for a in around)


def _can_decline(dialog: Dialog) -> bool:
    return decline_button(dialog) is not None


def decline_button(dialog: Dialog) -> Node | None:
    """The dialog's 取消, 否, 暂不需要 or ×, None without one."""
    shot = dialog.part.shot
    named = [n for n in dialog.buttons if _says_no(n) and shot.worked_by(n) and not shot.is_disabled(n)]
    return min(named, key=_rank, default=None)


def _says_no(node: Node) -> bool:
    return vocabulary.declines(label_of(node)) or is_cross(node)


def _rank(node: Node) -> int:
    label = label_of(node)
    return 0 if vocabulary.is_one_of(label, ("取消", "否", "不")) else 1 if len(label) > 1 else 2


def _root(part: FrameSnapshot, node: Node, fresh: set[int]) -> Node:
    """The outermost element around a node that appeared together with it."""
    root = node
    for outer in part.shot.ancestors(node):
        if outer.index in fresh:
            root = outer
        elif outer.shown:
            break
    return root
