"""What lies over a page when it is opened, promotions and guided tours: closed, never answered."""

import re
from collections.abc import Iterator

from agent.domain.text import fold
from agent.pages import message_words, vocabulary
from agent.pages.inference.overlays import is_cross, label_of
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_COVERED = 0.5
_MAX_LAYERS = 4
_MAX_STEPS = 16
_SECONDS = 5.0
_FEW = 12
_DIALOGS = ("dialog", "alertdialog")
_SKIP = re.compile(
    r"跳过.{0,4}|(结束|退出|关闭|不再)(引导|指引|教程|导览|显示|提示)|不再显示|skip(tour|all|guide)?|endtour",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(下一[步个条页]|继续|next|完成|结束|我?(已经?)?知道[了啦咯]?|我?明白[了啦]?|我?了解[了啦]?|好的?[,，]?(我?知道了)?|开始使用|done|finish|gotit|ok|确定)"
    r"[(]?(\d{1,2}/\d{1,2})?[)]?[>→»›]?",
    re.IGNORECASE,
)
_AT = re.compile(r"[(]?\d{1,2}(/|of)\d{1,2}[)]?|第\d{1,2}步|[(]\d{1,2}/\d{1,2}[)]$", re.IGNORECASE)
_TOUR = re.compile(r"driver|introjs|intro-js|shepherd|joyride|\btour|-tour|guide|guidance|hopscotch", re.IGNORECASE)
# What no layer may speak of whose button is pressed to get on.
_ASKS = re.compile(
    rf"{message_words.BUYING.pattern}|开通|授权|签署|签约|免密|扣|协议|条款|试用|领取|借|贷|保险|绑定", re.IGNORECASE
)
_LAYER = re.compile(
    r"modal|dialog|popup|popover|layer|mask|overlay|drawer|notice|banner|promo|advert|guide|tour|close", re.IGNORECASE
)


async def close_promotions(page: LivePage, snapshot: PageSnapshot) -> PageSnapshot:
    """Close what covers the page on arrival, and leave tours; nothing is pressed that buys, opens or submits."""
    closed, steps, pressed = 0, 0, ""
    while closed < _MAX_LAYERS and steps < _MAX_STEPS:
        found = covering(snapshot, touring=steps > 0)
        if found is None:
            return snapshot
        part, node = found
        onward, text = _leads_on(node), _layer_words(part, node)
        if text == pressed:
            return snapshot  # it was pressed already, and nothing changed
        pressed = text
        closed, steps = closed + (not onward), steps + onward
        await page.click(part, node)
        snapshot = await page.settled(_SECONDS)
    return snapshot


def covering(snapshot: PageSnapshot, *, touring: bool = False) -> tuple[FrameSnapshot, Node] | None:
    """What closes something that covers most of the page, or leads on through a tour; None if nothing does.

    `touring`: a step of a tour was just left, so that what lies there now is taken for the next one.
    """
    for part in snapshot.parts:
        tour = _tour(part, touring)
        if tour is None and not _is_covered(part):
            continue
        closers = [n for n in part.shot.nodes if n.shown and n.top and _closes(part, n)]
        if tour is not None:
            closers = [n for n in closers if part.shot.holds(tour, n)] or closers
        if closers:
            return part, min(closers, key=_rank)
        if tour is not None and (onward := _onward(part, tour)) is not None:
            return part, onward
    return None


def _is_covered(part: FrameSnapshot) -> bool:
    texts = [n for n in part.shot.texts if n.top is not None]
    covered = [n for n in texts if n.top is False]
    return bool(texts) and len(covered) >= _COVERED * len(texts)


def _rank(node: Node) -> tuple[int, bool]:
    text = vocabulary.uncounted(label_of(node))
    return 0 if _SKIP.fullmatch(text) else 2 if vocabulary.is_one_of(text, vocabulary.UNDERSTAND) else 1, not node.text


def _closes(part: FrameSnapshot, node: Node) -> bool:
    if is_cross(node):
        return True
    text = vocabulary.uncounted(label_of(node))
    if not text or node.kind is not None:
        return False
    named = (
        vocabulary.is_one_of(text, vocabulary.DISMISS) or vocabulary.declines(text) or _SKIP.fullmatch(text) is not None
    )
    named = named or vocabulary.is_one_of(text, vocabulary.UNDERSTAND)
    if not named or part.shot.worked_by(node) is None or part.shot.is_disabled(node):
        return False
    # Through the hole of a tour a row's own 取消 can be reached.
    return not vocabulary.is_one_of(text, ("取消", "否", "不", "cancel", "no")) or _is_in_layer(part, node)


def _is_in_layer(part: FrameSnapshot, node: Node) -> bool:
    around = [node, *part.shot.ancestors(node)]
    if any(n.tag in ("td", "tr") or n.role == "row" for n in around):
        return False
    called = any(a.tag == "dialog" or a.role in _DIALOGS or _LAYER.search(a.classes) for a in around)
    return called or any(a.afloat and len(_texts(part, a)) < _FEW for a in around)


# tours


def _tour(part: FrameSnapshot, touring: bool) -> Node | None:
    """The card of a guided tour: something over the page that counts its steps, or is called a tour, and leads on."""
    for node in part.shot.nodes:
        if node.shown and node.top and _is_step(part, node) and (card := _card(part, node, touring)) is not None:
            return card
    return None


def _is_step(part: FrameSnapshot, node: Node) -> bool:
    text = vocabulary.uncounted(label_of(node))
    named = bool(text) and (_NEXT.fullmatch(text) is not None or _SKIP.fullmatch(text) is not None)
    return named and node.kind is None and part.shot.worked_by(node) is not None


def _card(part: FrameSnapshot, button: Node, touring: bool) -> Node | None:
    for outer in _floating(part, button):
        texts, classes = _texts(part, outer), " ".join(n.classes for n in part.shot.inside(outer))
        counted = any(_AT.search(fold(t)) for t in texts)
        going = any(vocabulary.uncounted(t).startswith(("下一", "上一", "跳过")) for t in texts)
        by_name = _TOUR.search(classes) is not None
        if (counted or by_name or ((going or touring) and _is_covered(part))) and _is_harmless(part, outer):
            return outer
    return None


def _floating(part: FrameSnapshot, node: Node) -> Iterator[Node]:
    """What lies over the page around a node, the innermost first; never the page itself."""
    half = len(part.shot.texts) / 2
    for outer in part.shot.ancestors(node):
        small = len(_texts(part, outer)) <= max(_FEW, half)
        if small and (outer.afloat or outer.tag == "dialog" or outer.role in ("dialog", "alertdialog", "tooltip")):
            yield outer


def _is_harmless(part: FrameSnapshot, card: Node) -> bool:
    inside = part.shot.inside(card)
    boxes = any(n.kind is not None and n.shown and n.kind not in ("button", "submit") for n in inside)
    labels = (label_of(n) for n in inside if n.clickable or n.tag in ("button", "a"))
    return not boxes and not any(_ASKS.search(fold(label)) for label in labels)


def _texts(part: FrameSnapshot, node: Node) -> list[str]:
    return [n.text for n in part.shot.inside(node) if n.text]


def _onward(part: FrameSnapshot, card: Node) -> Node | None:
    """The tour's 下一步, 完成 or 知道了."""
    found = [n for n in part.shot.inside(card) if n.shown and n.top and _is_step(part, n) and _leads_on(n)]
    text = "".join(_texts(part, card))
    return found[-1] if found and not _ASKS.search(fold(text)) else None


def _leads_on(node: Node) -> bool:
    return _NEXT.fullmatch(vocabulary.uncounted(label_of(node))) is not None


def _layer_words(part: FrameSnapshot, node: Node) -> str:
    card = next(_floating(part, node), node)
    return " ".join(_texts(part, card))
