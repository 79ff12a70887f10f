"""Sets a date on a wheel of years, months and days, as phones have them: clicks the visible entry nearest to it."""

import re
from collections.abc import Mapping
from datetime import date

from playwright.async_api import Frame

from agent.pages.overlays import appeared
from agent.pages.snapshot import Node
from agent.pages.window import Part, View, Window

_SECONDS = 5.0
_MAX_STEPS = 40


async def pick_on_wheel(window: Window, before: Mapping[Frame, frozenset[int]], day: date) -> bool:
    """True once year, month and day stand in the middle of their wheels; false where there are no three wheels."""
    for column, wanted in ((0, day.year), (1, day.month), (2, day.day)):
        if not await _turn_to(window, before, column, wanted):
            return False
    return True


async def _turn_to(window: Window, before: Mapping[Frame, frozenset[int]], column: int, wanted: int) -> bool:
    for _ in range(_MAX_STEPS):
        view = await window.settled(_SECONDS)
        found = _columns(view, before)
        if found is None:
            return False
        part, columns = found
        entries = columns[column]
        middle = _middle(columns)
        current = min(entries, key=lambda n: abs(n.box.cy - middle))
        if _value(current) == wanted:
            return True
        nearest = min(entries, key=lambda n: abs(_value(n) - wanted))
        if _value(nearest) == _value(current):
            return False
        await window.click(part, nearest)
    return False


def _middle(columns: list[list[Node]]) -> float:
    """The height at which the chosen entries stand: the middle of the box that all wheels share."""
    boxes = [n.box for c in columns for n in c]
    return (min(b.y for b in boxes) + max(b.bottom for b in boxes)) / 2


def _columns(view: View, before: Mapping[Frame, frozenset[int]]) -> tuple[Part, list[list[Node]]] | None:
    for part in reversed(view.parts):
        entries = [n for n in appeared(part, before) if re.fullmatch(r"\d{1,4}[年月日]?", n.folded) and n.top]
        columns: list[list[Node]] = []
        for node in sorted(entries, key=lambda n: n.box.cx):
            if columns and abs(columns[-1][0].box.cx - node.box.cx) < 30:  # noqa: PLR2004
                columns[-1].append(node)
            else:
                columns.append([node])
        if len(columns) == 3 and all(_value(n) > 1000 for n in columns[0]):  # noqa: PLR2004
            return part, columns
    return None


def _value(node: Node) -> int:
    return int(re.sub(r"\D", "", node.folded))
