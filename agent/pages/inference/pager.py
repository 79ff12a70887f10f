"""The pager of a list: which of its controls brings the next page, how many pages it states, and what is left of it."""

import re
from itertools import pairwise

from agent.domain.text import fold
from agent.pages import list_words, vocabulary
from agent.pages.inference.located_list import LocatedList
from agent.pages.snapshot import Node, Snapshot

_MARKS = ("active", "current", "selected", "checked")
_SHORT_MARKS = frozenset({"on", "cur", "curr", "now", "here", "this", "thispage", "act", "sel"})
_SWITCHED_OFF = frozenset({"off", "gray", "grey", "disable", "unable", "nolink"})
_NUMBERS_APART = 70
_LINE = 80
_ABOVE = 200
_FIRST = ("首页", "第一页", "first", "firstpage")
_BLOCK = re.compile(r"\.\.\.|…|···|[下后](\d+|[五十])页|向后\d+页|[下后]一?组")
_PAGE_CHOICE = re.compile(r"^第?(\d{1,4})(?:页|/\d+页?)?$")
_TURNS_OTHER = re.compile(r"calendar|carousel|swiper|slick|banner|datepicker|date-picker")
_MONTH = re.compile(r"20\d\d年|(?<!\d)\d{1,2}月$")
_NEWS = re.compile(r"公告|消息|通知|活动|新闻|资讯|推荐|帮助|动态")
_OF_PAGER = re.compile(r"^[\d\W]*$|页|条|跳|到|共|总|显示|^(go|of|page|total|prev|previous|next)$", re.IGNORECASE)
_CALENDAR = re.compile(r"calendar|date|picker|carousel|swiper|slick|banner")


def next_control(located: LocatedList) -> Node | None:
    """What turns to the next page, if there is one and it is not switched off; by word, by name, by number."""
    shot, number = located.part.shot, next_number(located)
    candidates = [n for n in shot.nodes if n.shown and n.clickable and is_outside(n, located)]
    for matches in (_says_next, _is_called_next, _points_on):
        named = [n for n in candidates if matches(shot, n) and belongs(located, n)]
        if named:
            usable = [n for n in named if not shot.is_disabled(n) and n.top is not False and _has_use(n)]
            # An arrow behind page numbers can lead to the next ten: a number says what it leads to.
            return number or (_closest(located, usable) if usable else None)
    return number or next_block(located) or _behind_fraction(located)


def _closest(located: LocatedList, controls: list[Node]) -> Node:
    """The one that stands closest under the rows, else the last: below a list another one may have its own pager."""
    floor = _floor(located)
    under = [n for n in controls if n.box.cy >= floor]
    first = min((n.box.cy for n in under), default=0.0)
    return [n for n in under or controls if not under or n.box.cy - first < _LINE][-1]


def _floor(located: LocatedList) -> float:
    return max((r.box.bottom for r in located.listing.rows), default=located.listing.top) - 2


def belongs(located: LocatedList, control: Node) -> bool:
    """True unless a control turns something else: a calendar, a carousel, the news, another list further down."""
    shot = located.part.shot
    for outer in shot.ancestors(control):
        if outer.tag == "body" or any(shot.holds(outer, r.root) for r in located.listing.rows[:1]):
            break
        line = outer.frame_box.h <= _LINE
        pieces = [n.folded for n in shot.inside(outer) if n.text and not shot.holds(control, n)] if line else []
        if _TURNS_OTHER.search(outer.classes) or any(_MONTH.search(p) or _NEWS.search(p) for p in pieces):
            return False
        if list_words.bare_control(shot.words(control)) == "" and any(map(_is_foreign, pieces)):
            return False
    floor = _floor(located)
    return not any(
        (n.tag == "th" or n.role == "columnheader") and n.shown and floor < n.box.cy < control.box.cy
        for n in shot.nodes
    )


def _is_foreign(text: str) -> bool:
    """True for words that no pager has in it."""
    return not _OF_PAGER.search(text) and list_words.total_in(text) is None


def next_block(located: LocatedList) -> Node | None:
    """What brings further page numbers behind the last one: …, 下10页."""
    shot = located.part.shot
    for line in _number_lines(located):
        last = line[-1]
        if current_number(shot, line) is not last or not _follow(line):
            continue
        behind = [n for n in shot.texts if n.box.x > last.box.x and abs(n.box.cy - last.box.cy) < 8]
        found = [n for n in behind if _BLOCK.fullmatch(n.folded) and shot.worked_by(n) and not shot.is_disabled(n)]
        if found:
            return found[0]
    return None


def open_page(located: LocatedList) -> int | None:
    """The number of the page that is open, as its pager marks it; None if that is not certain."""
    shot = located.part.shot
    for line in _number_lines(located):
        current = current_number(shot, line)
        if current is not None and _follow(line) and _is_pager_line(shot, line):
            return _number(current)
    return None


def first_control(located: LocatedList) -> Node | None:
    """The number 1, or 首页, of a pager that opened on a later page."""
    shot = located.part.shot
    ones = [n for line in _number_lines(located) for n in line if _number(n) == 1]
    named = [
        n for n in shot.texts if vocabulary.is_one_of(list_words.bare_control(n.text), _FIRST) and belongs(located, n)
    ]
    return next((n for n in (*ones, *named) if shot.worked_by(n) and not shot.is_disabled(n)), None)


def page_select(located: LocatedList) -> Node | None:
    """The drop-down that holds the numbers of all pages: 1 2 3, or 第1页 第2页."""
    for node in located.part.shot.nodes:
        if node.kind == "select" and node.shown and len(node.options) > 1 and is_outside(node, located):
            found = [_PAGE_CHOICE.match(fold(o)) for o in node.options]
            if all(m and int(m[1]) == i for i, m in enumerate(found, 1)):
                return node
    return None


def has_pager(located: LocatedList) -> bool:
    """True if anything outside the rows says that it turns to the next page, usable or not."""
    shot = located.part.shot
    outside = [n for n in shot.nodes if n.shown and is_outside(n, located)]
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
    return any(_tokens(n) & _SWITCHED_OFF for n in near)


def more_control(located: LocatedList) -> Node | None:
    """The 加载更多 of a list: under its rows, with nothing but a count between them or beside it."""
    shot = located.part.shot
    found = [n for n in shot.texts if n.top is not False and list_words.loads_more(n.text)]
    usable = [n for n in found if shot.worked_by(n) and not shot.is_disabled(n) and _goes_on(located, n)]
    return usable[0] if usable else None


def _goes_on(located: LocatedList, control: Node) -> bool:
    floor = _floor(located)
    if control.box.cy < floor:
        return False
    shot = located.part.shot
    left, right = min(r.box.x for r in located.listing.rows), max(r.box.right for r in located.listing.rows)
    between = [
        n
        for n in shot.texts
        if floor <= n.box.cy <= control.box.bottom
        and n is not control
        and left <= n.box.cx <= right
        and n.top is not False
    ]
    return all(not is_outside(n, located) or not _is_foreign(n.folded) for n in between if not shot.holds(control, n))


def is_outside(node: Node, located: LocatedList) -> bool:
    """True for what is in no row of the list."""
    return not any(located.part.shot.holds(r.root, node) for r in located.listing.rows)


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
    """True for a » among other pieces of a pager. Where a › stands beside it, that one is next and » is the last."""
    return fold(shot.words(node)) in list_words.FAR_NEXT and _has_company(shot, node, twin=True)


def _has_company(shot: Snapshot, node: Node, *, twin: bool = False) -> bool:
    """True if page numbers or 上一页 stand in one line with a control, and nothing of a calendar's; with `twin` its
    « is enough.
    """
    for outer in list(shot.ancestors(node))[:4]:
        if outer.frame_box.h > _LINE or outer.tag == "body":
            return False
        pieces = [n.folded for n in shot.inside(outer) if n.text and not shot.holds(node, n)]
        if _CALENDAR.search(outer.classes) or any(re.search(r"[年月]", p) for p in pieces):
            return False
        if any(_is_page_number(p) or list_words.bare_control(p) in list_words.PAGER for p in pieces):
            return True
        if twin and any(p in list_words.BACKWARDS for p in pieces):
            return True
    return False


def _is_page_number(text: str) -> bool:
    return text.isdigit() and len(text) <= 3


def _number_lines(located: LocatedList) -> list[list[Node]]:
    """The rows of numbers 1 2 3 … outside the list, in the order in which they stand."""
    shot = located.part.shot
    numbers = [n for n in shot.texts if _is_page_number(list_words.bare_control(n.folded)) and is_outside(n, located)]
    lines = {round(n.box.cy / 8): [m for m in numbers if abs(m.box.cy - n.box.cy) < 8] for n in numbers}
    found = [sorted(line, key=lambda n: n.box.x) for line in lines.values()]
    return [line for line in found if len(line) >= 2 and (min(map(_number, line)) == 1 or _is_block(shot, line))]


def _is_block(shot: Snapshot, line: list[Node]) -> bool:
    """True for 11 12 13 …: further page numbers of a pager that shows ten at a time."""
    return _number(line[0]) > 1 and _follow(line) and _is_pager_line(shot, line)


def _follow(line: list[Node]) -> bool:
    return all(_number(b) - _number(a) == 1 for a, b in pairwise(line[:3]))


def _number(node: Node) -> int:
    return int(list_words.bare_control(node.folded))


def next_number(located: LocatedList) -> Node | None:
    """The number after the current one, in a row of page numbers."""
    shot = located.part.shot
    for line in _number_lines(located):
        current = current_number(shot, line)
        if current is not None:
            wanted = _number(current) + 1
            return next((n for n in line if _number(n) == wanted and shot.worked_by(n)), None)
    return None


def highest_number(located: LocatedList) -> int:
    """The highest page number that a pager offers; 0 without any."""
    return max((_number(n) for line in _number_lines(located) for n in line), default=0)


def current_number(shot: Snapshot, line: list[Node]) -> Node | None:
    """The one of several page numbers that is drawn as the page that is open; None if none or several are."""
    for is_it in (_is_marked, _is_unworked, _is_alone_bold):
        found = [n for n in line if is_it(shot, n, line)]
        if len(found) == 1:
            return found[0]
    return None


def _is_marked(shot: Snapshot, node: Node, line: list[Node]) -> bool:
    around = [node, *list(shot.ancestors(node))[:2]]
    own = [n for n in around if sum(shot.holds(n, m) for m in line) == 1]
    return any(
        n.attrs.get("aria-current", "false") != "false"
        or any(w in n.classes for w in _MARKS)
        or bool(_tokens(n) & _SHORT_MARKS)
        for n in own
    )


def _is_unworked(shot: Snapshot, node: Node, _line: list[Node]) -> bool:
    return shot.worked_by(node) is None


def _is_alone_bold(_shot: Snapshot, node: Node, line: list[Node]) -> bool:
    return node.bold and sum(n.bold for n in line) == 1


def _tokens(node: Node) -> set[str]:
    return set(re.split(r"[\s_-]+", node.classes))


def pages_stated(located: LocatedList) -> tuple[int | None, int] | None:
    """The open page, if it is said, and the count of pages: 第 1/2 页, 共 3 页, 1/2 beside 下一页; None without."""
    shot = located.part.shot
    for node in shot.nodes:
        if not node.shown or not is_outside(node, located) or node.frame_box.h > _LINE:
            continue
        text = _short_words(shot, node)
        stated = list_words.pages_in(text) or (list_words.fraction_of(node.text) if _is_pagers(located, node) else None)
        if stated is not None:
            return stated
    return None


def _behind_fraction(located: LocatedList) -> Node | None:
    """What turns on in a pager of 1/3 between two icons: the one behind it, unless it is switched off."""
    shot = located.part.shot
    found = (arrows for n in shot.texts if list_words.fraction_of(n.text) and (arrows := _arrows_by(located, n)))
    behind = next((behind for _, behind in found), None)
    return behind if behind is not None and not shot.is_disabled(behind) and behind.top is not False else None


def _arrows_by(located: LocatedList, fraction: Node) -> tuple[Node, Node] | None:
    """The two controls without words closely before and behind a fraction under the rows; None without them."""
    shot, box = located.part.shot, fraction.box
    if box.cy < _floor(located) or not is_outside(fraction, located):
        return None
    line = [n for n in shot.nodes if n.shown and n.clickable and abs(n.box.cy - box.cy) < _LINE / 4]
    line = [n for n in line if not shot.words(n) and n.kind in (None, "button", "submit")]
    before = [n for n in line if 0 <= box.x - n.box.right < _NUMBERS_APART]
    behind = [n for n in line if 0 <= n.box.x - box.right < _NUMBERS_APART]
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
        if outer.frame_box.h > _LINE or outer.tag == "body":
            return False
        if any(list_words.bare_control(n.folded) in list_words.PAGER for n in shot.inside(outer) if n.text):
            return True
    return False


def leftover(located: LocatedList) -> str | None:
    """What looks like a way to a further page though next_control() understands none; None if nothing does."""
    shot = located.part.shot
    for line in _number_lines(located):
        if _is_pager_line(shot, line) and current_number(shot, line) is None and not has_pager(located):
            return " ".join(n.text for n in line)
    for node in shot.texts:
        short = len(node.folded) <= 12 and "下一页" in node.folded and is_outside(node, located)
        if short and shot.worked_by(node) and not shot.is_disabled(node) and node.top is not False:
            understood = any(_says_next(shot, n) for n in [node, *list(shot.ancestors(node))[:3]])
            if not understood and not _is_instead(shot, node):
                return node.text
    return None


def _is_instead(shot: Snapshot, node: Node) -> bool:
    worked = shot.worked_by(node)
    return worked is not None and worked.kind is not None


def _is_pager_line(shot: Snapshot, line: list[Node]) -> bool:
    """True for 1 2 3 side by side in elements of one kind that can be clicked, which no calendar holds."""
    close = all(b.box.x - a.box.right < _NUMBERS_APART for a, b in pairwise(line))
    worked = [n for n in line if shot.worked_by(n)]
    around = [a for n in line[:1] for a in list(shot.ancestors(n))[:5]]
    plain = not any(_CALENDAR.search(a.classes) or a.role == "grid" for a in around)
    alike = len({n.tag for n in worked}) == 1
    return _follow(line) and close and plain and alike and len(worked) >= len(line) - 1
