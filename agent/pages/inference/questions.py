"""What a dialog says and holds: its sentences, its boxes, and the button that would agree to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.domain.text import fold
from agent.pages import message_words, vocabulary
from agent.pages.inference.dialogs import Matter, is_plain
from agent.pages.inference.overlays import Dialog, buttons_in, label_of
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot

_TICKS = ("checkbox", "switch")
_CHOICES = ("radio", "select", "combobox", "listbox", "password", "file", "number", "date")
_OPTIONAL = re.compile(r"选填|可不填|可选|optional", re.IGNORECASE)
# Beginnings of longer labels that agree: 确认收到服务, 我已核对并提交.
_AGREEING = re.compile(r"确[认定]|提交|我已|我要确认|仍[要然]|继续|立即(确认|提交)|完成|验收|保存|申请(返|退)款$")
_LONGEST_LABEL = 14
# A picture this large can hold words that nobody reads here.
_WIDE, _HIGH = 160, 60
_PICTURES = ("img", "canvas", "iframe", "video", "object", "embed")
_LINE, _REACH = 14, 400
_SELLS = re.compile(
    r"开通|自动续|续费|连续包|免密|代扣|划扣|扣款|试用|按[月季年]|订阅|会员|增值|借款|贷款|保险|兑换|积分|赠|加购|授权|签约|升级"
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A box that can be ticked, with the nodes of its words."""

    node: Node
    words: tuple[Node, ...]
    ticked: bool

    @property
    def label(self) -> str:
        return "".join(n.text for n in self.words) or self.node.name


def ticks_in(dialog: Dialog) -> list[Tick]:
    """The boxes of a dialog, drawn ones with a role of their own among them."""
    shot, found = dialog.part.shot, []
    for node in shot.inside(dialog.root):
        outer = next((a for a in shot.ancestors(node) if a.kind in _TICKS or a.role in _TICKS), None)
        if (node.kind in _TICKS or node.role in _TICKS) and (node.shown or node.ghost) and outer is None:
            found.append(Tick(node, _words_of(dialog, node), is_ticked(shot, node)))
    return found


def is_ticked(shot: Snapshot, node: Node) -> bool:
    """Whether a box is ticked: as the browser has it, or as a drawn one says."""
    if node.checked is not None:
        return node.checked
    inner = next((n for n in shot.inside(node) if n.checked is not None), None)
    text = (node.attrs.get("aria-checked") or node.attrs.get("aria-selected") or "").lower()
    return inner.checked is True if inner is not None and not text else text == "true"


def _words_of(dialog: Dialog, box: Node) -> tuple[Node, ...]:
    """Those of its label, else what stands on the same line to its right, or else to its left."""
    shot = dialog.part.shot
    inside = [n for n in shot.inside(dialog.root) if n.text and not _is_pressed(dialog, n)]
    named = box.attrs.get("id")
    label = next((a for a in shot.ancestors(box) if a.tag == "label"), None)
    if label is None and named:
        label = next((n for n in shot.inside(dialog.root) if n.tag == "label" and n.attrs.get("for") == named), None)
    if label is not None and (found := tuple(n for n in inside if shot.holds(label, n))):
        return found
    if found := tuple(n for n in inside if shot.holds(box, n)):
        return found
    at = box.frame_box
    line = [n for n in inside if abs(n.box.y + _LINE / 2 - at.cy) < _LINE]
    right = tuple(n for n in line if 0 <= n.box.x - at.x < _REACH)
    return right or tuple(n for n in line if 0 <= at.x - n.box.right < _REACH)


def pieces_of(dialog: Dialog) -> list[Node]:
    """The nodes with its sentences, labels and links; not the words of its buttons, nor those of its boxes."""
    boxed = {n.index for tick in ticks_in(dialog) for n in tick.words}
    inside = dialog.part.shot.inside(dialog.root)
    return [n for n in inside if n.text and n.index not in boxed and not _is_pressed(dialog, n)]


def _is_pressed(dialog: Dialog, node: Node) -> bool:
    shot = dialog.part.shot
    if any(b.index == node.index for b in dialog.buttons):
        return True
    outer = next((a for a in shot.ancestors(node) if a.tag == "button" or a.role == "button"), None)
    return outer is not None and shot.holds(dialog.root, outer) and len(shot.words(outer)) <= _LONGEST_LABEL + 6


def unknown_control(dialog: Dialog) -> str | None:
    """What of a dialog cannot be answered here: a choice, a password, a box that is not optional, a large picture."""
    shot = dialog.part.shot
    for node in shot.inside(dialog.root):
        if node.kind is not None and (node.shown or node.ghost) and node.kind not in (*_TICKS, "submit", "button"):
            hint = node.attrs.get("placeholder", "")
            if (
                node.kind in _CHOICES
                or node.kind not in ("text", "textarea", "hidden")
                or not _may_stay_empty(node, hint)
            ):
                return hint or node.name or node.kind
        if node.shown and node.role == "radio":
            return node.text or node.name or "radio"
        if _is_drawn_switch(shot, node):
            return node.classes or "switch"
        if node.shown and node.tag in _PICTURES and (_is_large(node) or node.tag == "iframe"):
            return node.name or node.attrs.get("alt") or node.tag
    return None


def _is_drawn_switch(shot: Snapshot, node: Node) -> bool:
    """True for a longish shape without words that can be pressed, and is no control of the browser's: on or off, nobody
    can tell.
    """
    box, plain = node.frame_box, node.kind is None and node.role not in _TICKS
    shaped = 24 <= box.w <= 80 and 12 <= box.h <= 36 and box.w >= 1.5 * box.h
    silent = not shot.words(node) and not node.name and node.tag not in (*_PICTURES, "svg", "a", "button")
    return node.shown and node.clickable and plain and shaped and silent


def _may_stay_empty(node: Node, hint: str) -> bool:
    return not node.value and (_OPTIONAL.search(hint) is not None or fold(hint) in ("备注", "请输入备注"))


def _is_large(node: Node) -> bool:
    return node.frame_box.w > _WIDE and node.frame_box.h > _HIGH


def agree_buttons(dialog: Dialog, matter: Matter) -> list[Node]:
    """The buttons that would agree, by the plainest words first, also those that are switched off or count down."""
    found = [n for n in dialog.buttons if is_agreeing(label_of(n), matter) and n.top is not False]
    # Beside a button of another kind 我已知晓 is a box that is only drawn.
    found = [n for n in found if not message_words.UNDERSTOOD.search(n.folded)] or found
    return sorted(found, key=lambda n: not vocabulary.is_one_of(vocabulary.uncounted(label_of(n)), vocabulary.AGREE))


def is_agreeing(label: str, matter: Matter) -> bool:
    """True for plain words of agreement that speak of nothing but the step."""
    text = vocabulary.uncounted(label)
    if message_words.BUYING.search(text) or vocabulary.declines(text):
        return False
    if vocabulary.is_one_of(text, vocabulary.AGREE):
        return True
    return len(text) <= _LONGEST_LABEL and _AGREEING.match(text) is not None and is_plain(text, matter)


def usable(dialog: Dialog, matter: Matter) -> Node | None:
    """The button to press now, None if it is switched off, counts down, or there is none."""
    shot = dialog.part.shot
    ready = (n for n in agree_buttons(dialog, matter) if shot.worked_by(n) and not shot.is_disabled(n))
    return next(ready, None)


def counts(dialog: Dialog) -> tuple[int, ...]:
    """The short numbers on its buttons and by themselves: what changes in them while a button counts down."""
    return tuple(_short_numbers(dialog))


def _short_numbers(dialog: Dialog) -> Iterator[int]:
    pressed = {b.index for b in dialog.buttons}
    for node in dialog.part.shot.inside(dialog.root):
        if node.text and (node.index in pressed or _is_pressed(dialog, node) or len(node.text) < _LONGEST_LABEL):
            yield from (int(n) for n in re.findall(r"(?<!\d)\d{1,3}(?!\d)", node.text))


def is_notice(dialog: Dialog, matter: Matter) -> bool:
    """True for what only tells: all that can be pressed in it takes note of it, or closes it."""
    return not any(_is_question_button(n, matter) for n in dialog.buttons)


def _is_question_button(node: Node, matter: Matter) -> bool:
    label = label_of(node)
    noted = vocabulary.is_one_of(vocabulary.uncounted(label), vocabulary.UNDERSTAND) or vocabulary.declines(label)
    return bool(label) and not noted and (is_agreeing(label, matter) or len(label) <= _LONGEST_LABEL)


def note_button(dialog: Dialog) -> Node | None:
    """The dialog's 我知道了, None without one."""
    shot = dialog.part.shot
    found = (
        n for n in dialog.buttons if vocabulary.is_one_of(vocabulary.uncounted(label_of(n)), vocabulary.UNDERSTAND)
    )
    return next((n for n in found if shot.worked_by(n) and not shot.is_disabled(n)), None)


def sold_besides(part: FrameSnapshot, scope: Node, matter: Matter) -> str | None:
    """What a part of a page that asks would sell besides: a box that is ticked for something else, or words of it."""
    asking = Dialog(part, scope, buttons_in(part, scope))
    wrong = (t.label for t in ticks_in(asking) if t.ticked and not is_plain(t.label, matter))
    texts = (n.text for n in pieces_of(asking) if _SELLS.search(n.folded) and not is_plain(n.text, matter))
    return next(wrong, None) or next(texts, None)
