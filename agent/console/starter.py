"""Runs that people start in the console: a sync or a dry run of the accounts that they chose, in this process."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from loguru import logger

from agent.domain.accounts import AccountKey
from agent.domain.error_wording import explained
from agent.domain.errors import AccountBusy, AccountError, WordedError
from agent.domain.report import AccountReport
from agent.domain.text import Text
from agent.flows.runs.context import RunContext
from agent.flows.runs.progress import RunProgress
from agent.flows.runs.selection import Selection
from agent.flows.runs.sync import run_sync
from agent.ledger import Ledger
from agent.settings import Settings

_REMEMBERED, _NAMED = 20, 5
_ENDING = Text("The console is being stopped; nothing was begun.", "控制台正在停止，未开始运行。")
_FAILED = Text("It ended unexpectedly; the log says why.", "运行意外结束，原因见日志。")


@dataclass(slots=True)
class Started:
    """A run that was started here. `stopping`: no further step is begun; `told`: why it could not begin."""

    number: int
    who: str
    accounts: tuple[AccountKey, ...]
    dry_run: bool
    at: datetime
    stopping: bool = False
    told: Text | None = None
    task: "asyncio.Task[None] | None" = field(default=None, repr=False)

    @property
    def runs(self) -> bool:
        """True until it has ended."""
        return self.task is not None and not self.task.done()


class Starter:
    """Starts runs, remembers the last ones, and asks them to stop. To be used within one event loop."""

    def __init__(
        self, settings: Settings, ledger: Ledger, clock: Callable[[], datetime], progress: RunProgress
    ) -> None:
        self._settings, self._ledger, self._clock, self._progress = settings, ledger, clock, progress
        self._numbers = count(1)
        self._started: list[Started] = []
        self._closed = False

    @property
    def started(self) -> list[Started]:
        """The last ones, the newest first."""
        return self._started[::-1]

    def start(self, who: str, accounts: Sequence[AccountKey], *, dry_run: bool) -> Started:
        """Start a run and return at once. `who` is written into its evidence.

        What runs already is not started beside itself: it would find its merchants busy, and end as failed.
        """
        if same := self._alike(accounts, dry_run=dry_run):
            return same
        begun = Started(next(self._numbers), who, tuple(accounts), dry_run, self._clock())
        if self._closed:
            begun.told = _ENDING
        else:
            begun.task = asyncio.create_task(self._run(begun))
        ended = [each for each in self._started if not each.runs][-_REMEMBERED:]
        self._started = [each for each in self._started if each.runs or each in ended] + [begun]
        return begun

    def stop(self, number: int) -> bool:
        """Ask a run to stop: what was begun is ended, no further step is begun. Return False if it does not run."""
        found = next((each for each in self._started if each.number == number and each.runs), None)
        if found is not None:
            found.stopping = True
        return found is not None

    async def close(self) -> None:
        """Ask all of them to stop, and wait until they have. None is begun from now on."""
        self._closed = True
        running = [each for each in self._started if each.runs]
        for each in running:
            each.stopping = True
        await asyncio.gather(*(each.task for each in running if each.task), return_exceptions=True)

    def _alike(self, accounts: Sequence[AccountKey], *, dry_run: bool) -> Started | None:
        wanted = (set(accounts), dry_run)
        running = (each for each in self._started if each.runs and not each.stopping)
        return next((each for each in running if (set(each.accounts), each.dry_run) == wanted), None)

    async def _run(self, begun: Started) -> None:
        try:
            context = RunContext(
                settings=self._settings,
                ledger=self._ledger,
                clock=self._clock,
                started_by=begun.who,
                progress=self._progress,
                dry_run=begun.dry_run,
                stopping=lambda: begun.stopping,
            )
            report = await run_sync(context, Selection(accounts=begun.accounts))
            begun.told = _busy([each for each in report.accounts if each.reason == AccountBusy.reason])
        except AccountError as error:
            begun.told = explained(error).text
        except WordedError as error:
            begun.told = error.text
        except Exception as error:  # noqa: BLE001 - it must not end the console; it is told as what it is
            logger.opt(exception=error).error("a run that was started in the console ended unexpectedly")
            begun.told = _FAILED


def _busy(reports: Sequence[AccountReport]) -> Text | None:
    """Which accounts were not looked at because their merchant was worked on already."""
    if not reports:
        return None
    named = ", ".join(str(each.account) for each in reports[:_NAMED]) + (" …" if len(reports) > _NAMED else "")
    return Text(
        f"Already worked on, and so not looked at: {named}. Start it again when that has ended.",
        f"以下账号的商家正在处理中，本次未查看：{named}。请等其结束后重新启动。",
    )
