"""Picks a day in a drawn calendar: turns to its month by arrows, lists of years and months, or by scrolling.

What an arrow does is learned by pressing it: kits put arrows of months and years left, right, or around each word.
"""

import re
from collections.abc import Mapping
from datetime import date

from playwright.async_api import Frame

from agent.pages.inference.month_grid import Section, find_sections, in_list, is_month, is_year, month_labels
from agent.pages.inference.overlays import appeared
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import click_at, wheel_at
from agent.pages.snapshot import Node
from agent.pages.view import PageSnapshot

__all__ = ["Turner", "find_sections", "pick_day"]

_SECONDS = 4.0
_MAX_TURNS = 150
_FURTHEST = 600
_SCROLL = 700
Known = Mapping[Frame, frozenset[int]]


async def pick_day(page: LivePage, snapshot: PageSnapshot, before: Known, day: date) -> bool:
    """True once the day was clicked; false if no calendar is open or it does not turn."""
    turner = Turner(_months(day))
    for _ in range(_MAX_TURNS):
        sections = find_sections(snapshot, before)
        wanted = next((s for s in sections if s.months == _months(day)), None)
        if wanted is not None:
            target = wanted.day(day.day)
            if target is not None:
                await page.click(wanted.part, target)
            return target is not None
        if not await _nearer(page, snapshot, before, day, turner):
            return False
        snapshot = await page.settled(_SECONDS)
    return False


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


async def _nearer(page: LivePage, snapshot: PageSnapshot, before: Known, day: date, turner: "Turner") -> bool:
    """One step towards the month: false if there is none left to take."""
    sections = find_sections(snapshot, before)
    if not sections:
        return await _choose_in_list(page, snapshot, before, day)
    if await _scroll_to_label(page, snapshot, before, day):
        return True
    turner.learn(sections[0].months)
    arrow = turner.next(sections[0])
    if arrow is not None:
        return await click_at(page, sections[0].part, arrow)
    # Without arrows either the months lie below one another, or a click on the year opens a list of years.
    return await _scroll(page, sections, day) or await _open_list(page, sections[0])


async def _choose_in_list(page: LivePage, snapshot: PageSnapshot, before: Known, day: date) -> bool:
    """Where years or months are offered in place of days, chooses among them."""
    for part in reversed(snapshot.parts):
        new = [n for n in appeared(part, before) if n.top is not False]
        for member, wanted in ((is_year, day.year), (is_month, day.month)):
            found = in_list(new, member, wanted)
            if found is not None:
                await page.click(part, found)
                return True
    return False


async def _scroll_to_label(page: LivePage, snapshot: PageSnapshot, before: Known, day: date) -> bool:
    """Where months stand one below another, brings the wanted one into sight, so that its days are drawn."""
    for part in reversed(snapshot.parts):
        labels = month_labels(part, before)
        found = [n for months, n in labels if months == _months(day) and n.top is not True]
        if len({m for m, _ in labels}) > 2 and found:
            await (await page.element(part, found[0])).scroll_into_view_if_needed(timeout=5000)
            after = await page.settled(_SECONDS)
            return after.fingerprint != snapshot.fingerprint
    return False


async def _scroll(page: LivePage, sections: list[Section], day: date) -> bool:
    """Scroll months that stand one below another and are drawn only when they come near."""
    before = await page.look()
    nearest = min(sections, key=lambda s: abs(s.months - _months(day)))
    seen = [n for n in nearest.days if n.top] or list(nearest.days)
    by = _SCROLL if _months(day) > nearest.months else -_SCROLL
    await wheel_at(page, nearest.part, seen[len(seen) // 2], by)
    return (await page.settled(_SECONDS)).fingerprint != before.fingerprint


async def _open_list(page: LivePage, section: Section) -> bool:
    before = await page.look()
    await click_at(page, section.part, section.label)
    return (await page.settled(_SECONDS)).fingerprint != before.fingerprint


class Turner:
    """Chooses the arrow that brings a month nearer, and learns what each of them does."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._effects: dict[int, int] = {}
        self._pressed: tuple[int, int] | None = None

    def learn(self, months: int) -> None:
        """Note what the last arrow did, now that this month is shown."""
        if self._pressed is not None:
            place, before = self._pressed
            moved = months - before
            # A jump of years is a list that opened, not an arrow.
            self._effects[place] = moved if abs(moved) in (1, 2, 12, 120) else 0
        self._pressed = None

    def next(self, section: Section) -> Node | None:
        """The arrow to press now; None if none is left to try."""
        away = self._wanted - section.months
        if abs(away) > _FURTHEST:
            return None
        arrows = section.arrows
        effects = [self._effects.get(i, _guess(a, i, len(arrows))) for i, a in enumerate(arrows)]
        nearer = [i for i, e in enumerate(effects) if e and abs(away - e) < abs(away)]
        untried = [i for i in range(len(arrows)) if i not in self._effects]
        place = min(nearer, key=lambda i: abs(away - effects[i])) if nearer else next(iter(untried), None)
        if place is None:
            return None
        self._pressed = (place, section.months)
        return arrows[place]


def _guess(arrow: Node, place: int, count: int) -> int:
    """What an arrow seems to do: by what it is called, else by its place in the row."""
    text = f"{arrow.name}{arrow.folded}".lower()
    sign = -1 if re.search(r"prev|上|前|last|[<‹«]", text) else 1 if re.search(r"next|下|后|[>›»]", text) else 0
    if sign and arrow.name:
        return sign * (12 if re.search(r"year|年", text) else 1)
    if count == 4:
        return (-12, -1, 1, 12)[place]
    if count in (2, 3):
        return (-1, 1)[place] if count == 2 else (-1, 0, 1)[place]
    return sign
