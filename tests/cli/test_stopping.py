"""How what serves is stopped where the event loop takes no signals, as on Windows: in a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT, environment

SERVES = """
import asyncio

from agent.cli.serve import until_stopped


class Loop(asyncio.SelectorEventLoop):
    def add_signal_handler(self, *_):
        raise NotImplementedError


async def work(stop):
    print("serving", flush=True)
    await stop.wait()
    print("ended", flush=True)


with asyncio.Runner(loop_factory=Loop) as runner:
    runner.run(until_stopped(work))
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_without_signals_in_the_loop_what_was_begun_is_ended_first(tmp_path: Path, how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVES],
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "serving\n"
        os.kill(process.pid, how)
        told, errors = process.communicate(timeout=60)
    assert (process.returncode, told) == (0, "ended\n"), errors
    assert errors.splitlines() == [
        "fankuan: Stopping: what was begun is ended first.",
        "fankuan: Stopped.",
    ]
