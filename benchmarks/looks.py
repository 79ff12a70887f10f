"""How often a step looks at the page, how many of these looks walk over all of it, and what its pictures take.

Five orders to confirm, five to file, and five refunds to request, once in the form of the enterprise edition's list and
once in the form of the others. What a run reads before and after its steps is told apart.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from types import FrameType
from typing import Any
from unittest.mock import patch

from playwright.async_api import Error

from agent.browser import Chrome, open_chrome
from agent.evidence import recorder
from agent.flows.runs.account_run import AccountRun
from agent.flows.runs.sync import run_sync
from agent.pages.actions import screenshots
from agent.pages.live.page import LivePage
from agent.sandbox import Sandbox
from agent.sandbox.core.model import AWAITING, COMPLETED, FILED, Filing
from benchmarks.world import Figures, Silent, World, all_well, world

STEPS = 5
_READING = "reading"
_CALLERS = 3
_WALKS = "registry => registry.watch.walks()"


@dataclass(slots=True)
class Counted:
    """The looks of a run, by the kind of step and by who asked, those of them that walked, and the pictures."""

    step: str = _READING
    looks: Counter[tuple[str, str]] = field(default_factory=Counter)
    walks: Counter[tuple[str, str]] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def of(self, counter: Counter[tuple[str, str]], step: str) -> int:
        """How many of a step's kind."""
        return sum(n for (kind, _), n in counter.items() if kind == step)


async def at_the_page() -> Figures:
    """Looks and walks a step of each kind, and the median milliseconds and mean KB of a picture."""
    figures: Figures = {}
    async with open_chrome(None, headless=True) as chrome:
        await _run(chrome, "enterprise", to_confirm=1, to_refund=0)  # nothing is kept ready yet
        seen = await _run(chrome, "enterprise", to_confirm=STEPS, to_refund=STEPS)
        others = await _run(chrome, "classic", to_confirm=0, to_refund=STEPS)
    for title, counted, step in (
        ("a confirmation", seen, "confirm"),
        ("a filing", seen, "file"),
        ("a request of a refund", seen, "request_refund"),
        ("an application", others, "request_refund"),
    ):
        steps = counted.steps[step]
        figures[f"looks in {title}"] = round(counted.of(counted.looks, step) / steps, 1)
        figures[f"… that walk over the page ({title})"] = round(counted.of(counted.walks, step) / steps, 1)
        figures[f"pages read outside of steps: looks ({title})"] = counted.of(counted.looks, _READING)
        _tell(title, counted, step)
    seconds, sizes = seen.seconds + others.seconds, seen.sizes + others.sizes
    figures["milliseconds a picture (median)"] = round(median(seconds) * 1000)
    figures["KB a picture (mean)"] = round(mean(sizes) / 1000, 1)
    return figures


async def _run(chrome: Chrome, edition: str, *, to_confirm: int, to_refund: int) -> Counted:
    with world([["jd"]], partial(_fill, edition=edition, to_confirm=to_confirm, to_refund=to_refund)) as here:
        await _sync(here, chrome, dry_run=True)
        with _counted() as counted:
            await _sync(here, chrome)
    return counted


def _fill(box: Sandbox, *, edition: str, to_confirm: int, to_refund: int) -> None:
    (merchant,) = box.state.merchants
    shop = merchant.shops["jd"]
    sample = next(order for order in shop.orders if order.ours)
    platform = next(filing.platform for filing in merchant.filings if filing.shop == shop.name)
    merchant.edition = edition
    merchant.filings.clear()
    merchant.applications.clear()
    shop.orders[:] = [
        replace(
            sample,
            key=f"c{number:012x}",
            number=f"{31000000000 + number}",
            ordered_at=sample.ordered_at - timedelta(days=1 if number < to_confirm else 90, minutes=number),
            status=AWAITING if number < to_confirm else COMPLETED,
            initial_status=AWAITING if number < to_confirm else COMPLETED,
        )
        for number in range(to_confirm + to_refund)
    ]
    for number, order in enumerate(shop.orders[to_confirm:], start=1):
        day = order.ordered_at.date().isoformat()
        merchant.seed(Filing(number, platform, shop.name, order.number, day, str(order.amount), FILED, seeded=True))


async def _sync(here: World, chrome: Chrome, *, dry_run: bool = False) -> None:
    told = Silent()
    await run_sync(here.context(progress=told, chrome=chrome, dry_run=dry_run))
    all_well(told.reports)


@contextmanager
def _counted() -> Iterator[Counted]:
    """Counts what is looked at while it lasts. Nothing of the program but this needs to know."""
    counted = Counted()
    look, take, picture = LivePage.look, AccountRun._take, screenshots.picture

    async def counting(self: LivePage, *, anew: bool = False) -> Any:  # noqa: ANN401
        who = (counted.step, _asker())
        before = await _walks(self)
        snapshot = await look(self, anew=anew)
        counted.looks[who] += 1
        counted.walks[who] += before != await _walks(self)
        return snapshot

    async def taking(self: AccountRun, step: Any) -> Any:  # noqa: ANN401
        counted.step = step.kind.value
        counted.steps[counted.step] += 1
        try:
            return await take(self, step)
        finally:
            counted.step = _READING

    async def picturing(*given: Any, **named: Any) -> bytes:  # noqa: ANN401
        began = perf_counter()
        taken = await picture(*given, **named)
        counted.seconds.append(perf_counter() - began)
        counted.sizes.append(len(taken))
        return taken

    with (
        patch.object(LivePage, "look", counting),
        patch.object(AccountRun, "_take", taking),
        patch.object(recorder, "picture", picturing),
    ):
        yield counted


async def _walks(page: LivePage) -> dict[int, int]:
    """How often each document has been walked over."""
    told: dict[int, int] = {}
    for registry in [*page._registries.values()]:
        with suppress(Error):  # the document went
            told[id(registry)] = await registry.evaluate(_WALKS)
    return told


def _asker() -> str:
    """The function that asked for a look, and who called it."""
    names: list[str] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and len(names) < _CALLERS:
        name = Path(frame.f_code.co_filename)
        if "agent" in name.parts:
            names.append(f"{name.stem}.{frame.f_code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(names)


def _tell(title: str, counted: Counted, step: str) -> None:
    """Print who looked in these steps, most first: looks and walks a step."""
    sys.stdout.write(f"\n{title}: looks and walks a step, by who asks\n")
    asked = Counter({who: n for (kind, who), n in counted.looks.items() if kind == step})
    for who, n in asked.most_common():
        walks = counted.walks[step, who]
        sys.stdout.write(f"{n / counted.steps[step]:6.1f} {walks / counted.steps[step]:6.1f}  {who}\n")
