"""Picks a day in a drawn calendar: turns to its month by the arrows in the panel's head and clicks the day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from playwright.async_api import Frame

from agent.pages.overlays import appeared
from agent.pages.snapshot import Node
from agent.pages.window import Part, View, Window

_SECONDS = 5.0
_MAX_TURNS = 400
_EARLY = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}


@dataclass(frozen=True, slots=True)
class Panel:
    """An open calendar: the month that it shows, its days, and the arrows in its head from left to right."""

    part: Part
    year: int
    month: int
    days: tuple[Node, ...]
    arrows_left: tuple[Node, ...]
    arrows_right: tuple[Node, ...]

    @property
    def months(self) -> int:
        return self.year * 12 + self.month - 1


def find_panel(view: View, before: Mapping[Frame, frozenset[int]]) -> Panel | None:
    """The calendar that appeared since `before`, or None."""
    for part in reversed(view.parts):
        new = [n for n in appeared(part, before) if n.top is not False]
        days = [n for n in new if re.fullmatch(r"\d{1,2}", n.folded)]
        if len(days) < 28:  # noqa: PLR2004
            continue
        top = min(d.box.y for d in days)
        # A kit that shows two months side by side: only the left one counts.
        head = [n for n in new if n.box.cy < top and (n.text or n.clickable)]
        label = _month(head)
        if label is None:
            continue
        year, month, node = label
        arrows = [n for n in head if n.clickable and abs(n.frame_box.cy - node.box.cy) < 20 and n.frame_box.w < 60]  # noqa: PLR2004
        arrows = [n for n in arrows if not re.search(r"\d|年|月", part.shot.words(n))]
        left = sorted((n for n in arrows if n.frame_box.cx < node.box.cx), key=lambda n: n.frame_box.x)
        right = sorted((n for n in arrows if n.frame_box.cx > node.box.cx), key=lambda n: n.frame_box.x)
        return Panel(part, year, month, tuple(days), tuple(left), tuple(right))
    return None


def _month(head: list[Node]) -> tuple[int, int, Node] | None:
    """Year and month in the panel's head, written in one text or in two."""
    year = month = None
    node: Node | None = None
    for one in sorted(head, key=lambda n: (n.box.y, n.box.x)):
        text = one.folded.lower()
        if both := re.fullmatch(r"(\d{4})[年/.-]?(\d{1,2})月?", text):
            return int(both[1]), int(both[2]), one
        if only := re.fullmatch(r"(\d{4})年?", text):
            year, node = int(only[1]), one
        elif only := re.fullmatch(r"(\d{1,2})月", text):
            month = int(only[1])
        elif text in _CHINESE_MONTHS:
            month = _CHINESE_MONTHS.index(text) + 1
        elif text[:3] in _EARLY:
            month = _EARLY[text[:3]]
            if tail := re.search(r"\d{4}$", text):
                return int(tail[0]), month, one
    return (year, month, node) if year and month and node else None


_CHINESE_MONTHS = ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月")


async def pick_day(window: Window, view: View, before: Mapping[Frame, frozenset[int]], day: date) -> bool:
    """True once the day was clicked; false where no calendar is open or it does not turn."""
    for _ in range(_MAX_TURNS):
        panel = find_panel(view, before)
        if panel is None:
            return False
        away = day.year * 12 + day.month - 1 - panel.months
        if away == 0:
            target = _day(panel, day)
            if target is not None:
                await window.click(panel.part, target)
            return target is not None
        arrow = _arrow(panel, away)
        if arrow is None:
            return False
        await window.click(panel.part, arrow)
        turned = await window.settled(_SECONDS)
        after = find_panel(turned, before)
        if after is not None and after.months == panel.months:
            return False
        view = turned
    return False


def _arrow(panel: Panel, away: int) -> Node | None:
    """The arrow that brings the month nearer: the outer one of two turns by a year."""
    arrows = panel.arrows_left if away < 0 else tuple(reversed(panel.arrows_right))
    if not arrows:
        return None
    by_year = len(arrows) > 1 and abs(away) >= 12  # noqa: PLR2004
    return arrows[0] if by_year else arrows[-1]


def _day(panel: Panel, day: date) -> Node | None:
    """The cell of the day: what carries its full date, else its number among those of the month itself."""
    iso, short = day.isoformat(), f"{day.year}-{day.month}-{day.day}"
    shot = panel.part.shot
    for node in panel.days:
        around = [node, *list(shot.ancestors(node))[:2]]
        if any(v in (iso, short) for n in around for v in n.attrs.values()) and node.folded.lstrip("0") == str(day.day):
            return node
    same = [n for n in panel.days if n.folded.lstrip("0") == str(day.day)]
    if len(same) > 1:
        # The last days of the month before stand first, the first days of the next month last.
        same = same[1:] if day.day > 15 and len(same) == 2 and _leads(panel, same[0]) else same  # noqa: PLR2004
    return same[0] if same else None


def _leads(panel: Panel, node: Node) -> bool:
    first = next((n for n in panel.days if n.folded.lstrip("0") == "1"), None)
    return first is not None and node.index < first.index
