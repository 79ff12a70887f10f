"""The pages that people have open in the console: in a browser of its own, so that none waits for a run."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from loguru import logger

from agent.console.live_view import LiveView, State
from agent.console.spare import SpareBrowser
from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome, WordedError
from agent.domain.report import AccountReport
from agent.domain.text import Text
from agent.flows.runs.attended import log_in_attended
from agent.flows.runs.context import RunContext
from agent.flows.runs.live_login import ByLiveView
from agent.ledger import Ledger
from agent.settings import Settings

MOST = 3
PATIENCE = timedelta(minutes=10)
_REMEMBERED = 10


class LiveViews:
    """Opens pages, at most a few at once. To be used within one event loop.

    `after` is called with who had it open and the account, once somebody is logged in.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        clock: Callable[[], datetime],
        after: Callable[[str, AccountKey], object],
    ) -> None:
        self._settings, self._ledger, self._clock, self._after = settings, ledger, clock, after
        self._views: list[LiveView] = []
        self._browser = SpareBrowser(settings.browser.executable)

    def expect(self) -> None:
        """Say, from any thread, that somebody may open a page soon."""
        self._browser.expect()

    def of(self, account: AccountKey) -> LiveView | None:
        """Return the one that is open for an account."""
        return next((each for each in self._views if each.runs and each.account == account), None)

    def find(self, number: str, who: str) -> LiveView | None:
        """Return the one with that id if `who` has opened it."""
        return next((each for each in self._views if each.id == number and each.who == who), None)

    def open(self, who: str, account: AccountKey) -> LiveView | None:
        """Open the account's page and return at once; None if too many are open, or it is open for somebody else."""
        if (known := self.of(account)) is not None:
            return known if known.who == who else None
        if sum(each.runs for each in self._views) >= MOST:
            return None
        made = LiveView(secrets.token_urlsafe(16), who, account, self._clock() + PATIENCE, self._clock)
        made.task = asyncio.create_task(self._run(made))
        ended = [each for each in self._views if not each.runs][-_REMEMBERED:]
        self._views = [each for each in self._views if each.runs or each in ended] + [made]
        return made

    async def close(self) -> None:
        """End all of them."""
        tasks = [each.task for each in self._views if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._browser.close()

    async def _run(self, view: LiveView) -> None:
        context = RunContext(
            settings=self._settings,
            ledger=self._ledger,
            clock=self._clock,
            started_by=view.who,
            patience=PATIENCE,
        )
        try:
            async with self._browser.lent() as chrome:
                report = await log_in_attended(context, view.account, ByLiveView(view), chrome=chrome, waits=view.waits)
        except WordedError as error:
            view.end(State.ENDED, error.text)
        except asyncio.CancelledError:
            view.end(State.ENDED, None)
            raise
        except Exception as error:  # noqa: BLE001 - it must not end the console; it is told as what it is
            logger.opt(exception=error).error("a live view ended unexpectedly")
            view.end(State.ENDED, _FAILED)
        else:
            self._ended(view, report)

    def _ended(self, view: LiveView, report: AccountReport) -> None:
        if report.outcome is Outcome.OK:
            self._after(view.who, view.account)
            view.end(State.LOGGED_IN, None)
        else:
            view.end(State.ENDED, report.text.then(report.cure) if report.text else None)


_FAILED = Text("It ended unexpectedly; the log says why.", "意外结束，原因见日志。")
