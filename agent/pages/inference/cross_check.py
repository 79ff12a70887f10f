"""The second witness: the data that a page fetched to draw its rows must hold the numbers that it draws."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages.values import numbers_in

_NUMBER_KEY = re.compile(r"order_?(no|id|sn|num|number|code)$|^tid$", re.IGNORECASE)


def check_witness(address: str, drawn: set[str], complete: bool, bodies: Sequence[object]) -> None:
    """Raise PageChanged if the data and the drawing hold different order numbers; silent if no data was seen.

    `complete` is false if some rows draw no number: then the data may hold more numbers than the page shows.
    """
    if not drawn:
        return
    columns = _columns(bodies)
    best = max(columns.values(), key=lambda c: len(c & drawn), default=set())
    if best & drawn:
        differing = best ^ drawn if complete else drawn - best
    else:
        named = [values for key, values in columns.items() if _NUMBER_KEY.search(key) and len(values) >= len(drawn)]
        differing = named[0] if named else set()
    if differing:
        shown = ", ".join(sorted(differing)[:3])
        raise PageChanged(
            address,
            Text(
                f"the numbers on the page and in the data behind it differ ({len(differing)}, such as {shown})",
                f"页面显示的订单号与其数据不一致（{len(differing)} 个，例如 {shown}）",
            ),
        )


def numbers_of(bodies: Sequence[object]) -> set[str]:
    """All order numbers in the data that a page fetched."""
    return {number for column in _columns(bodies).values() for number in column}


def _columns(bodies: Sequence[object]) -> dict[str, set[str]]:
    """For each key of the objects in the data, the order numbers under it."""
    columns: dict[str, set[str]] = {}
    for body in bodies:
        for objects in _records(body):
            for one in objects:
                for key, value in one.items():
                    if number := _number(value):
                        columns.setdefault(key, set()).add(number)
    return columns


def _number(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    found = numbers_in(str(value))
    return found[0] if found == [str(value)] else None


def _records(body: object) -> Iterator[list[dict[str, Any]]]:
    """Every list of objects in a JSON document, however deep."""
    if isinstance(body, list):
        objects = [o for o in body if isinstance(o, dict)]
        if objects and len(objects) == len(body):
            yield objects
    children = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    for child in children:
        yield from _records(child)
