"""One account's turn at the back office of its merchant: whose turn it is, nobody else uses the window."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from agent.domain.merchants import Edition
from agent.evidence.recorder import Evidence
from agent.flows.runs.backoffice_page import BackOfficePage, Filings
from agent.flows.session.session import Session


@dataclass(slots=True)
class Deadline:
    """When the work on an account is given up; the time in which it waits for others does not count."""

    timeout: asyncio.Timeout | None = None

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Let no time pass while the block waits."""
        if self.timeout is None:
            yield
            return
        loop, when = asyncio.get_running_loop(), self.timeout.when()
        began = loop.time()
        self.timeout.reschedule(None)
        try:
            yield
        finally:
            if when is not None:
                self.timeout.reschedule(when + loop.time() - began)


@dataclass(slots=True, eq=False)
class BackOfficeTurn:
    """What one account has of the window. `open_session` opens a session of the account in it.

    A turn that ended in trouble is kept until `leave`, so that the page can still be pictured and looked at.
    """

    page: BackOfficePage
    evidence: Evidence
    open_session: Callable[[], Awaitable[Session]]
    deadline: Deadline = field(default_factory=Deadline)
    session: Session | None = None
    mine: bool = False
    others_came: bool = False  # between the turn before and this one
    _helped: bool = False
    _ready: bool = False

    @property
    def is_free(self) -> bool:
        """True if nobody has a turn: it can be had at once."""
        return not self.page.turns.locked()

    @property
    def was_helped(self) -> bool:
        """True if somebody took part in a log-in."""
        return self._helped or (self.session is not None and self.session.helped)

    async def wait(self) -> None:
        """Wait for the turn, unless it is the account's already."""
        if self.mine:
            return
        if self.is_free:
            await self.page.turns.acquire()
        else:
            with self.deadline.halted():
                await self.page.turns.acquire()
        self.mine, self._ready = True, False
        self.others_came, self.page.last = self.page.last is not self, self

    async def begin(self) -> Session:
        """Wait for the turn; return the session of the window that is open then."""
        await self.wait()
        if self.session is None or not self._ready:
            await self.page.close_unless_right()
            if self.session is None or not self._goes_on(self.session):
                self._helped = self.was_helped
                self.session = await self.open_session()
            self._ready = True
        return self.session

    def _goes_on(self, session: Session) -> bool:
        """False if the window is another one by now, or others may have logged in there meanwhile."""
        return self.page.shows(session.page) and (session.state.logged_in or not self.others_came)

    def end(self) -> None:
        """Let the next one have a turn."""
        if self.mine:
            self.mine = False
            self.page.turns.release()

    async def leave(self, *, well: bool) -> None:
        """To be called at the end of the account. Whatever state it left the window in is nothing to go on from.

        Unless all went `well` the window is closed, but not if others have used it since, or do so now.
        """
        try:
            if self.session is not None and self.session.tracer is not None:
                await self.session.tracer.end()
            if not well and (self.mine or (self.is_free and self.page.last is self)):
                await self.wait()
                await self.page.close()
        finally:
            self.end()

    def filings(self, edition: Edition) -> Filings | None:
        """What was listed when another account has looked, if that still holds."""
        known = self.page.filings
        return known if known is not None and known.edition is edition else None
