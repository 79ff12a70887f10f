"""The pager of a list: which of its controls brings the next page, and what looks like one that is not understood."""

import re

from agent.domain.text import fold
from agent.pages import list_words, vocabulary
from agent.pages.inference.located_list import LocatedList
from agent.pages.inference.page_numbers import (
    CALENDAR,
    class_tokens,
    current_number,
    is_page_number,
    is_pager_line,
    next_block,
    next_number,
    number_lines,
    number_of,
)
from agent.pages.inference.stated_pages import LINE_HEIGHT, behind_fraction
from agent.pages.snapshot import Node, Snapshot

_SWITCHED_OFF = frozenset({"off", "gray", "grey", "disable", "unable", "nolink"})
_FIRST = ("首页", "第一页", "first", "firstpage")
_PAGE_CHOICE = re.compile(r"^第?(\d{1,4})(?:页|/\d+页?)?$")
_TURNS_OTHER = re.compile(r"calendar|carousel|swiper|slick|banner|datepicker|date-picker")
_MONTH = re.compile(r"20\d\d年|(?<!\d)\d{1,2}月$")
_NEWS = re.compile(r"公告|消息|通知|活动|新闻|资讯|推荐|帮助|动态")
_OF_PAGER = re.compile(r"^[\d\W]*$|页|条|跳|到|共|总|显示|^(go|of|page|total|prev|previous|next)$", re.IGNORECASE)


def next_control(located: LocatedList) -> Node | None:
    """What turns to the next page, if there is one and it is not switched off; by word, by name, by number."""
    shot, number = located.part.shot, next_number(located)
    candidates = [n for n in shot.nodes if n.shown and n.clickable and located.is_beside(n)]
    for matches in (_says_next, _is_called_next, _points_on):
        named = [n for n in candidates if matches(shot, n) and belongs(located, n)]
        if named:
            usable = [n for n in named if not shot.is_disabled(n) and n.top is not False and _has_use(n)]
            # An arrow behind page numbers can lead to the next ten: a number says what it leads to.
            return number or (_closest(located, usable) if usable else None)
    return number or next_block(located) or behind_fraction(located)


def _closest(located: LocatedList, controls: list[Node]) -> Node:
    """The one that stands closest under the rows, else the last: below a list another one may have its own pager."""
    floor = located.floor
    under = [n for n in controls if n.box.cy >= floor]
    first = min((n.box.cy for n in under), default=0.0)
    return [n for n in under or controls if not under or n.box.cy - first < LINE_HEIGHT][-1]


def belongs(located: LocatedList, control: Node) -> bool:
    """True unless a control turns something else: a calendar, a carousel, the news, another list further down."""
    shot = located.part.shot
    for outer in shot.ancestors(control):
        if outer.tag == "body" or any(shot.holds(outer, r.root) for r in located.parsed.rows[:1]):
            break
        line = outer.frame_box.h <= LINE_HEIGHT
        pieces = [n.folded for n in shot.inside(outer) if n.text and not shot.holds(control, n)] if line else []
        if _TURNS_OTHER.search(outer.classes) or any(_MONTH.search(p) or _NEWS.search(p) for p in pieces):
            return False
        if list_words.bare_control(shot.words(control)) == "" and any(map(_is_foreign, pieces)):
            return False
    floor = located.floor
    return not any(
        (n.tag == "th" or n.role == "columnheader") and n.shown and floor < n.box.cy < control.box.cy
        for n in shot.nodes
    )


def _is_foreign(text: str) -> bool:
    """True for words that no pager has in it."""
    return not _OF_PAGER.search(text) and list_words.total_in(text) is None


def first_control(located: LocatedList) -> Node | None:
    """The number 1, or 首页, of a pager that opened on a later page."""
    shot = located.part.shot
    ones = [n for line in number_lines(located) for n in line if number_of(n) == 1]
    named = [
        n for n in shot.texts if vocabulary.is_one_of(list_words.bare_control(n.text), _FIRST) and belongs(located, n)
    ]
    return next((n for n in (*ones, *named) if shot.worked_by(n) and not shot.is_disabled(n)), None)


def page_select(located: LocatedList) -> Node | None:
    """The drop-down that holds the numbers of all pages: 1 2 3, or 第1页 第2页."""
    for node in located.part.shot.nodes:
        if node.kind == "select" and node.shown and len(node.options) > 1 and located.is_beside(node):
            found = [_PAGE_CHOICE.match(fold(o)) for o in node.options]
            if all(m and int(m[1]) == i for i, m in enumerate(found, 1)):
                return node
    return None


def has_pager(located: LocatedList) -> bool:
    """True if anything outside the rows says that it turns to the next page, usable or not."""
    shot = located.part.shot
    outside = [n for n in shot.nodes if n.shown and located.is_beside(n)]
    return any(_says_next(shot, n) or _is_called_next(shot, n) for n in outside)


def is_named(located: LocatedList, control: Node) -> bool:
    """True for a control that words, a name or page numbers mark as a pager's; a lone arrow may be a carousel's."""
    shot = located.part.shot
    if control.folded.isdigit():
        return True
    worded = _says_next(shot, control) and list_words.bare_control(shot.words(control)) != ""
    return worded or _is_called_next(shot, control) or _has_company(shot, control)


def looks_off(located: LocatedList, control: Node) -> bool:
    """True if a control wears the class of one that is switched off, which alone is no proof of it."""
    near = [control, *list(located.part.shot.ancestors(control))[:1]]
    return any(class_tokens(n) & _SWITCHED_OFF for n in near)


def more_control(located: LocatedList) -> Node | None:
    """The 加载更多 of a list: under its rows, with nothing but a count between them or beside it."""
    shot = located.part.shot
    found = [n for n in shot.texts if n.top is not False and list_words.loads_more(n.text)]
    usable = [n for n in found if shot.worked_by(n) and not shot.is_disabled(n) and _goes_on(located, n)]
    return usable[0] if usable else None


def _goes_on(located: LocatedList, control: Node) -> bool:
    floor = located.floor
    if control.box.cy < floor:
        return False
    shot = located.part.shot
    left, right = min(r.box.x for r in located.parsed.rows), max(r.box.right for r in located.parsed.rows)
    between = [
        n
        for n in shot.texts
        if floor <= n.box.cy <= control.box.bottom
        and n is not control
        and left <= n.box.cx <= right
        and n.top is not False
    ]
    return all(not located.is_beside(n) or not _is_foreign(n.folded) for n in between if not shot.holds(control, n))


def _has_use(node: Node) -> bool:
    return not (node.tag == "a" and "href" not in node.attrs and "disabled" in node.classes)


def _says_next(shot: Snapshot, node: Node) -> bool:
    text = shot.words(node) if len(node.text) < 20 else ""
    return vocabulary.is_one_of(text, list_words.NEXT) or vocabulary.is_one_of(
        list_words.bare_control(text), list_words.NEXT
    )


def _is_called_next(shot: Snapshot, node: Node) -> bool:
    # An icon without a name has only its class, such as ant-pagination-next or btn-next; a carousel's is no pager's.
    named = vocabulary.is_one_of(node.name, list_words.NEXT) or vocabulary.is_one_of(
        node.attrs.get("data-label", ""), list_words.NEXT
    )
    around = [node, *list(shot.ancestors(node))[:3]]
    paged = any("pag" in n.classes or n.attrs.get("aria-label", "").lower().startswith("pag") for n in around)
    by_class = "next" in node.classes and "jump" not in node.classes and paged
    icon = (
        any("next" in n.classes or "right" in n.classes for n in shot.inside(node)) and paged and not shot.words(node)
    )
    return named or by_class or icon


def _points_on(shot: Snapshot, node: Node) -> bool:
    """True for a » among other pieces of a pager. If a › stands beside it, that one is next and » is the last."""
    return fold(shot.words(node)) in list_words.FAR_NEXT and _has_company(shot, node, twin=True)


def _has_company(shot: Snapshot, node: Node, *, twin: bool = False) -> bool:
    """True if page numbers or 上一页 stand in one line with a control, and nothing of a calendar's; with `twin` its
    « is enough.
    """
    for outer in list(shot.ancestors(node))[:4]:
        if outer.frame_box.h > LINE_HEIGHT or outer.tag == "body":
            return False
        pieces = [n.folded for n in shot.inside(outer) if n.text and not shot.holds(node, n)]
        if CALENDAR.search(outer.classes) or any(re.search(r"[年月]", p) for p in pieces):
            return False
        if any(is_page_number(p) or list_words.bare_control(p) in list_words.PAGER for p in pieces):
            return True
        if twin and any(p in list_words.BACKWARDS for p in pieces):
            return True
    return False


def leftover(located: LocatedList) -> str | None:
    """What looks like a way to a further page though next_control() understands none; None if nothing does."""
    shot = located.part.shot
    for line in number_lines(located):
        if is_pager_line(shot, line) and current_number(shot, line) is None and not has_pager(located):
            return " ".join(n.text for n in line)
    for node in shot.texts:
        short = len(node.folded) <= 12 and "下一页" in node.folded and located.is_beside(node)
        if short and shot.worked_by(node) and not shot.is_disabled(node) and node.top is not False:
            understood = any(_says_next(shot, n) for n in [node, *list(shot.ancestors(node))[:3]])
            if not understood and not _is_instead(shot, node):
                return node.text
    return None


def _is_instead(shot: Snapshot, node: Node) -> bool:
    worked = shot.worked_by(node)
    return worked is not None and worked.kind is not None
