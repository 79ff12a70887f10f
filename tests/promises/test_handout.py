"""Promise 2 for the hand-out: whoever dies or is frozen, every merchant is visited by one at a time, within limits."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from agent.cli.session import now
from agent.domain.accounts import AccountKey
from agent.domain.schedule import DueReason, Next
from agent.fleet.handout import HandOut
from agent.ledger import AccountHistory, Ledger, Limits
from agent.settings import Settings, load_settings
from tests.cli.living import once
from tests.fleet_worker import LOG, Worker
from tests.ledger.support import merchant

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]
ROOT = Path(__file__).parents[2]
Row = tuple[str, str, str, int, datetime]


class Home:
    """A ledger on PostgreSQL with merchants that are due on two platforms, and the table that workers write in."""

    def __init__(self, folder: Path, url: str, merchants: int) -> None:
        self.url, self.config = url, folder / "f.toml"
        self.config.write_text(
            f'database_url = "{url}"\nvault_key = "{Fernet.generate_key().decode()}"\n[schedule]\nat_once = 2\n',
            encoding="utf-8",
        )
        self.ledger = Ledger.open(self.settings(folder / "desk"), now)
        with psycopg.connect(url) as connection:
            connection.execute(LOG)
        self.register(merchants)

    def register(self, merchants: int) -> None:
        names = [merchant(f"m{number:02d}", (("jd", "taobao")[number % 2],)) for number in range(merchants)]
        with self.ledger.begin() as tx:
            tx.merchants.save(names)

    def present(self) -> int:
        with self.ledger.read() as tx:
            return sum(each.alive for each in tx.workers.all())

    def settings(self, folder: Path) -> Settings:
        folder.mkdir(exist_ok=True)
        return load_settings(self.config).model_copy(update={"data_dir": folder})

    def rows(self) -> list[Row]:
        with psycopg.connect(self.url) as connection:
            return connection.execute("SELECT what, merchant, platform, pid, at FROM visits ORDER BY at").fetchall()

    def ended(self) -> int:
        return sum(what == "end" for what, *_ in self.rows())

    def jobs(self) -> int:
        with psycopg.connect(self.url) as connection:
            (count,) = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() or (0,)
        return int(count)


@pytest.fixture
def home(tmp_path: Path, postgres_database: str) -> Iterator[Callable[[int], Home]]:
    made: list[Home] = []

    def make(merchants: int) -> Home:
        made.append(Home(tmp_path, postgres_database, merchants))
        return made[-1]

    yield make
    for each in made:
        each.ledger.close()


@contextmanager
def workers(home: Home, folder: Path, count: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
    with ExitStack() as stack:
        begun = []
        for number in range(count):
            machine = folder / f"machine{number}"
            machine.mkdir()
            command = [sys.executable, "-m", "tests.fleet_worker", str(home.config), "2", "0.3"]
            more = {"FANKUAN_DATA_DIR": str(machine), "PYTHONPATH": str(ROOT)}
            begun.append(stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=os.environ | more)))
            stack.callback(begun[-1].kill)
        yield begun


def test_one_is_killed_and_one_frozen_and_everyone_is_visited_once(tmp_path: Path, home: Callable[[int], Home]) -> None:
    here = home(0)
    with workers(here, tmp_path, 3) as begun:
        once(lambda: here.present() == 3)  # else the first could be done before the others have started
        here.register(24)
        working = two_at_work(here)
        killed, frozen = [each for each in begun if each.pid in working][:2]
        pids = {killed.pid, frozen.pid}
        killed.kill()
        frozen.send_signal(signal.SIGSTOP)
        struck = now()
        once(lambda: here.ended() == 24)
        frozen.send_signal(signal.SIGCONT)
        once(lambda: frozen.pid not in at_work(here.rows()))  # it has found out
        once(lambda: not here.jobs())
    rows = here.rows()
    assert Counter(merchant for what, merchant, *_ in rows if what == "click") == Counter({m: 1 for _, m, *_ in rows})
    assert Counter(merchant for what, merchant, *_ in rows if what == "end") == Counter({m: 1 for _, m, *_ in rows})
    assert overlaps(rows) == []
    assert crowds(rows, pids, struck) <= 2


def at_work(rows: list[Row]) -> set[int]:
    """The processes that have begun something and not ended it."""
    doing: Counter[int] = Counter()
    for what, _, _, pid, _ in rows:
        doing[pid] += {"begin": 1, "end": -1, "refused": -1}.get(what, 0)
    return {pid for pid, count in doing.items() if count > 0}


def two_at_work(here: Home) -> set[int]:
    """Wait until two processes are in the middle of something, and return which."""
    found: set[int] = set()

    def are_there() -> bool:
        found.clear()
        found.update(at_work(here.rows()))
        return len(found) > 1

    once(are_there)
    return found


def overlaps(rows: list[Row]) -> list[Row]:
    """What a process did with a name after another had begun with it."""
    holder: dict[str, int] = {}
    found = []
    for row in rows:
        what, name, _, pid, _ = row
        if what == "begin":
            holder[name] = pid
        elif what in ("click", "end") and holder[name] != pid:
            found.append(row)
    return found


def crowds(rows: list[Row], struck: set[int], at: datetime) -> int:
    """How many of a platform were worked on at the same time at the most; those that were struck work until then."""
    moments = []
    open_: dict[tuple[str, int], str] = {}
    for what, name, platform, pid, moment in rows:
        if what == "begin":
            moments.append((moment, 1, platform))
            open_[name, pid] = platform
        elif what in ("end", "refused") and (name, pid) in open_:
            del open_[name, pid]
            moments.append((min(moment, at) if pid in struck else moment, -1, platform))
    moments += [(at, -1, platform) for platform in open_.values()]
    busy: Counter[str] = Counter()
    most = 0
    for _, change, platform in sorted(moments):
        busy[platform] += change
        most = max(most, busy[platform])
    return most


async def test_what_somebody_asked_for_goes_before_what_waits(home: Callable[[int], Home], tmp_path: Path) -> None:
    here, stop = home(12), asyncio.Event()
    late = AccountKey("m11", "taobao")
    with here.ledger.begin() as tx:
        tx.schedule.plan(late, AccountHistory(0, None, None), Next(now(), DueReason.REGULAR))
    settings = here.settings(tmp_path / "machine")
    working = asyncio.create_task(Worker(settings, here.ledger, 1, 0.2).run(stop))
    await until(lambda: here.ended() >= 2)
    with here.ledger.begin() as tx:
        tx.schedule.at_once(late)
    asked = now()
    await until(lambda: here.ended() == 12)
    stop.set()
    await working
    begun = [(merchant, at) for what, merchant, _, _, at in here.rows() if what == "begin"]
    between = [merchant for merchant, at in begun if asked < at < dict(begun)["m11"]]
    assert len(between) <= 2, begun  # what was begun or being fetched by then


async def test_who_has_no_place_free_leaves_all_to_others(home: Callable[[int], Home], tmp_path: Path) -> None:
    here, stop = home(4), asyncio.Event()
    settings, visited = here.settings(tmp_path / "machine"), list[str]()

    async def visit(merchant: str) -> None:
        visited.append(merchant)

    full = HandOut(here.ledger, SecretStr(here.url), 2, asyncio.Semaphore(0), Limits(9, 99), visit, drain=1)
    working = asyncio.gather(full.run(stop), Worker(settings, here.ledger, 1, 0).run(stop))
    await until(lambda: here.ended() == 4)
    stop.set()
    await working
    assert visited == []


async def test_it_goes_on_after_every_connection_was_lost(home: Callable[[int], Home], tmp_path: Path) -> None:
    here, stop = home(4), asyncio.Event()
    settings = here.settings(tmp_path / "machine")
    working = asyncio.create_task(Worker(settings, here.ledger, 2, 0).run(stop))
    await until(lambda: here.ended() == 4)
    with psycopg.connect(here.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with here.ledger.begin() as tx:
        tx.merchants.save([merchant("another", ("jd",))])
    await until(lambda: here.ended() == 5)
    stop.set()
    await working
    assert here.jobs() == 0


async def until(question: Callable[[], bool]) -> None:
    await asyncio.to_thread(once, question)
