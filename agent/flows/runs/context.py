"""What a run is given, made once by whoever starts it, and what its accounts share once it has begun."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from agent.browser import Chrome
from agent.flows.runs.progress import RunProgress, Unheard
from agent.flows.session.handoff import Tell, nobody
from agent.flows.session.login_attempts import LoginAttempts, LoginLocks
from agent.flows.steps.first_steps import Firsts
from agent.flows.steps.oversight import Overseer
from agent.ledger import Ledger, Limits
from agent.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What a run needs, passed down whole.

    `clock` gives aware moments in Asia/Shanghai. `started_by` is named in the evidence. So many accounts are worked on
    at the same time as `concurrency` says. `chrome` is a browser that runs already, for a caller who has many runs, and
    who shares the `login_locks` among those, and the `slots`, each for one account, in place of `concurrency`.
    `patience` is how long a page waits for a person, and `tell` is called with each question. An account for which the
    platform's `limits` are reached ends as busy. As soon as `stopping` is true, no further step or account is begun.
    `brief`: if a first page shows that nothing has changed, the others are not read. `overseer` decides on each
    consequential click. `trace` is called with the place of each trace; without it none is made.
    """

    settings: Settings
    ledger: Ledger
    clock: Callable[[], datetime]
    started_by: str
    progress: RunProgress = field(default_factory=Unheard)
    chrome: Chrome | None = None
    login_locks: LoginLocks | None = None
    slots: asyncio.Semaphore | None = None
    limits: Limits | None = None
    stopping: Callable[[], bool] = lambda: False
    patience: timedelta = timedelta()
    tell: Tell = nobody
    concurrency: int = 2
    headed: bool = False
    dry_run: bool = False
    brief: bool = False
    overseer: Overseer | None = None
    trace: Callable[[str], None] | None = None

    @property
    def headless(self) -> bool:
        """True if nobody sees the browser."""
        return self.settings.browser.headless and not self.headed


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun(RunContext):
    """A run that has begun: its id, its browser, and what its accounts learn from each other.

    Who holds one of the `places` works on an account.
    """

    id: str
    browser: Chrome
    login_attempts: LoginAttempts
    places: asyncio.Semaphore
    firsts: Firsts = field(default_factory=Firsts)

    @classmethod
    def of(cls, context: RunContext, run_id: str, browser: Chrome) -> "OpenRun":
        """The run that has begun with that id."""
        given = {each.name: getattr(context, each.name) for each in fields(context)}
        places = context.slots or asyncio.Semaphore(context.concurrency)
        attempts = LoginAttempts(context.login_locks)
        return cls(**given, id=run_id, browser=browser, login_attempts=attempts, places=places)
