"""Waits in the page itself until something stirs in it, or until nothing does: it need not be asked again and again."""

import asyncio
from collections.abc import Sequence

from playwright.async_api import Error

from agent.pages.view import PageSnapshot

_STAYS = "(registry, [ms]) => registry.watch.stays(ms)"
_CALMS = "(registry, [ms, most]) => registry.watch.calms(ms, most)"
# How long a page may take to answer beyond the time that it is asked about.
_ANSWER_SECONDS = 1.0


async def stays(snapshot: PageSnapshot, seconds: float) -> bool:
    """Return whether nothing has stirred in the documents of a look since it, nor does for so long.

    False as soon as something stirs, and if a document cannot say.
    """
    return await _say(snapshot, _STAYS, [seconds * 1000], seconds)


async def calms(snapshot: PageSnapshot, seconds: float, most: float) -> None:
    """Wait until nothing was heard of in these documents for `seconds`, but no longer than `most`."""
    await _say(snapshot, _CALMS, [seconds * 1000, most * 1000], most)


async def _say(snapshot: PageSnapshot, question: str, given: Sequence[float], seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds + _ANSWER_SECONDS):
            return all(await asyncio.gather(*(p.registry.evaluate(question, given) for p in snapshot.parts)))
    except (Error, TimeoutError):
        return False  # a document went, or cannot be asked
