"""Rows of a list that are folded up under a line of its own: ▸ 更早（3笔）."""

import re
from collections.abc import Collection, Iterator

from agent.pages.inference.narrowing import Narrowing, Sort
from agent.pages.inference.place import Place
from agent.pages.inference.time_spans import SPANS, Meaning, bare, meaning
from agent.pages.snapshot import Node

_CLOSED = re.compile(r"^[▸▶►▷›>+＋]|[▸▶►▷]$|展开$")
_COUNT = re.compile(r"[(（\[【·]?(?:共|还有)?[1-9]\d*(?:条|笔|单|个|项)?(?:订单|记录)?[)）\]】]?$")
_LONGEST, _AROUND = 30, 3


def folded_up(place: Place, states: Collection[str]) -> Iterator[Narrowing]:
    """The lines in a list that can be unfolded and that rows hide under, by their count or what they are called."""
    for node in place.shot.texts:
        if len(node.text) > _LONGEST or not _is_between(place, node) or not _is_closed(place, node):
            continue
        text = re.sub(r"^[▸▶►▷›>+＋]|[▸▶►▷]$|展开$", "", node.folded)
        if _COUNT.search(text) or meaning(text, states) in (*SPANS, Meaning.STATE):
            yield Narrowing(Sort.FOLDED, bare(text) or text, node)


def _is_between(place: Place, node: Node) -> bool:
    """True for what stands among the rows of the list, in none of them, and can be clicked."""
    frame = _frame(place)
    within = frame is not None and place.shot.holds(frame, node) and node.box.cy > place.floor
    return within and place.outside(node) and place.shot.worked_by(node) is not None


def _frame(place: Place) -> Node | None:
    """The closest element that holds all rows: what stands beside it is none of the list's."""
    roots = [r.root for r in place.parsed.rows] if place.parsed else []
    if not roots:
        return None
    around = place.shot.ancestors(roots[0])
    return next((a for a in around if all(place.shot.holds(a, r) for r in roots)), None)


def _is_closed(place: Place, node: Node) -> bool:
    around = [node, *list(place.shot.ancestors(node))[:_AROUND]]
    told = next((a.attrs["aria-expanded"] for a in around if "aria-expanded" in a.attrs), None)
    return told == "false" or (told is None and _CLOSED.search(node.folded) is not None)
