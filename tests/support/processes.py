"""Starts the agent in processes of its own, and finds everything that they have started."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from tests.support.command import COMMAND, environment

ROOT = Path(__file__).resolve().parents[2]
MARK = "XDG_TEST_FAMILY"  # handed down to the driver, to Chromium, and to whatever these start, as few variables are


class Agent:
    """A running agent. `family` finds its processes, also those that have lost their parents."""

    def __init__(self, process: "subprocess.Popen[str]", mark: str) -> None:
        self.process, self.mark = process, mark

    def family(self) -> list[psutil.Process]:
        return [p for p in psutil.process_iter() if _carries(p, self.mark)]

    def helpers(self) -> list[psutil.Process]:
        """What it has started, sandboxed processes too, whose environment nobody else can read. While it runs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def browser(self) -> psutil.Process:
        """The main process of its Chromium."""
        return next(p for p in self.family() if "--headless" in p.cmdline() and not _is_helper(p))

    def kill(self) -> None:
        """SIGKILL, and gone when this returns."""
        self.process.kill()
        self.process.wait(30)

    def wait(self) -> tuple[int, dict[str, Any], str]:
        """Exit status, what it answered, and what it told."""
        answer, told = self.process.communicate(timeout=300)
        return self.process.returncode, json.loads(answer) if answer.strip() else {}, told

    def left(self) -> list[list[str]]:
        """What is left of it once it has ended, after the time that the system takes to end it."""
        _, alive = psutil.wait_procs(self.family(), timeout=15)
        return [p.cmdline() for p in alive]


def _carries(process: psutil.Process, mark: str) -> bool:
    try:
        return bool(process.environ().get(MARK) == mark)
    except psutil.Error:  # it has just ended, or is not ours to look at
        return False


def _is_helper(process: psutil.Process) -> bool:
    return any(word.startswith("--type=") for word in process.cmdline())


@contextmanager
def started(*command: object, folder: Path, **variables: str) -> Iterator[Agent]:
    """An agent; killed at the end of the block where it still runs."""
    mark = uuid4().hex
    env = environment(folder, **variables) | {MARK: mark}
    with subprocess.Popen(
        list(map(str, command)),
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        agent = Agent(process, mark)
        try:
            yield agent
        finally:
            for one in agent.family():
                one.kill()


def sync(config: Path, *options: object) -> Any:  # noqa: ANN401
    """`fankuan sync --json`, as users start it."""
    return started(*COMMAND, "--config", config, "sync", "--json", *options, folder=config.parent)


def later(config: Path, minutes: int, *, die_at_commit: int | str = "", day: str = "2026-06-30") -> Any:  # noqa: ANN401
    """The same, some minutes later than it is."""
    runner = Path(__file__).with_name("runner.py")
    return started(sys.executable, runner, config, day, minutes, *filter(None, [die_at_commit]), folder=config.parent)
