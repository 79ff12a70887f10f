"""`python runner.py CONFIG DAY MINUTES [COMMIT]`: one sync in a process of its own, MINUTES after nine on DAY.

What a run waits for after one that was killed is over by then. With COMMIT it kills itself right after so many commits.
"""

import asyncio
import json
import os
import signal
import sys
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine, event

from agent.flows.runs.context import RunContext
from agent.flows.runs.sync import run_sync
from agent.ledger import Ledger
from agent.settings import load_settings
from tests.flows.home import Clock


def _die_after(commits: int) -> None:
    left = commits

    def count(_connection: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "commit", count)


def main(config: str, day: str, minutes: str, commit: str = "") -> int:
    settings = load_settings(Path(config))
    clock = Clock(date.fromisoformat(day))
    clock.skip(timedelta(minutes=int(minutes)))
    ledger = Ledger.open(settings, clock)
    if commit:
        _die_after(int(commit))
    context = RunContext(settings=settings, ledger=ledger, clock=clock, started_by="test")
    report = asyncio.run(run_sync(context))
    ledger.close()
    json.dump(report.to_json(), sys.stdout, ensure_ascii=False)
    return report.exit_status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
