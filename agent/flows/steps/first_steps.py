"""The first step of each kind in a run: what came of it is compared before the next one is sent."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from agent.domain.report import StepKind


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of step on one site: `where` is its id, or the back office's address. `direct`: no filing is needed."""

    where: str
    kind: StepKind
    direct: bool


@dataclass(slots=True)
class Firsts:
    """What a run knows of the ways that its steps go; all accounts of the run share it.

    `proven` are those of which a list has shown a step just as it was meant. `stopped` are those of which no more is
    sent in this run, with the reason.
    """

    proven: set[Way] = field(default_factory=set)
    stopped: dict[Way, str] = field(default_factory=dict)
    _turns: defaultdict[Way, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    @asynccontextmanager
    async def turn(self, way: Way) -> AsyncIterator[None]:
        """To be held from before a step is sent until a list was read after it.

        As long as the way is not proven, one account at a time; whoever comes next has to ask anew what was stopped.
        """
        if way not in self.proven:
            async with self._turns[way]:
                if way not in self.proven:
                    yield
                    return
        yield

    def stop(self, way: Way, reason: str) -> None:
        """Send no more of these steps in this run. What went wrong counts more than what is merely late."""
        if self.stopped.get(way) in (None, NOT_LISTED_YET):
            self.stopped[way] = reason


NOT_LISTED_YET = "not_listed_yet"
HELD_BACK = "held_back"
