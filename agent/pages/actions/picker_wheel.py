"""Sets a date on a wheel of years, months and days, as phones have them: clicks the visible entry nearest to it."""

import re
from collections.abc import Mapping
from datetime import date

from playwright.async_api import Frame

from agent.pages.inference.overlays import appeared
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import click_at, drag
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_SECONDS = 5.0
_MAX_STEPS = 60
Known = Mapping[Frame, frozenset[int]]


async def pick_on_wheel(page: LivePage, before: Known, day: date) -> bool:
    """True once year, month and day stand in the middle of their wheels; false if there are no three wheels."""
    for column, wanted in ((0, day.year), (1, day.month), (2, day.day)):
        if not await _turn_to(page, before, column, wanted):
            return False
    return True


async def _turn_to(page: LivePage, before: Known, column: int, wanted: int) -> bool:
    last = 0
    for _ in range(_MAX_STEPS):
        found = find_wheels(await page.settled(_SECONDS), before)
        if found is None:
            return False
        part, columns = found
        entries, middle = columns[column], _middle(columns)
        current = min(entries, key=lambda n: abs(n.box.cy - middle))
        nearest = min(entries, key=lambda n: abs(value_of(n) - wanted))
        if value_of(current) == wanted or nearest is current:
            return value_of(current) == wanted
        # Most wheels turn to the entry that is clicked; one that stayed as it was has to be dragged.
        if value_of(current) == last:
            await drag(page, part, nearest, current)
        else:
            await click_at(page, part, nearest)
        last = value_of(current)
    return False


def _middle(columns: list[list[Node]]) -> float:
    """The height at which the chosen entries stand: the middle of the box that all wheels share."""
    boxes = [n.box for c in columns for n in c]
    return (min(b.y for b in boxes) + max(b.bottom for b in boxes)) / 2


def find_wheels(snapshot: PageSnapshot, before: Known) -> tuple[FrameSnapshot, list[list[Node]]] | None:
    """Three wheels that appeared since `before`, of years, months and days; None if there are none."""
    for part in reversed(snapshot.parts):
        entries = [n for n in appeared(part, before) if re.fullmatch(r"\d{1,4}[年月日]?", n.folded) and n.top]
        columns: list[list[Node]] = []
        for node in sorted(entries, key=lambda n: n.box.cx):
            if columns and abs(columns[-1][0].box.cx - node.box.cx) < 30:
                columns[-1].append(node)
            else:
                columns.append([node])
        if len(columns) == 3 and all(value_of(n) > 1000 for n in columns[0]):
            return part, columns
    return None


def value_of(node: Node) -> int:
    """The number that an entry of a wheel stands for."""
    return int(re.sub(r"\D", "", node.folded))
