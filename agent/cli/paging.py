"""A part of a long list: so many, after so many; without a limit a terminal gets no more than a few screens."""

import sys
from collections.abc import Sequence
from itertools import islice
from typing import Annotated, TypeVar

import typer

from agent.cli.language import pick

Item = TypeVar("Item")

_ON_A_TERMINAL = 200

Limit = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help=pick("Show no more than N; on a terminal 200.", "最多显示 N 条；终端默认 200 条。")
    ),
]
After = Annotated[int, typer.Option(min=0, metavar="N", help=pick("Leave out the first N.", "跳过前 N 条。"))]


def page(items: Sequence[Item], limit: int | None, after: int) -> list[Item]:
    """Return the part of the list that is to be shown."""
    most = limit or (_ON_A_TERMINAL if sys.stdout.isatty() else None)
    return list(islice(items, after, after + most if most else None))


def remainder(items: Sequence[object], shown: Sequence[object], after: int) -> str:
    """Return the sentence that says how to see the next ones; empty if all were shown."""
    until = after + len(shown)
    if until >= len(items):
        return ""
    return pick(
        f"Shown: {after + 1} to {until} of {len(items)}. The next ones: --after {until}",
        f"已显示第 {after + 1} 至 {until} 条，共 {len(items)} 条。继续查看：--after {until}",
    )
