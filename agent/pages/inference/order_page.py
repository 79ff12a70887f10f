"""The 确认 of one order on a page, in a drawer or in an unfolded part that is this order's own, and of no other."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from agent.domain.text import Text, fold
from agent.pages import message_words, vocabulary
from agent.pages.inference.buttons import can_be_clicked
from agent.pages.inference.labels import labels_in
from agent.pages.inference.order_facts import Meant, conflict, facts_of, identifies, is_surely_an_order, mentions_other
from agent.pages.snapshot import Node, Snapshot

_SELLS = re.compile(
    r"推荐|优惠|特惠|活动|试用|开通|立减|限时|领取|免密|免费|协议|条款|自动续|充值|购买|加购|升级包|为您|热门|广告|新品|套餐|抢购|折扣"
)
_BUYS = re.compile(r"(立即|马上|去|确认)(订购|购买|支付|付款|开通|试用)|^(订购|购买|支付|付款|开通)$")
_HEADINGS = (
    *("操作", "订单操作", "订单信息", "订单详情", "服务信息", "服务详情", "基本信息", "交易信息", "订购信息", "详情"),
    *("订单状态", "温馨提示", "提示", "进度", "订单进度"),
)
_LABELLED = re.compile(r"^[^:：]{1,12}[:：]")
_MARKS = re.compile(r"[\W\d_]*")
_BOXES = ("text", "textarea", "select", "number", "tel", "email", "date", "search", "password", "editable", "combobox")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to click: `node` stands in `scope`, which speaks of this order and no other."""

    node: Node
    scope: Node


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a document before its 确认 is looked for.

    `fresh` are the ids of the elements that came up. `rows` are those of the list that is still there; `row` is the
    order's own among them.
    """

    shot: Snapshot
    fresh: frozenset[int]
    rows: tuple[Node, ...] = ()
    row: Node | None = None


# 确认订购 may buy, if it does not stand in the order's own row.
CONFIRM = tuple(word for word in vocabulary.CONFIRM if word != "确认订购")


def find_spot(around: Around, meant: Meant, texts: Collection[str] = CONFIRM) -> Spot | Text | None:
    """The one button of these words that is proven to be the order's; what speaks against it; None without a button.

    It is proven by the smallest part of the page around it that tells the order from all others of the list, if nothing
    there is another order's, and nothing nearer to it is about something else.
    """
    shot = around.shot
    buttons = {w.id: n for n in shot.nodes if _can_be(around, n, texts) and (w := shot.worked_by(n))}
    found = [_judged(around, meant, node) for node in buttons.values()]
    spots = [f for f in found if isinstance(f, Spot)]
    if len(spots) == 1:
        return _alone(shot, spots[0], [f for f in found if isinstance(f, _Doubt)])
    if spots:
        return Text("several buttons could confirm the order", "有多个按钮都可能确认该订单")
    return next((f.why for f in found if isinstance(f, _Doubt)), None)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A button that is not known to be the order's. `foreign` if it is known to be about something else."""

    node: Node
    why: Text
    foreign: bool


def _alone(shot: Snapshot, spot: Spot, others: list[_Doubt]) -> Spot | Text:
    """The spot, unless a button in the same part of the page may be the one that is meant."""
    rival = next((d for d in others if not d.foreign and shot.holds(spot.scope, d.node)), None)
    return rival.why if rival else spot


def _can_be(around: Around, node: Node, texts: Collection[str]) -> bool:
    shot = around.shot
    label = node.text or (node.name if node.clickable else "")
    if node.id not in around.fresh or not label or not vocabulary.is_one_of(label, texts):
        return False
    reachable = node.shown and not shot.is_disabled(node) and can_be_clicked(shot, node)
    return reachable and not any(shot.holds(r, node) for r in around.rows if r is not around.row)


def _judged(around: Around, meant: Meant, node: Node) -> Spot | _Doubt:
    shot, below = around.shot, node
    for scope in _scopes(around, node):
        facts = facts_of([n for n in shot.inside(scope) if n.shown])
        if (why := conflict(facts, meant)) is not None:
            return _Doubt(node, why, foreign=True)
        unfolded = _unfolded_below(around, scope)
        strange = _ticked(shot, scope) or (None if is_surely_an_order(facts, meant.order) else _sold(shot, scope))
        if identifies(facts, meant) or (unfolded and (strange := strange or _offers(shot, scope, meant)) is None):
            return Spot(node, scope) if strange is None else _Doubt(node, _about(strange), foreign=True)
        strange = strange or _strange(shot, scope, below, node, meant)
        if strange is not None:
            return _Doubt(node, _about(strange), foreign=True)
        below = scope
    return _Doubt(node, _UNNAMED, foreign=False)


def _scopes(around: Around, node: Node) -> Iterator[Node]:
    """The elements around a button, from the nearest outwards, as long as they hold no row but the order's own."""
    for outer in around.shot.ancestors(node):
        if any(around.shot.holds(outer, row) for row in around.rows if outer is not around.row):
            return
        if outer.shown or outer.afloat:
            yield outer


def _strange(shot: Snapshot, scope: Node, below: Node, button: Node, meant: Meant) -> str | None:
    """What in a part around the button is about something else, or about nobody knows what; `below` was judged."""
    added = [n for n in shot.inside(scope) if not shot.holds(below, n) or n is below]
    if box := next((n for n in added if n.kind in _BOXES and n.shown), None):
        return f"“{box.attrs.get('placeholder') or box.kind}”"
    floating = scope.afloat or scope.tag == "dialog" or scope.role in {"dialog", "alertdialog"}
    texts = (n for n in shot.inside(scope) if n.shown and n.text and shot.worked_by(n) is None)
    if floating and (first := next(texts, None)) is not None:
        return f"“{first.text[:30]}”"
    for node in (n for n in added if n.shown and n.text and n is not button):
        if (other := mentions_other(node.text, meant)) is not None:
            return other
        if not _is_plain(shot, node, meant):
            return f"“{node.text[:30]}”"
    return None


def _sold(shot: Snapshot, scope: Node) -> str | None:
    """What buys in a part of the page: without number and time it may be a page of the market."""
    buys = (n for n in shot.inside(scope) if n.shown and n.text and shot.worked_by(n) and _BUYS.search(n.folded))
    return next((f"“{n.text[:30]}”" for n in buys), None)


def _ticked(shot: Snapshot, scope: Node) -> str | None:
    """A box that is ticked beforehand: nobody knows what it agrees to."""
    boxes = (n for n in shot.inside(scope) if n.checked and n.kind in {"checkbox", "switch"})
    return next((f"“{shot.words(scope)[:30]}”" for _ in boxes), None)


def _offers(shot: Snapshot, scope: Node, meant: Meant) -> str | None:
    """What in a part of the page is about another service, or sells something."""
    for node in (n for n in shot.inside(scope) if n.shown and n.text):
        if (other := mentions_other(node.text, meant)) is not None:
            return other
        if shot.worked_by(node) is None and (_SELLS.search(node.folded) or message_words.PAYING.search(node.folded)):
            return f"“{node.text[:30]}”"
    return None


def _is_plain(shot: Snapshot, node: Node, meant: Meant) -> bool:
    """True for what may stand beside the button and changes nothing about what it is for."""
    text = node.folded
    if shot.worked_by(node) is not None:
        return not _BUYS.search(text)
    if vocabulary.is_one_of(text, _HEADINGS) or _MARKS.fullmatch(text) or len(text) == 1:
        return True
    if any(name in vocabulary.ORDER_FIELDS for name, _ in labels_in(node.text, vocabulary.ORDER_FIELDS)):
        return True
    if _SELLS.search(text) or message_words.PAYING.search(text):
        return False
    known = text == fold(meant.order.service) or (meant.shop is not None and meant.shop.is_drawn_as(node.text))
    state = any(fold(word) in text for states in vocabulary.ORDER_STATUS.values() for word in states)
    return known or state or "确认" in text or _LABELLED.match(text) is not None


def _unfolded_below(around: Around, scope: Node) -> bool:
    """True for what came up right behind the order's own row, as rows that are unfolded do."""
    row, shot = around.row, around.shot
    return (
        row is not None
        and scope.parent == row.parent
        and scope.index == shot.last[row.index] + 1
        and scope.id in around.fresh
    )


def _about(what: str) -> Text:
    return Text(
        f"the button 确认 stands beside {what}, which is not about this order", f"“确认”按钮旁是 {what}，与本订单无关"
    )


_UNNAMED = Text("nothing around the button 确认 says which order it is for", "“确认”按钮周围没有说明是哪个订单")
