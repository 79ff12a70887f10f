"""The numbers of a list held against each other: one of another length than all the rest may be a part of a number."""

import math
from collections.abc import Collection, Sequence

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text, fold
from agent.pages.inference.cross_check import numbers_of
from agent.pages.inference.order_numbers import whole_number
from agent.pages.inference.parsed_list import Row

_OTHERS = 2
# Above this a browser's numbers have gaps; and how seldom whole numbers may all lie beside the gaps by chance.
_EXACT, _SELDOM = 2**53, 1e-5
_GROWTH = 2  # digits by which a platform's numbers grow over the years: a list can hold one of before


def check_shapes(address: str, rows: Sequence[Row], bodies: Sequence[object]) -> None:
    """Raise PageChanged for a number that is unlike all others of its platform, or begins or ends another one, and that
    neither the row's attributes nor the data behind the page hold; also if the browser has rounded them.
    """
    families: dict[str, dict[str, Row]] = {}
    for row in rows:
        if number := whole_number(row):
            families.setdefault(fold(row.text("platform")), {})[number] = row
    drawn = {n for family in families.values() for n in family}
    if are_rounded(drawn) and not drawn <= numbers_of(bodies):
        raise _rounded(address, min(drawn))
    for family in families.values():
        doubtful = [n for n in odd_ones(family) if n not in family[n].hints]
        if doubtful and not {*doubtful} <= numbers_of(bodies):
            raise _unlike(address, doubtful[0])


def are_rounded(numbers: Collection[str]) -> bool:
    """True if the long ones are all such as a browser's number type can hold, which whole ones hardly ever are.

    A page that takes 3391800120260601117 for a number draws 3391800120260601000.
    """
    long = [n for n in numbers if n.isdecimal() and int(n) > _EXACT]
    chance = math.prod(1 / math.ulp(float(n)) for n in long)
    return chance < _SELDOM and all(int(n) == int(float(n)) or n == _as_drawn(float(n)) for n in long)


def _as_drawn(number: float) -> str:
    """The digits that a browser shows of a whole number: as many as tell it from its neighbours, then zeros."""
    digits, _, exponent = repr(number).replace(".", "").partition("e+")
    return (digits if exponent else digits[:-1]).ljust(int(exponent) + 1 if exponent else 0, "0")


def odd_ones(numbers: Collection[str]) -> list[str]:
    """Those that differ in shape from all others while these agree, or that are the beginning or end of another one."""
    return [n for n in numbers if _differs(n, [o for o in numbers if o != n])]


def _differs(number: str, others: Sequence[str]) -> bool:
    shapes = {_shape(o) for o in others}
    alone = len(others) >= _OTHERS and len(shapes) == 1 and not _is_alike(number, others[0])
    return alone or any(o.startswith(number) or o.endswith(number) for o in others)


def _is_alike(number: str, other: str) -> bool:
    (length, *form), (usual, *forms) = _shape(number), _shape(other)
    return form == forms and abs(length - usual) <= (_GROWTH if number.isdigit() else 0)


def _shape(number: str) -> tuple[int, bool, int]:
    return len(number), number[0].isalpha(), number.find("-")


def _rounded(address: str, number: str) -> PageChanged:
    return PageChanged(
        address,
        Text(
            f"the page seems to round its numbers: all of them end as {number} does",
            f"订单号疑似被网页四舍五入（如 {number}），末几位可能已失真",
        ),
    )


def _unlike(address: str, number: str) -> PageChanged:
    return PageChanged(
        address,
        Text(
            f"the number {number} is of another length than all others, so a part of it may be missing",
            f"订单号 {number} 与其他订单号的长度或格式不同，可能不完整",
        ),
    )
