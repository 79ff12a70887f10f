"""Promise 2 for a fleet: whoever is killed or frozen, another one finishes every account, and nothing is done twice."""

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from agent.cli.session import now
from agent.sandbox import Post, Sandbox, leave_to_do
from tests.cli.living import once
from tests.support.command import COMMAND, fankuan
from tests.support.processes import Agent, started

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(600)]
PATIENCE = 400.0  # three browsers at work beside other tests
SHOPS = [["taobao"], ["jd"], ["suning"], ["weimob"]]


class Fleet:
    """Workers in data directories of their own, as on machines of their own, on one database with one key."""

    def __init__(self, folder: Path, box: Sandbox, url: str) -> None:
        self.folder, self.url = folder, url
        self.variables = {"FANKUAN_DATABASE_URL": url, "FANKUAN_VAULT_KEY": Fernet.generate_key().decode()}
        settings = f'{box.settings_toml()}\n[schedule]\nhours = "00:00-00:00"\n'
        (folder / "f.toml").write_text(settings, encoding="utf-8")
        (folder / "merchants.toml").write_text(box.merchants_toml(), encoding="utf-8")
        self.run("merchants", "import", "merchants.toml")

    def run(self, *arguments: str) -> str:
        done = fankuan(self.folder, "--config", "f.toml", *arguments, **self.variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def waiting(self) -> int:
        """How many accounts were not finished yet."""
        unfinished = ["new", "in_doubt", "failed", "cut_short"]
        with psycopg.connect(self.url) as connection:
            found = connection.execute("SELECT count(*) FROM schedule WHERE why = ANY(%s)", [unfinished]).fetchone()
        return int(found[0]) if found else 0

    @contextmanager
    def workers(self, count: int) -> Iterator[list[Agent]]:
        with ExitStack() as stack:
            agents = []
            for number in range(count):
                home = self.folder / f"machine{number}"
                home.mkdir()
                command = [*COMMAND, "--config", self.folder / "f.toml", "worker", "--concurrency", 1]
                agents.append(stack.enter_context(started(*command, folder=home, **self.variables)))
            yield agents

    def holder(self, platform: str) -> int:
        """The process that works on that platform's account now."""
        with psycopg.connect(self.url) as connection:
            query = "SELECT holder FROM leases WHERE platform = %s AND until > now()"
            (holder,) = connection.execute(query, [platform]).fetchone() or ("#0",)
        return int(holder.rpartition("#")[2])


def test_one_is_killed_and_one_frozen_and_all_is_done_once(tmp_path: Path, postgres_database: str) -> None:
    struck: dict[str, int] = {}

    def strike(post: Post, stage: str) -> str | None:
        if stage != "before" or post.site == "backoffice":
            return None
        blow = "killed" if "killed" not in struck else "frozen"
        if blow in struck or (victim := fleet.holder(post.site)) == 0:
            return None
        struck[blow] = victim
        os.kill(victim, signal.SIGKILL if blow == "killed" else signal.SIGSTOP)
        return "drop" if blow == "killed" else None

    with Sandbox(shops=SHOPS, today=now().date(), on_post=strike) as box:
        leave_to_do(box, 2)
        fleet = Fleet(tmp_path, box, postgres_database)
        with fleet.workers(3) as agents:
            by_pid = {agent.process.pid: agent for agent in agents}
            once(lambda: not fleet.waiting() and len(struck) == 2, PATIENCE)
            assert by_pid[struck["killed"]].process.wait(30) == -signal.SIGKILL
            sent = len(box.truth()["log"])
            os.kill(struck["frozen"], signal.SIGCONT)
            alive = [agent for pid, agent in by_pid.items() if pid != struck["killed"]]
            for agent in alive:
                agent.process.send_signal(signal.SIGTERM)
            for agent in alive:
                _, told = agent.process.communicate(timeout=120)
                assert agent.process.returncode == 0, told
        log = box.truth()["log"]
        assert len(log) == sent  # the frozen one woke up, and clicked nothing
        done = Counter((e["kind"], e["order_no"]) for e in log if e["applied"] and e["kind"] != "save_date")
        assert [step for step, times in done.items() if times > 1] == []
        last = json.loads(fleet.run("sync", "--json"))
        assert {account["outcome"] for account in last["accounts"]} == {"ok"}
        assert len(box.truth()["log"]) == sent  # nothing was left to do
