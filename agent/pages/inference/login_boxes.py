"""Where a person can log in: password boxes, and the first step of a log-in that asks for the name alone."""

from collections.abc import Iterator

from agent.domain.text import fold
from agent.pages import login_words, vocabulary
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

_TYPED = ("text", "tel", "email", "search", "number")


def password_field(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node] | None:
    """The password box that a person sees, with its frame."""
    return next(boxes_for_passwords(snapshot), None)


def boxes_for_passwords(snapshot: PageSnapshot) -> Iterator[tuple[FrameSnapshot, Node]]:
    """The password boxes that a person sees, with their frames."""
    for part in snapshot.parts:
        for node in part.shot.nodes:
            if node.kind == "password" and node.shown and node.top is not False and not is_decoy(node):
                yield part, node


def is_decoy(node: Node) -> bool:
    """True for a box too small for a person, or hidden from those who cannot see: only programs fill it in."""
    return node.frame_box.w < 24 or node.frame_box.h < 8 or node.attrs.get("aria-hidden") == "true"


def offers_log_in(snapshot: PageSnapshot) -> bool:
    """True if a person can log in: a password box, or the tabs of a form that opens on another way in."""
    tabs = login_words.PASSWORD_TABS + login_words.EMAIL_TABS + login_words.OTHER_TABS
    named = any(vocabulary.is_one_of(n.text, tabs) and n.top is not False for n in snapshot.texts())
    return named or password_field(snapshot) is not None or any(_asks_for_name(part.shot) for part in snapshot.parts)


def _asks_for_name(shot: Snapshot) -> bool:
    """True for the first step of a log-in: one box, for a name, and 下一步."""
    boxes = [n for n in shot.nodes if n.kind in _TYPED and n.shown and n.top is not False and not is_decoy(n)]
    if len(boxes) != 1 or not any(vocabulary.is_one_of(n.text, login_words.NEXT_STEP) for n in shot.texts):
        return False
    hint = fold(boxes[0].attrs.get("placeholder", "") + boxes[0].name)
    labels = [hint] if hint else [n.folded for n in shot.texts]
    speaks = (
        any(login_words.LOG_IN.search(n.folded) for n in shot.texts)
        or login_words.LOG_IN.search(fold(shot.title)) is not None
    )
    asks = any(login_words.USER_BOX.search(text) and not login_words.ANY_CODE.search(text) for text in labels)
    return speaks and asks
