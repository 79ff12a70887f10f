"""What every page and every answer works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from starlette.requests import Request

from agent.console.board import Board
from agent.console.freshness import Remembered
from agent.console.live import LiveViews
from agent.console.starter import Starter
from agent.console.uploads import Uploads
from agent.domain.merchants import Edition
from agent.evidence.store import Store, store_of
from agent.ledger import Ledger, found_ways
from agent.settings import Settings, applies_directly, sites

if TYPE_CHECKING:
    from agent.sites import Site


@dataclass(frozen=True)
class Console:
    """The settings, the ledger, the clock (aware moments), what runs in this process, who starts more of it, and
    the pages that people have open.

    `hosts` are the names under which browsers may ask for the console.
    """

    settings: Settings
    ledger: Ledger
    clock: Callable[[], datetime]
    board: Board
    starter: Starter
    live: LiveViews
    hosts: frozenset[str]

    @cached_property
    def sites(self) -> "dict[str, Site]":
        """The platforms by id."""
        return dict(sites(self.settings))

    @cached_property
    def remembered(self) -> Remembered:
        """Sums that were made."""
        return Remembered()

    @cached_property
    def evidence(self) -> Store:
        """Where pictures are kept."""
        return store_of(self.settings)

    def direct(self, edition: Edition) -> bool:
        """Whether members with an edition apply for their refunds without a filing, as far as was known lately."""
        return self._direct[edition]

    def look_up_ways(self) -> None:
        """Learn which pages were found since: to be called from time to time."""
        self._direct.update(self._looked_up())

    @cached_property
    def _direct(self) -> dict[Edition, bool]:
        return self._looked_up()

    def _looked_up(self) -> dict[Edition, bool]:
        direct = applies_directly(self.settings, found_ways(self.ledger))
        return {edition: direct(edition) for edition in Edition}

    @cached_property
    def _days(self) -> dict[tuple[str, date], date | None]:
        return {}

    def due_on(self, platform: str, day: date) -> date | None:
        """From when a refund may be requested for a subscription of that day; None if no period is published."""
        if (platform, day) not in self._days:
            rule = self.sites[platform].rule if platform in self.sites else None
            self._days[platform, day] = rule.due(day, self.settings.work_calendar).due_on if rule else None
        return self._days[platform, day]

    @property
    def rules(self) -> str:
        """What due dates and ways follow from, in short: if it differs, what was worked out is worth nothing."""
        parts = [*self._set, *(f"{edition}={known}" for edition, known in self._direct.items())]
        return sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def _set(self) -> list[str]:
        given = self.settings.calendar
        return [
            *(f"{name}={site.rule}" for name, site in sorted(self.sites.items())),
            *(day.isoformat() for day in (*given.holidays, *given.workdays)),
            version("holidays"),
        ]

    @cached_property
    def uploads(self) -> Uploads:
        """Statements that wait for a person."""
        return Uploads(self.clock)


def console_of(request: Request) -> Console:
    """Return what the application was made with."""
    found: Console = request.app.state.console
    return found
