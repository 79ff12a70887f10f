"""How many pages a pager says that there are: 第 1/2 页, 共 3 页, or 1/3 between two arrows."""

from agent.pages import list_words
from agent.pages.inference.located_list import LocatedList
from agent.pages.inference.page_numbers import NUMBERS_APART
from agent.pages.snapshot import Node, Snapshot

# What is higher holds more than the one line of a pager, in pixels.
LINE_HEIGHT = 80


def pages_stated(located: LocatedList) -> tuple[int | None, int] | None:
    """The open page, if it is said, and the count of pages: 第 1/2 页, 共 3 页, 1/2 beside 下一页; None without."""
    shot = located.part.shot
    for node in shot.nodes:
        if not node.shown or not located.is_beside(node) or node.frame_box.h > LINE_HEIGHT:
            continue
        text = _short_words(shot, node)
        stated = list_words.pages_in(text) or (list_words.fraction_of(node.text) if _is_pagers(located, node) else None)
        if stated is not None:
            return stated
    return None


def behind_fraction(located: LocatedList) -> Node | None:
    """What turns on in a pager of 1/3 between two icons: the one behind it, unless it is switched off."""
    shot = located.part.shot
    found = (arrows for n in shot.texts if list_words.fraction_of(n.text) and (arrows := _arrows_by(located, n)))
    behind = next((behind for _, behind in found), None)
    return behind if behind is not None and not shot.is_disabled(behind) and behind.top is not False else None


def _arrows_by(located: LocatedList, fraction: Node) -> tuple[Node, Node] | None:
    """The two controls without words closely before and behind a fraction under the rows; None without them."""
    shot, box = located.part.shot, fraction.box
    if box.cy < located.floor or not located.is_beside(fraction):
        return None
    line = [n for n in shot.nodes if n.shown and n.clickable and abs(n.box.cy - box.cy) < LINE_HEIGHT / 4]
    line = [n for n in line if not shot.words(n) and n.kind in (None, "button", "submit")]
    before = [n for n in line if 0 <= box.x - n.box.right < NUMBERS_APART]
    behind = [n for n in line if 0 <= n.box.x - box.right < NUMBERS_APART]
    return (before[-1], behind[0]) if before and behind else None


def _short_words(shot: Snapshot, node: Node) -> str:
    inside = shot.last[node.index] - node.index
    text = shot.words(node) if inside <= 6 else node.text
    return text if len(text) < 60 else ""


def _is_pagers(located: LocatedList, fraction: Node) -> bool:
    return _is_by_words(located.part.shot, fraction) or _arrows_by(located, fraction) is not None


def _is_by_words(shot: Snapshot, node: Node) -> bool:
    """True if 上一页 or the like stands in one line with a node; a banner counts its pictures as 1/3, too."""
    for outer in [node, *list(shot.ancestors(node))[:3]]:
        if outer.frame_box.h > LINE_HEIGHT or outer.tag == "body":
            return False
        if any(list_words.bare_control(n.folded) in list_words.PAGER for n in shot.inside(outer) if n.text):
            return True
    return False
