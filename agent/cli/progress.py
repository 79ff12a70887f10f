"""What happens while a sync runs, on standard error: a line an account on a terminal, else lines of the log."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from loguru import logger

from agent.cli.language import pick, say
from agent.cli.session import now
from agent.cli.words import because, step
from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.domain.text import Text
from agent.domain.wording import DOING, OUTCOME

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from agent.flows.runs.progress import RunProgress


class Lines:
    """Writes every event to the log.

    `aloud`: an account that failed is told at once; where its sentence follows in the result, it need not be.
    """

    def __init__(self, *, aloud: bool) -> None:
        self.loud = "WARNING" if aloud else "INFO"

    def account_started(self, account: AccountKey) -> None:
        logger.info(f"{account}: {pick('started', '开始')}")

    def stage(self, account: AccountKey, text: Text) -> None:
        logger.info(f"{account}: {say(text)}")

    def step_started(self, account: AccountKey, kind: StepKind, order_no: str | None) -> None:
        logger.debug(f"{account}: {order_no or '-'} {say(DOING[kind])}")

    def step_ended(self, account: AccountKey, action: Action) -> None:
        logger.info(f"{account}: {action.order_no or '-'} {step(action)}")

    def account_ended(self, report: AccountReport) -> None:
        level = "INFO" if report.outcome is Outcome.OK else self.loud
        places = "" if report.outcome is Outcome.OK else " ".join(("", *report.evidence))
        told = f"{say(OUTCOME[report.outcome])}{because(report)}{places}"
        logger.log(level, f"{report.account}: {told}")


class Bars(Lines):
    """Shows a line an account besides: its stage, and how many steps are done."""

    def __init__(self, progress: "Progress", *, aloud: bool) -> None:
        super().__init__(aloud=aloud)
        self.progress = progress
        self.tasks: dict[AccountKey, TaskID] = {}
        self.done: Counter[AccountKey] = Counter()

    def account_started(self, account: AccountKey) -> None:
        super().account_started(account)
        self._task(account)

    def stage(self, account: AccountKey, text: Text) -> None:
        super().stage(account, text)
        self.progress.update(self._task(account), stage=say(text))

    def step_started(self, account: AccountKey, kind: StepKind, order_no: str | None) -> None:
        super().step_started(account, kind, order_no)
        self.progress.update(self._task(account), stage=f"{say(DOING[kind])} {order_no or ''}")

    def step_ended(self, account: AccountKey, action: Action) -> None:
        super().step_ended(account, action)
        self.done[account] += 1
        done = self.done[account]
        self.progress.update(self._task(account), steps=pick(f"{done} steps", f"{done} 步"))

    def account_ended(self, report: AccountReport) -> None:
        super().account_ended(report)
        task = self._task(report.account)
        self.progress.update(task, total=1, completed=1, stage=say(OUTCOME[report.outcome]))

    def _task(self, account: AccountKey) -> "TaskID":
        """The account's line. How many steps there will be is not known, so its bar pulses until it has ended."""
        if account not in self.tasks:
            added = self.progress.add_task("", total=None, who=str(account), stage="", steps="")
            self.tasks[account] = added
        return self.tasks[account]


class Told(Lines):
    """Says of each account in a line how it ended."""

    def account_ended(self, report: AccountReport) -> None:
        super().account_ended(report)
        done = sum(action.result is StepResult.DONE for action in report.actions)
        steps = pick(f", {done} done", f"，完成 {done} 步") if done else ""
        ended = f"{say(OUTCOME[report.outcome])}{steps}{because(report)}"
        typer.echo(f"{now():%m-%d %H:%M:%S} {report.account} {ended}")


@contextmanager
def watching(*, as_json: bool) -> Iterator["RunProgress"]:
    """Someone to tell what happens; on a terminal the lines stay live as long as the block."""
    if not sys.stderr.isatty():
        yield Lines(aloud=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = [TextColumn(f"{{task.fields[{name}]}}", markup=False) for name in ("who", "steps", "stage")]
    with Progress(SpinnerColumn(), columns[0], BarColumn(20), *columns[1:], console=Console(stderr=True)) as progress:
        yield Bars(progress, aloud=as_json)
