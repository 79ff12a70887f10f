"""What lies over a page: the dialog or bubble that follows a click, and promotions that cover the content."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from playwright.async_api import Frame

from agent.domain.text import fold
from agent.pages import words
from agent.pages.condition import ListKind, find_sheet
from agent.pages.snapshot import Node
from agent.pages.window import Part, View, Window

_DIALOG_ROLES = ("dialog", "alertdialog", "tooltip", "menu")
_NO = ("否", "不")
_COVERED = 0.5
_MAX_PROMOTIONS = 3


@dataclass(frozen=True, slots=True)
class Dialog:
    """Something that appeared and asks. `agree` is its positive button, `ticks` the boxes that it wants ticked."""

    part: Part
    root: Node
    agree: Node | None
    ticks: tuple[Node, ...]

    @property
    def text(self) -> str:
        return self.part.shot.words(self.root)


def appeared(part: Part, before: Mapping[Frame, frozenset[int]]) -> list[Node]:
    """The nodes of a frame that were not shown before."""
    known = before.get(part.frame, frozenset())
    return [n for n in part.shot.nodes if n.shown and n.id not in known]


def dialog_after(
    view: View,
    before: Mapping[Frame, frozenset[int]],
    kind: ListKind,
    own_row: Node | None,
    never: re.Pattern[str] = words.PAYING,
) -> Dialog | None:
    """The dialog or bubble that appeared since `before`, or None. One with words of `never` comes last.

    What stands in the list as it is drawn now never counts, except in `own_row` beside a way to decline: a list that
    was drawn anew shows other rows' buttons as new ones.
    """
    sheet = find_sheet(view, kind)
    offer = None
    for part in reversed(view.parts):
        rows = [r.root for r in sheet.listing.rows] if sheet and sheet.part.frame is part.frame else []
        fresh = {n.index for n in appeared(part, before)}
        asks = [n for n in appeared(part, before) if _is_button(part, n, words.AGREE)]
        asks = [n for n in asks if _asks(part, n, rows, own_row, fresh)]
        usable = [n for n in asks if not part.shot.is_disabled(n)]
        for button in usable or asks:
            root = _root(part, button, fresh)
            if never.search(fold(part.shot.words(root))):
                offer = offer or Dialog(part, root, None, ())
                continue
            ticks = () if usable else _unticked(part, root)
            return Dialog(part, root, button if usable else None, ticks)
    return offer


def _asks(part: Part, button: Node, rows: list[Node], own_row: Node | None, fresh: set[int]) -> bool:
    """True where a button belongs to something that lies over the page, or to a question inside the row itself."""
    root = _root(part, button, fresh)
    inside = next((r for r in rows if part.shot.holds(r, button)), None)
    if inside is not None:
        return own_row is not None and inside.id == own_row.id and _can_decline(part, root)
    if any(part.shot.holds(root, r) for r in rows):
        return False
    return floats(part, button, fresh)


def floats(part: Part, node: Node, fresh: Container[int]) -> bool:
    """True where the node lies in something over the page that is among `fresh`, by place in the document."""
    around = [node, *part.shot.ancestors(node)]
    return any(a.index in fresh and (a.afloat or a.tag == "dialog" or a.role in _DIALOG_ROLES) for a in around)


def _can_decline(part: Part, root: Node) -> bool:
    return any(_declines(n) for n in part.shot.inside(root))


def decline_button(dialog: Dialog) -> Node | None:
    """The dialog's 取消, 否 or ×, None without one."""
    shot = dialog.part.shot
    named = [n for n in shot.inside(dialog.root) if _declines(n) and shot.worked_by(n) and n.top is not False]
    return min(named, key=lambda n: not words.is_one_of(n.text, ("取消", *_NO)), default=None)


def _declines(node: Node) -> bool:
    return words.is_one_of(node.text or node.name, (*words.DISMISS, *_NO))


def _is_button(part: Part, node: Node, said: tuple[str, ...]) -> bool:
    label = node.text or (node.name if node.clickable else "")
    if not label or not words.is_one_of(label, said) or node.top is False or words.BUYING.search(label):
        return False
    return part.shot.worked_by(node) is not None


def _root(part: Part, node: Node, fresh: set[int]) -> Node:
    """The outermost element around a node that appeared together with it."""
    root = node
    for outer in part.shot.ancestors(node):
        if outer.index in fresh:
            root = outer
        elif outer.shown:
            break
    return root


def _unticked(part: Part, root: Node) -> tuple[Node, ...]:
    boxes = [n for n in part.shot.inside(root) if n.kind == "checkbox" and n.checked is False]
    boxes = boxes or [
        n for n in part.shot.inside(root) if n.kind == "checkbox" and n.attrs.get("aria-checked") == "false"
    ]
    # Some kits draw the box: then the words beside it are what a person clicks.
    return tuple(boxes) or tuple(n for n in part.shot.inside(root) if words.UNDERSTOOD.search(n.folded))[:1]


async def close_promotions(window: Window, view: View) -> View:
    """Closes what covers the page on arrival, by its 我知道了, 关闭 or ×; buttons that buy are never pressed."""
    for _ in range(_MAX_PROMOTIONS):
        found = covering(view)
        if found is None:
            return view
        await window.click(*found)
        view = await window.settled(5.0)
    return view


def covering(view: View) -> tuple[Part, Node] | None:
    """What closes something that covers most of the page; None where nothing does."""
    for part in view.parts:
        texts = [n for n in part.shot.texts if n.top is not None]
        covered = [n for n in texts if n.top is False]
        if not texts or len(covered) < _COVERED * len(texts):
            continue
        closers = [n for n in part.shot.nodes if n.shown and n.top and _closes(part, n)]
        if closers:
            return part, min(closers, key=lambda n: not n.text)
    return None


def _closes(part: Part, node: Node) -> bool:
    by_word = words.is_one_of(node.text, words.DISMISS) and part.shot.worked_by(node) is not None
    by_name = words.is_one_of(node.name, words.DISMISS) and node.clickable
    by_class = "close" in node.classes and node.clickable and not node.text
    return by_word or by_name or by_class
