"""The page numbers of a pager, 1 2 3 …: which of them is open, and which one leads on."""

import re
from itertools import pairwise

from agent.pages import list_words
from agent.pages.inference.located_list import LocatedList
from agent.pages.snapshot import Node, Snapshot

_MARKS = ("active", "current", "selected", "checked")
_SHORT_MARKS = frozenset({"on", "cur", "curr", "now", "here", "this", "thispage", "act", "sel"})
# How far page numbers that belong together can stand apart, in pixels.
NUMBERS_APART = 70
_BLOCK = re.compile(r"\.\.\.|…|···|[下后](\d+|[五十])页|向后\d+页|[下后]一?组")
CALENDAR = re.compile(r"calendar|date|picker|carousel|swiper|slick|banner")


def next_block(located: LocatedList) -> Node | None:
    """What brings further page numbers behind the last one: …, 下10页."""
    shot = located.part.shot
    for line in number_lines(located):
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
    for line in number_lines(located):
        current = current_number(shot, line)
        if current is not None and _follow(line) and is_pager_line(shot, line):
            return number_of(current)
    return None


def is_page_number(text: str) -> bool:
    """Return True for digits of which a page's number has no more."""
    return text.isdigit() and len(text) <= 3


def number_lines(located: LocatedList) -> list[list[Node]]:
    """The rows of numbers 1 2 3 … outside the list, in the order in which they stand."""
    shot = located.part.shot
    numbers = [n for n in shot.texts if is_page_number(list_words.bare_control(n.folded)) and located.is_beside(n)]
    lines = {round(n.box.cy / 8): [m for m in numbers if abs(m.box.cy - n.box.cy) < 8] for n in numbers}
    found = [sorted(line, key=lambda n: n.box.x) for line in lines.values()]
    return [line for line in found if len(line) >= 2 and (min(map(number_of, line)) == 1 or _is_block(shot, line))]


def _is_block(shot: Snapshot, line: list[Node]) -> bool:
    """True for 11 12 13 …: further page numbers of a pager that shows ten at a time."""
    return number_of(line[0]) > 1 and _follow(line) and is_pager_line(shot, line)


def _follow(line: list[Node]) -> bool:
    return all(number_of(b) - number_of(a) == 1 for a, b in pairwise(line[:3]))


def number_of(node: Node) -> int:
    """Return the number that a node of number_lines() shows."""
    return int(list_words.bare_control(node.folded))


def next_number(located: LocatedList) -> Node | None:
    """The number after the current one, in a row of page numbers."""
    shot = located.part.shot
    for line in number_lines(located):
        current = current_number(shot, line)
        if current is not None:
            wanted = number_of(current) + 1
            return next((n for n in line if number_of(n) == wanted and shot.worked_by(n)), None)
    return None


def highest_number(located: LocatedList) -> int:
    """The highest page number that a pager offers; 0 without any."""
    return max((number_of(n) for line in number_lines(located) for n in line), default=0)


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
        or bool(class_tokens(n) & _SHORT_MARKS)
        for n in own
    )


def _is_unworked(shot: Snapshot, node: Node, _line: list[Node]) -> bool:
    return shot.worked_by(node) is None


def _is_alone_bold(_shot: Snapshot, node: Node, line: list[Node]) -> bool:
    return node.bold and sum(n.bold for n in line) == 1


def class_tokens(node: Node) -> set[str]:
    """Return the single words of an element's classes: `is-active` gives `is` and `active`."""
    return set(re.split(r"[\s_-]+", node.classes))


def is_pager_line(shot: Snapshot, line: list[Node]) -> bool:
    """True for 1 2 3 side by side in elements of one kind that can be clicked, which no calendar holds."""
    close = all(b.box.x - a.box.right < NUMBERS_APART for a, b in pairwise(line))
    worked = [n for n in line if shot.worked_by(n)]
    around = [a for n in line[:1] for a in list(shot.ancestors(n))[:5]]
    plain = not any(CALENDAR.search(a.classes) or a.role == "grid" for a in around)
    alike = len({n.tag for n in worked}) == 1
    return _follow(line) and close and plain and alike and len(worked) >= len(line) - 1
