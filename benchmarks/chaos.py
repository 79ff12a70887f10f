"""Four workers on one PostgreSQL; every five seconds one is killed (SIGKILL), and one is frozen and woken."""

import json
import signal
from collections import Counter
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from agent.sandbox import Sandbox
from benchmarks.fleet import WORKERS, Fleet, database
from benchmarks.many import PLATFORMS, leave_to_do
from benchmarks.world import Figures, now

_BLOW_SECONDS, _FROZEN_SECONDS = 5.0, 25.0
_SETTINGS = '\n[schedule]\nhours = "00:00-00:00"\nat_once = 2\na_minute = 10000\n'


def accounts(count: int) -> Figures:
    """Every account has an order with which something is to be done.

    Raises RuntimeError where anything was done twice, or is left to do.
    """
    with ExitStack() as stack:
        folder, url = Path(stack.enter_context(TemporaryDirectory())), stack.enter_context(database())
        shops = [PLATFORMS] * (count // len(PLATFORMS))
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
            "accounts": count,
            "minutes": round(took / 60, 1),
            "workers killed": killed,
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


def _strike_until_done(fleet: Fleet) -> int:
    """How many workers were killed until no account waited any more."""
    killed, frozen, thawed_at = 0, None, 0.0
    for victim in cycle(range(WORKERS)):
        sleep(_BLOW_SECONDS)
        if frozen is None and killed == 5:
            frozen, thawed_at = fleet.workers[victim], monotonic() + _FROZEN_SECONDS
            frozen.send_signal(signal.SIGSTOP)
        elif frozen is None or fleet.workers[victim] is not frozen:
            fleet.kill(victim)
            killed += 1
        if frozen is not None and thawed_at and monotonic() > thawed_at:
            frozen.send_signal(signal.SIGCONT)
            thawed_at = 0.0
        if not fleet.waiting():
            return killed
    raise AssertionError("a cycle does not end")
