"""What is being worked on in this process right now, for those who watch."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from agent.domain.accounts import AccountKey
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.domain.text import Text
from agent.domain.wording import DOING
from agent.flows.runs.progress import RunProgress

_STARTED = Text("started", "开始")


@dataclass(frozen=True, slots=True)
class Working:
    """An account that is worked on: since when, what is done there now, and how many steps are done."""

    account: AccountKey
    since: datetime
    doing: Text
    steps: int = 0


class Board:
    """Is told what a sync does, as RunProgress has it, and passes it on to `inner`.

    `changed` is set anew with each change, so that any number of watchers can wait for the next one.
    """

    def __init__(self, clock: Callable[[], datetime], inner: RunProgress | None = None) -> None:
        self._clock, self._inner = clock, inner
        self._working: dict[AccountKey, Working] = {}
        self.changed = asyncio.Event()
        self.ended = False

    @property
    def working(self) -> list[Working]:
        """What is worked on, the longest first."""
        return sorted(self._working.values(), key=lambda each: each.since)

    def account_started(self, account: AccountKey) -> None:
        """Note that an account is begun with."""
        self._working[account] = Working(account, self._clock(), _STARTED)
        if self._inner:
            self._inner.account_started(account)
        self._tell()

    def stage(self, account: AccountKey, text: Text) -> None:
        """Note what is done on an account now."""
        self._put(account, text)
        if self._inner:
            self._inner.stage(account, text)

    def step_started(self, account: AccountKey, kind: StepKind, order_no: str | None) -> None:
        """Note which step is begun."""
        name, number = DOING[kind], order_no or ""
        self._put(account, Text(f"{name.en} {number}".strip(), f"{name.zh} {number}".strip()))
        if self._inner:
            self._inner.step_started(account, kind, order_no)

    def step_ended(self, account: AccountKey, action: Action) -> None:
        """Count the steps that were done."""
        known = self._working.get(account)
        if known and action.result is StepResult.DONE:
            self._working[account] = replace(known, steps=known.steps + 1)
        if self._inner:
            self._inner.step_ended(account, action)
        self._tell()

    def account_ended(self, report: AccountReport) -> None:
        """Take an account off."""
        self._working.pop(report.account, None)
        if self._inner:
            self._inner.account_ended(report)
        self._tell()

    def end(self) -> None:
        """Let those who watch go."""
        self.ended = True
        self._tell()

    def _put(self, account: AccountKey, text: Text) -> None:
        known = self._working.get(account)
        since = known.since if known else self._clock()
        self._working[account] = Working(account, since, text, known.steps if known else 0)
        self._tell()

    def _tell(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()
