"""The boxes and switches over a list that leave rows out as they stand: 仅看待处理 if on, 包含历史订单 if off."""

import re
from collections.abc import Collection, Iterator

from agent.domain.text import fold
from agent.pages.inference.narrowing import Narrowing, Sort
from agent.pages.inference.place import Owner, Place
from agent.pages.inference.time_spans import SPANS, Meaning, meaning, resembles_state
from agent.pages.snapshot import Node

_TICKS = ("checkbox", "switch")
_ONLY = re.compile(r"只看|仅看|只显示|仅显示|仅展示|只展示|只查|仅查|隐藏|不显示|不看|不含|排除|过滤|^我的|^待办")
_WITH_MORE = re.compile(
    r"^(?:同时|一并)?(?:包含|包括|含|显示|展示|查看|加载|查询)(?:历史|以往|往期|更早|归档|全部|所有|其他|其它|已\w{1,4}|过期|失效|到期|关闭|取消|删除|完成|退款|作废"
    r"|(?:最?近|[\d一二三六两半]+)\w{0,3}(?:月|年|天|日)\w{0,2})的?(?:服务|应用|订购)?(?:订单|记录|数据|报备|返款)?$"
)
_ALONE = re.compile(r"^(?:只|仅)(?:看|显示|展示|查看|查)\w{1,10}$")
_DRAWN = re.compile(r"switch|toggle|checkbox|check-box")
_ON = re.compile(r"(^|[\s_-])(is-?)?(on|checked|active|open|selected|onswitch)($|[\s_-])")
_AROUND, _LONGEST = 3, 20


def list_ticks(place: Place, states: Collection[str]) -> Iterator[Narrowing]:
    """Those that leave rows out now; a click on `control` changes that."""
    claimed: set[str] = set()
    for node in place.shot.nodes:
        if node.kind not in _TICKS or not place.leads(node) or place.bar(node).owner is Owner.FORM:
            continue
        text = _words_of(place, node)
        claimed.add(text)
        if text and _leaves_out(text, states, on=bool(node.checked) or node.attrs.get("aria-checked") == "true"):
            yield _narrowing(place, node, text)
    yield from _drawn(place, claimed)


def _narrowing(place: Place, node: Node, text: str) -> Narrowing:
    bar = place.bar(node)
    return Narrowing(Sort.TICK, text, node, query=bar.query, reset=bar.reset)


def _leaves_out(text: str, states: Collection[str], *, on: bool) -> bool:
    if not on:
        return _WITH_MORE.match(text) is not None
    about = meaning(text, states) in (*SPANS, Meaning.STATE) or resembles_state(text)
    return about or _ONLY.search(text) is not None


def _drawn(place: Place, claimed: Collection[str]) -> Iterator[Narrowing]:
    """Switches that only their class names tell from any other element, beside 仅看… and the like."""
    for node in place.shot.texts:
        if (
            len(node.text) > _LONGEST
            or node.folded in claimed
            or not _ALONE.match(node.folded)
            or not place.leads(node)
        ):
            continue
        box = _box_beside(place, node)
        if box is not None and any(_ON.search(n.classes) for n in place.shot.inside(box)):
            yield _narrowing(place, box, node.folded)


def _box_beside(place: Place, node: Node) -> Node | None:
    """What is drawn as a switch or a box beside the words, or around them."""
    for outer in [node, *list(place.shot.ancestors(node))[:_AROUND]]:
        found = [n for n in place.shot.inside(outer) if n.shown and _DRAWN.search(n.classes)]
        if found:
            return next((n for n in found if place.shot.worked_by(n) is not None), None)
        if len(place.shot.words(outer)) > _LONGEST * 2:
            break
    return None


def _words_of(place: Place, node: Node) -> str:
    for outer in list(place.shot.ancestors(node))[:_AROUND]:
        if text := fold(place.shot.words(outer)):
            return text if len(text) < _LONGEST else ""
    after = place.shot.nodes[node.index + 1 : node.index + 3]
    return next((n.folded for n in after if n.text), "")
