"""Where a page asks for a code (验证码) that a person was sent: its boxes, what has one sent, and what hands it in."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from agent.domain.text import fold
from agent.pages import login_words, vocabulary
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_KINDS = ("text", "tel", "number")
# Boxes for one character each: how wide at most, how many at least, and how far from one line, in pixels.
_NARROW, _SEVERAL, _LINE = 90, 4, 8
_ABOVE = 60
_SENTENCE = 80
# 138****0000, m***@example.com: the number or the address that the code went to.
_MASKED = re.compile(r"\d+\*+\d+|\*+@")


@dataclass(frozen=True, slots=True)
class CodeForm:
    """`boxes` is one, or one a character. `message` is the page's sentence on where the code went, masked as shown."""

    part: FrameSnapshot
    boxes: tuple[Node, ...]
    message: str | None

    @property
    def send(self) -> Node | None:
        """What has a code sent: 获取验证码; None while it counts down, and if the page sends one by itself."""
        return self._control(login_words.SEND_CODE.search)

    @property
    def submit(self) -> Node | None:
        """What hands the code in; None if the last character does."""
        return self._control(lambda text: vocabulary.is_one_of(text, login_words.HAND_IN))

    def fits(self, code: str) -> bool:
        """False if there is not one box for each character."""
        return len(self.boxes) in (1, len(code))

    def _control(self, means: Callable[[str], object]) -> Node | None:
        shot, top = self.part.shot, min(box.frame_box.y for box in self.boxes)
        for node in shot.texts:
            worked = shot.worked_by(node)
            usable = worked is not None and not shot.is_disabled(worked) and node.top is not False
            if usable and node.box.bottom > top and means(fold(node.text)):
                return node
        return None


def find_code_form(snapshot: PageSnapshot) -> CodeForm | None:
    """The boxes for a code in any frame of the page; None if there are none."""
    forms = [(part, boxes) for part in snapshot.parts if (boxes := _usable(part))]
    named = ((part, [b for b in boxes if _asks_for_code(part, b)][:1]) for part, boxes in forms)
    alone = ((part, boxes) for part, boxes in forms if len(boxes) == 1 and _speaks_of_code(part))
    rows = ((part, _row(boxes)) for part, boxes in forms)
    found = next(((part, boxes) for part, boxes in (*rows, *named, *alone) if boxes), None)
    return CodeForm(found[0], tuple(found[1]), _message(found[0])) if found else None


def may_hold_code(part: FrameSnapshot) -> set[int]:
    """The ids of the boxes in which a code may stand, filled in or shut as they may be."""
    boxes = [n for n in part.shot.nodes if n.kind in _KINDS]
    return {b.id for b in boxes if _asks_for_code(part, b)} | {b.id for b in _row(boxes)}


def _usable(part: FrameSnapshot) -> list[Node]:
    """The boxes that a code may belong into: neither what is filled in or shut, nor what names something else."""
    boxes = [n for n in part.shot.nodes if n.kind in _KINDS and n.shown and n.top is not False]
    open_ones = [b for b in boxes if not (b.disabled or b.readonly)]
    return [b for b in open_ones if _meaning(fold(b.attrs.get("placeholder", "") + b.name)) is not False]


def _speaks_of_code(part: FrameSnapshot) -> bool:
    return any(login_words.ANY_CODE.search(n.folded) or login_words.TOTP_CODE.search(n.folded) for n in part.shot.texts)


def _asks_for_code(part: FrameSnapshot, box: Node) -> bool:
    return bool(_meaning(fold(box.attrs.get("placeholder", "") + box.name)) or _meaning(words_near(part, box)))


def _meaning(text: str) -> bool | None:
    """True for words that ask for a code, false for those that ask for something else, None for neither.

    Of both the last is meant: 邮箱验证码 is a code, 接收验证码的手机号 is a number.
    """
    code = max((m.end() for p in (login_words.ANY_CODE, login_words.TOTP_CODE) for m in p.finditer(text)), default=-1)
    other = max((m.end() for m in login_words.OTHER_BOX.finditer(text)), default=-1)
    return None if code == other == -1 else code > other


def _row(boxes: Collection[Node]) -> list[Node]:
    """Narrow boxes side by side."""
    for first in boxes:
        row = [b for b in boxes if b.frame_box.w <= _NARROW and abs(b.frame_box.cy - first.frame_box.cy) < _LINE]
        if first.frame_box.w <= _NARROW and len(row) >= _SEVERAL:
            return sorted(row, key=lambda b: b.frame_box.x)
    return []


def words_near(part: FrameSnapshot, box: Node) -> str:
    """The words before a box in its line, else those right above it."""
    shot, at = part.shot, box.frame_box
    before = [n for n in shot.texts if n.box.overlap_y(at) > 0 and n.box.right <= at.x + _LINE]
    above = [n for n in shot.texts if 0 <= at.y - n.box.bottom < _ABOVE and n.box.overlap_x(at) > 0]
    near = max(before, key=lambda n: n.box.right, default=None) or max(above, key=lambda n: n.box.y, default=None)
    return near.folded if near else ""


def _message(part: FrameSnapshot) -> str | None:
    told = (n.text for n in part.shot.texts if n.top is not False and len(n.text) < _SENTENCE)
    return next((text for text in told if _MASKED.search(fold(text))), None)
