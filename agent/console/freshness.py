"""Keeps what is worked out of the ledger beforehand up to date, and remembers sums until something changes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from loguru import logger
from sqlalchemy.exc import DBAPIError

from agent.ledger import UnitOfWork

if TYPE_CHECKING:
    from agent.console.context import Console

T = TypeVar("T")
# A page waits for a few merchants at most; the rest is done behind it.
_BY_A_PAGE, _BEHIND_IT = 3, 50
_EVERY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Fresh:
    """`done`: all changes are in the sums. `version` differs as soon as a sum may."""

    done: bool
    version: int


def catch_up(console: "Console", most: int = _BY_A_PAGE) -> Fresh:
    """Work out what has changed, of a few merchants, and return how far that is."""
    with console.ledger.read() as tx:
        version, done = tx.order_stages.state(console.rules)
    if not done:  # writers wait for each other, so nobody begins to write without need
        with console.ledger.begin() as tx:
            done = tx.order_stages.catch_up(console.due_on, console.direct, console.rules, most)
            version, _ = tx.order_stages.state(console.rules)
    return Fresh(done, version)


async def keep_up(console: "Console", stop: asyncio.Event) -> None:
    """Go on catching up until `stop` is set."""
    while not stop.is_set():
        try:
            await asyncio.to_thread(console.look_up_ways)
            done = (await asyncio.to_thread(catch_up, console, _BEHIND_IT)).done
        except DBAPIError as error:
            logger.warning("the console's sums are behind: {}", type(error).__name__)
            done = True
        try:
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS if done else 0.01)
        except TimeoutError:
            continue


class Remembered:
    """Sums that are made once for each version of what they are made of, and day."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, object]] = {}

    def of(self, name: str, version: object, tx: UnitOfWork, make: Callable[[UnitOfWork], T]) -> T:
        """Return what `make` gives, from before if `version` is the same."""
        known = self._kept.get(name)
        if known is not None and known[0] == version:
            return known[1]  # type: ignore[return-value]
        made = make(tx)
        self._kept[name] = (version, made)
        return made
