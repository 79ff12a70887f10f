"""What a page asks for time and again by itself: heartbeats, polling, counters of visitors."""

import re
from collections.abc import Iterable, Sequence

# 10 digits are a moment in seconds, 13 in milliseconds, and 0.7389… is what Math.random() gives.
_PASSING = re.compile(r"(?<!\d)(?:1[5-9]\d{8}(?:\d{3})?|0\.\d{6,})(?!\d)")
_NUMBER = re.compile(r"(\d+)")
_LONGEST = 4000
_ENOUGH = 3
_WAITS = re.compile(
    r"poll|comet|socket\.?io|sockjs|signalr|subscribe|heart_?beat|keep_?alive|event_?stream|/sse\b", re.IGNORECASE
)


def likeness(method: str, address: str, body: str | None) -> str:
    """The same for two requests that differ in nothing but the moment at which they were sent."""
    return _PASSING.sub("#", f"{method} {address}\n{(body or '')[:_LONGEST]}")


def shape_of(one: str) -> str:
    """What is left of a likeness without its numbers."""
    return _NUMBER.sub("#", one) + "#"


def is_repeated(one: str, earlier: Iterable[str], often: int) -> bool:
    """True if the request was made so often before, or if ones were that differ from it as they do among each other.

    Counters grow from one to the next; a number that never changed in the earlier ones tells what is asked for.
    """
    shape = _NUMBER.split(one)
    alike = [parts for each in earlier if (parts := _NUMBER.split(each))[::2] == shape[::2]]
    if sum(parts == shape for parts in alike) >= often:
        return True
    return len(alike) >= _ENOUGH and all(len({p[i] for p in alike}) > 1 or alike[0][i] == n for i, n in _numbers(shape))


def _numbers(parts: Sequence[str]) -> Iterable[tuple[int, str]]:
    return [(i, part) for i, part in enumerate(parts) if i % 2]


def is_meant_to_wait(address: str) -> bool:
    """True for an address that by its name is answered only once there is news."""
    return _WAITS.search(address.partition("?")[0]) is not None or "transport=polling" in address
