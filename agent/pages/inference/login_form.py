"""The form for name and password as a person sees it: its boxes, what hands it in, what it asks for besides."""

from collections.abc import Collection
from dataclasses import dataclass

from agent.domain.text import fold
from agent.pages import login_words, vocabulary
from agent.pages.inference.code_form import words_near
from agent.pages.inference.login_boxes import boxes_for_passwords, is_decoy
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_USER_KINDS = ("text", "tel", "email", "search", "number")
# How far from the password's box another box of its form, and what hands it in, can stand, in pixels.
_FORM, _BESIDE, _LEVEL = 320, 480, 6


@dataclass(frozen=True, slots=True)
class LoginForm:
    """`user` is None if the name is not asked for any more: it was given in an earlier step."""

    part: FrameSnapshot
    password: Node
    user: Node | None

    @property
    def unknown(self) -> str | None:
        """The label of an empty box of the form that asks for a company or the like; None without one."""
        boxes = (b for b in _others(self.part, self.password) if b is not self.user and not b.value)
        return next((text for b in boxes if login_words.TENANT_BOX.search(text := _label(self.part, b))), None)


def find_login_form(snapshot: PageSnapshot) -> LoginForm | None:
    """The form with a password's box that a person sees; None without one."""
    found = next(boxes_for_passwords(snapshot), None)
    if found is None:
        return None
    part, password = found
    return LoginForm(part, password, _user_box(part, password))


def name_box(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node] | None:
    """The box of a form that asks for the name alone, with 下一步 behind it; None without one."""
    for part in snapshot.parts:
        for box in part.shot.nodes:
            if not (_can_be_filled(box) and box.kind in _USER_KINDS):
                continue
            label = _label(part, box)
            if (
                login_words.USER_BOX.search(label)
                and not login_words.ANY_CODE.search(label)
                and button_of(part, box, _STEP)
            ):
                return part, box
    return None


_STEP = login_words.NEXT_STEP


def button_of(part: FrameSnapshot, box: Node, named: Collection[str]) -> Node | None:
    """What hands a form in: the nearest below a box of it or beside it, what can be worked first."""
    shot = part.shot
    found = [n for n in shot.nodes if n.shown and n.top is not False and _is_named(n, named) and _is_near(n, box)]
    found = [n for n in found if not shot.is_disabled(shot.worked_by(n) or n)]
    worked = [n for n in found if shot.worked_by(n) is not None]
    return min(worked or found, key=lambda n: abs(n.box.cy - box.frame_box.cy), default=None)


def _is_named(node: Node, named: Collection[str]) -> bool:
    if node.text:
        return vocabulary.is_one_of(node.text, named)
    text = node.attrs.get("alt") or node.name
    return bool(text) and (node.clickable or node.tag == "img") and vocabulary.is_one_of(text, named)


def _is_near(node: Node, box: Node) -> bool:
    at = box.frame_box
    level = node.box.overlap_y(at) > 0
    beside = level and -_LEVEL <= node.box.x - at.right <= _BESIDE
    return beside or (not level and node.box.cy > at.cy)


def _user_box(part: FrameSnapshot, password: Node) -> Node | None:
    """The nearest box before the password's, one that asks for a name first; else the first behind it that does."""
    boxes = [b for b in _others(part, password) if not b.disabled]
    labels = {b.id: _label(part, b) for b in boxes}
    before = [b for b in boxes if b.index < password.index and not _asks_for_else(labels[b.id])]
    asked = [b for b in before if login_words.USER_BOX.search(labels[b.id])]
    after = [b for b in boxes if b.index > password.index and login_words.USER_BOX.search(labels[b.id])]
    return (asked or before)[-1] if before else (after[0] if after else None)


def _asks_for_else(label: str) -> bool:
    return login_words.TENANT_BOX.search(label) is not None and login_words.USER_BOX.search(label) is None


def _others(part: FrameSnapshot, password: Node) -> list[Node]:
    """The boxes for text around the password's that a person can fill in."""
    at = password.frame_box
    return [
        n
        for n in part.shot.nodes
        if n.kind in _USER_KINDS
        and _can_be_filled(n)
        and abs(n.frame_box.cy - at.cy) < _FORM
        and (n.frame_box.overlap_x(at) > 0 or abs(n.frame_box.cy - at.cy) < at.h)
        and not login_words.ANY_CODE.search(fold(n.attrs.get("placeholder", "")))
    ]


def _can_be_filled(node: Node) -> bool:
    """False for what no person sees or reaches: boxes that are laid out for programs to fall for."""
    return node.shown and node.top is not False and not is_decoy(node)


def _label(part: FrameSnapshot, box: Node) -> str:
    own = fold(" ".join((box.attrs.get("placeholder", ""), box.name, box.attrs.get("title", ""))))
    return own or words_near(part, box) or fold(box.attrs.get("name", "") + " " + box.attrs.get("id", ""))
