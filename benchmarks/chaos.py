"""Four workers on one PostgreSQL; again and again one is killed (SIGKILL), and once one is frozen and woken."""

import json
import math
import signal
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from agent.sandbox import Sandbox, leave_to_do
from benchmarks.fleet import WORKERS, Fleet, database
from benchmarks.many import PLATFORMS
from benchmarks.world import Figures, now

_BLOW_SECONDS, _FROZEN_SECONDS = 5.0, 25.0
_ASKED_EVERY = 6  # blows: each question starts a program, which takes its time from the workers
_SETTINGS = '\n[schedule]\nhours = "00:00-00:00"\nat_once = 2\na_minute = 10000\n'


def accounts(number: int) -> Figures:
    """Every account has an order with which something is to be done; the figures say whether it was, and how often."""
    with ExitStack() as stack:
        folder, url = Path(stack.enter_context(TemporaryDirectory())), stack.enter_context(database())
        shops = [PLATFORMS] * (number // len(PLATFORMS))
        box = stack.enter_context(Sandbox(shops=shops, today=now().date()))
        leave_to_do(box, 1)
        (folder / "f.toml").write_text(box.settings_toml() + _SETTINGS, encoding="utf-8")
        (folder / "merchants.toml").write_text(box.merchants_toml(), encoding="utf-8")
        fleet = Fleet(folder, url)
        stack.callback(fleet.end)
        began = monotonic()
        killed = _strike_until_done(fleet)
        took = monotonic() - began
        fleet.end()
        last = json.loads(fleet.run("sync", "--json"))["accounts"]
        truth = box.truth()
        done = Counter((e["kind"], e["order_no"]) for e in truth["log"] if e["applied"] and e["kind"] != "save_date")
        told: Figures = {
            "accounts": number,
            "minutes": round(took / 60, 1),
            "workers killed": killed,
            "seconds between two kills": round(took / max(killed, 1), 1),
            "steps done": done.total(),
            "steps done twice": sum(times - 1 for times in done.values()),
            "orders bought": truth["purchases"],
            "accounts of a platform that may be worked at a time": 2,
            "… that the busiest platform has seen": max(box.state.crowds[platform] for platform in PLATFORMS),
            "accounts that a last look finds failed or in doubt": sum(
                each["outcome"] in ("failed", "unknown") for each in last
            ),
        }
    return told


@dataclass(slots=True)
class _Blows:
    """What befalls the workers. The one that was frozen once is left alone from then on."""

    fleet: Fleet
    killed: int = 0
    frozen: "subprocess.Popen[bytes] | None" = None
    thaws_at: float = math.inf

    def strike(self, victim: int) -> None:
        if self.fleet.workers[victim] is self.frozen:
            victim = (victim + 1) % WORKERS
        if self.frozen is None and self.killed == 5:
            self.frozen, self.thaws_at = self.fleet.workers[victim], monotonic() + _FROZEN_SECONDS
            self.frozen.send_signal(signal.SIGSTOP)
        else:
            self.fleet.kill(victim)
            self.killed += 1
        if monotonic() > self.thaws_at:
            self.thaw()

    def thaw(self) -> None:
        if self.frozen is not None:
            self.frozen.send_signal(signal.SIGCONT)
        self.thaws_at = math.inf


def _strike_until_done(fleet: Fleet) -> int:
    """How many workers were killed until no account waited any more."""
    blows = _Blows(fleet)
    with ThreadPoolExecutor(1) as beside:  # on a busy machine the answer takes longer than the time between two blows
        asked = beside.submit(fleet.waiting)
        for blow in count(1):
            sleep(_BLOW_SECONDS)
            blows.strike(blow % WORKERS)
            if asked.done() and not asked.result():
                break
            if asked.done() and not blow % _ASKED_EVERY:
                asked = beside.submit(fleet.waiting)
    blows.thaw()
    return blows.killed
