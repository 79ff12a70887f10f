"""Tells what moves all the time (a running notice, an advertisement) from a page that is still being drawn."""

import time
from collections import Counter
from collections.abc import Callable, Sequence

from agent.pages.box import Box
from agent.pages.snapshot import Snapshot

# How long, and over how many looks in a row, the same part moves and nothing else, until it counts as never at rest.
_SECONDS, _LOOKS = 2.0, 5
# What is larger than this part of the window is the page itself.
_SHARE = 0.25
_SLACK = 2.0


class Restless:
    """Compares looks at one document, one after another."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._region: Box | None = None
        self._since, self._looks = 0.0, 0

    def same(self, before: Snapshot, now: Snapshot) -> bool:
        """True if both look the same, apart from one small part that has not stood still for a while."""
        if before.fingerprint == now.fingerprint:
            self._region = None
            return True
        moved = _moved(before, now)
        if self._region is None or not _holds(self._region, moved):
            self._region = _around([moved] if self._region is None else [self._region, moved])
            self._since, self._looks = self._clock(), 0
        self._looks += 1
        small = self._region.w * self._region.h <= _SHARE * now.width * now.height
        return small and self._looks >= _LOOKS and self._clock() - self._since >= _SECONDS


def _moved(before: Snapshot, now: Snapshot) -> Box:
    """The rectangle outside of which both look the same."""
    one, other = Counter(before.seen), Counter(now.seen)
    return _around([each.box for each in [*(one - other), *(other - one)]])


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    return Box(left, top, max(b.right for b in boxes) - left, max(b.bottom for b in boxes) - top)


def _holds(outer: Box, inner: Box) -> bool:
    sides = inner.x >= outer.x - _SLACK and inner.right <= outer.right + _SLACK
    return sides and inner.y >= outer.y - _SLACK and inner.bottom <= outer.bottom + _SLACK
