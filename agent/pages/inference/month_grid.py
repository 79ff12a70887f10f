"""Reads drawn calendars: which months are shown, where their days stand, and the arrows in their head."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from agent.pages.inference.overlays import appeared
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

if TYPE_CHECKING:
    from playwright.async_api import Frame

_EARLY = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHINESE = ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月")
_WEEKDAY = re.compile(r"(周|星期|礼拜)?[日一二三四五六]|(su|mo|tu|we|th|fr|sa)[a-z]{0,7}\.?", re.IGNORECASE)
_YEAR = re.compile(r"((?:19|20)\d\d)年?")
_FEWEST, _MOST = 28, 44
Known = Mapping["Frame", frozenset[int]]


@dataclass(frozen=True, slots=True)
class Section:
    """One month of an open calendar: its days in reading order, and the arrows above them from left to right."""

    part: FrameSnapshot
    months: int
    days: tuple[Node, ...]
    arrows: tuple[Node, ...]
    label: Node

    def day(self, number: int) -> Node | None:
        """The cell of a day. What stands before the first 1 belongs to the month before."""
        numbers = [_number(n) for n in self.days]
        first = numbers.index(1) if 1 in numbers else len(numbers)
        return next((n for n, is_it in zip(self.days[first:], numbers[first:], strict=True) if is_it == number), None)


def _number(node: Node) -> int:
    return int(re.sub(r"\D", "", node.folded))


def find_sections(snapshot: PageSnapshot, before: Known) -> list[Section]:
    """The months of a calendar that appeared since `before`; empty if none did."""
    for part in reversed(snapshot.parts):
        new = appeared(part, before)
        days = _days(new)
        if len(days) < _FEWEST:
            continue
        stacked = [s for months, label in month_labels(part, before) if (s := _around(part, new, days, months, label))]
        sections = _distinct(stacked) or _single(part, new, days)
        if sections:
            return sections
    return []


def _distinct(sections: list[Section]) -> list[Section]:
    """Each month once: a heading that stays above scrolled months repeats the label of one of them."""
    found: dict[int, Section] = {}
    for section in sections:
        found.setdefault(section.months, section)
    return sorted(found.values(), key=lambda s: s.months)


def _days(new: list[Node]) -> list[Node]:
    """Numbers of days below the names of the weekdays: hours and numbers of weeks stand beside them."""
    days = [n for n in new if re.fullmatch(r"0?[1-9]日?|[12]\d日?|3[01]日?", n.folded)]
    # Some draw the number of the month, large and pale, behind its days.
    days = [n for n in days if n.size <= 2 * median(d.size for d in days)]
    names = [n for n in new if n.text and _WEEKDAY.fullmatch(n.folded)]
    if len(names) < 7:
        return days
    centres = sorted(n.box.cx for n in names)
    reach = max(20.0, (centres[-1] - centres[0]) / (len(names) - 1) * 0.6)
    top = min(n.box.y for n in names)
    return [n for n in days if n.box.cy > top and any(abs(n.box.cx - c) <= reach for c in centres)] or days


def month_labels(part: FrameSnapshot, before: Known) -> list[tuple[int, Node]]:
    """The words that name a month with its year, as months since the year 0."""
    found = ((month_of(text_of(n)), n) for n in appeared(part, before) if 4 < len(text_of(n)) < 20)
    return [(months, n) for months, n in found if months is not None]


def text_of(node: Node) -> str:
    """What a part of the head says: its words, or what is chosen in it."""
    return node.folded or (node.chosen or node.value or "").replace(" ", "")


def month_of(text: str) -> int | None:
    """2024年6月, 2024-06, June 2024, 六月, 2024 as months; None for anything else, a whole date too."""
    year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
    if year is None:
        return None
    month = _month_number((text[: year.start()] + " " + text[year.end() :]).strip(" 年/.,-·"))
    return None if month is None else int(year[0]) * 12 + month - 1


def _month_number(word: str) -> int | None:
    word = word.lower().strip()
    if match := re.fullmatch(r"(\d{1,2})月?", word):
        return int(match[1]) if 1 <= int(match[1]) <= 12 else None
    if word in _CHINESE:
        return _CHINESE.index(word) + 1
    return _EARLY.index(word[:3]) + 1 if word.isalpha() and word[:3] in _EARLY else None


def _around(part: FrameSnapshot, new: list[Node], days: list[Node], months: int, label: Node) -> Section | None:
    """The month that a label heads: the smallest element around the label that holds a month of days."""
    for outer in part.shot.ancestors(label):
        inside = [d for d in days if part.shot.holds(outer, d) and d.box.cy > label.box.cy]
        if len(inside) >= _FEWEST:
            return _section(part, new, inside, months, label) if len(inside) <= _MOST else None
    return None


def _section(part: FrameSnapshot, new: list[Node], days: list[Node], months: int, label: Node) -> Section:
    ordered = tuple(sorted(days, key=lambda n: (round(n.box.cy / 8), n.box.cx)))
    return Section(part, months, ordered, _arrows(part, new, ordered[0], label), label)


def _arrows(part: FrameSnapshot, new: list[Node], first: Node, label: Node) -> tuple[Node, ...]:
    """What can be pressed beside the label and has no words, or only < and »."""
    head = [n for n in new if _can_be_pressed(n) and n.top is not False and n.frame_box.cy < first.frame_box.y]
    head = [n for n in head if abs(n.frame_box.cy - label.frame_box.cy) < 24 and 4 < n.frame_box.w < 64]
    head = [
        n for n in head if n.kind is None and not re.search(r"\w", part.shot.words(n)) and not part.shot.is_disabled(n)
    ]
    outer = [n for n in head if not any(o is not n and part.shot.holds(o, n) for o in head)]
    return tuple(sorted(outer, key=lambda n: n.frame_box.cx))


def _can_be_pressed(node: Node) -> bool:
    # In a panel that is clickable as a whole, what can be clicked in it does not stand out.
    return node.clickable or node.tag in ("i", "svg", "img")


def _single(part: FrameSnapshot, new: list[Node], days: list[Node]) -> list[Section]:
    """A calendar that names year and month apart, in words, boxes or selects."""
    top = min(d.box.y for d in days)
    head = [n for n in new if n.box.cy < top and n.top is not False and text_of(n) and n.box.cy > top - 160]
    years = [(int(y[1]), n) for n in head if (y := _YEAR.fullmatch(text_of(n)))]
    months = [(m, n) for n in head if not _WEEKDAY.fullmatch(text_of(n)) and (m := _month_number(text_of(n)))]
    months = [(m, n) for m, n in months if not text_of(n).isdigit() or n.kind is not None]
    if not years or not months or len(days) > _MOST + 20:
        return []
    return [_section(part, new, days, years[0][0] * 12 + months[0][0] - 1, years[0][1])]


def is_year(node: Node) -> int | None:
    """The year that an entry of a list of years stands for."""
    match = _YEAR.fullmatch(node.folded)
    return int(match[1]) if match else None


def is_month(node: Node) -> int | None:
    """The month that an entry of a list of months stands for."""
    return _month_number(node.folded) if not node.folded.isdigit() else None


def in_list(nodes: list[Node], member: Callable[[Node], int | None], wanted: int) -> Node | None:
    """The wanted one of a list of at least six years or months; None if there is no such list."""
    entries = [(value, n) for n in nodes if n.text and (value := member(n)) is not None]
    if len({v for v, _ in entries}) < 6:
        return None
    return next((n for v, n in reversed(entries) if v == wanted), None)
