"""Simulated sites, and an operator's home that leads to them."""

import json
import os
import resource
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Self, TypeVar

import psutil

from agent.browser.storage_state import StorageState
from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI
from agent.domain.report import AccountReport, Action, StepKind
from agent.domain.text import Text
from agent.flows.runs.context import RunContext
from agent.flows.session.session_store import BACK_OFFICE
from agent.importing import read_merchants
from agent.ledger import Ledger
from agent.sandbox import Sandbox
from agent.settings import Settings, load_settings, sites

T = TypeVar("T")
Figures = dict[str, float]
HOURS = '\n[schedule]\nhours = "00:00-00:00"\nat_once = 1000\na_minute = 10000\n'


def now() -> datetime:
    """The machine's own clock."""
    return datetime.now(SHANGHAI)


class Silent:
    """A watch that keeps the reports, and nothing else."""

    def __init__(self) -> None:
        self.reports: list[AccountReport] = []

    def account_started(self, account: AccountKey) -> None: ...

    def stage(self, account: AccountKey, text: Text) -> None: ...

    def step_started(self, account: AccountKey, kind: StepKind, order_no: str | None) -> None: ...

    def step_ended(self, account: AccountKey, action: Action) -> None: ...

    def account_ended(self, report: AccountReport) -> None:
        self.reports.append(report)


@dataclass(frozen=True, slots=True)
class World:
    """Sites, settings and a ledger in which all their merchants are registered.

    The sites are a process of their own, as real ones are: nobody waits for the interpreter that they compute with.
    `box` is how they were when they began; `ask` answers from how they are.
    """

    box: Sandbox
    settings: Settings
    ledger: Ledger
    _sites: ProcessPoolExecutor

    def context(self, **given: Any) -> RunContext:  # noqa: ANN401
        """What a run is given that a benchmark starts; its progress is told to nobody unless it is `given`."""
        return RunContext(settings=self.settings, ledger=self.ledger, clock=now, started_by="benchmark", **given)

    def ask(self, question: Callable[[Sandbox], T]) -> T:
        """What a function of a module, which is sent there, finds or changes."""
        return self._sites.submit(_answer, question).result()


@contextmanager
def world(shops: Sequence[Sequence[str]], shape: Callable[[Sandbox], None] = lambda _: None) -> Iterator[World]:
    """One merchant for each of `shops`, changed by `shape` before anybody comes."""
    box = Sandbox(shops=shops, today=now().date())
    shape(box)
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        served = stack.enter_context(ProcessPoolExecutor(1, get_context("spawn"), _serve, (box,)))
        box.port = served.submit(_answer, _port).result()
        config, listed = Path(folder, "fankuan.toml"), Path(folder, "merchants.toml")
        config.write_text(f'data_dir = "var"\n{box.settings_toml()}{HOURS}', encoding="utf-8")
        listed.write_text(box.merchants_toml(), encoding="utf-8")
        settings = load_settings(config)
        ledger = Ledger.open(settings, now)
        stack.callback(ledger.close)
        known = sites(settings)
        titles, gone = {name: site.title for name, site in known.items()}, [s.id for s in known.values() if s.gone]
        with ledger.begin() as tx:
            tx.merchants.save(read_merchants(listed, titles, gone).merchants)
        yield World(box, settings, ledger, served)


_served: list[Sandbox] = []  # in the process of the sites


def _serve(box: Sandbox) -> None:
    _served.append(box.__enter__())


def _answer(question: Callable[[Sandbox], T]) -> T:
    return question(_served[0])


def _port(box: Sandbox) -> int:
    return box.port


class Cost:
    """What a block takes: seconds on the clock, and CPU seconds of this process and of all that it started."""

    def __enter__(self) -> Self:
        self._began, self._cpu = perf_counter(), cpu_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall = perf_counter() - self._began
        self.cpu = cpu_seconds() - self._cpu


def beside(ours: Sequence[Cost], script: Sequence[Cost]) -> Figures:
    """The medians of both, and how many times as much ours is."""
    wall, cpu = median(c.wall for c in ours), median(c.cpu for c in ours)
    script_wall, script_cpu = median(c.wall for c in script), median(c.cpu for c in script)
    return {
        "seconds": round(wall, 2),
        "… of the script": round(script_wall, 2),
        "ratio": round(wall / script_wall, 2),
        "CPU seconds": round(cpu, 2),
        "… of the script (CPU)": round(script_cpu, 2),
        "ratio (CPU)": round(cpu / script_cpu, 2),
    }


def cpu_seconds() -> float:
    """CPU seconds of this process, its living descendants, and those that have ended.

    The sites are one of them, for both sides of each comparison alike.
    """
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime + resource.getrusage(resource.RUSAGE_SELF).ru_stime
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        used += times.user + times.system + times.children_user + times.children_system
    return used + gone.ru_utime + gone.ru_stime


def is_root() -> bool:
    """True where Chromium's own sandbox cannot be used."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def all_well(reports: list[AccountReport]) -> None:
    """Raises RuntimeError where an account did not end well: then nothing was measured."""
    if wrong := [report for report in reports if report.outcome is not Outcome.OK]:
        raise RuntimeError(f"{wrong[0].account.merchant_id}/{wrong[0].account.platform}: {wrong[0].reason}")


def stored_session(here: World, merchant: str, platform: str) -> StorageState:
    """The sessions of a platform and of the back office, as one browser window holds them."""
    both = []
    for site in (platform, BACK_OFFICE):
        with here.ledger.read() as tx:
            kept = tx.sessions.find(AccountKey(merchant, site))
        if kept is None:
            raise RuntimeError(f"{merchant}/{site} has no session")
        both.append(StorageState.loads(json.loads(kept.state.get_secret_value())["stored"]))
    market, office = both
    shared = {
        "cookies": [*market.shared["cookies"], *office.shared["cookies"]],
        "origins": [*market.shared["origins"], *office.shared["origins"]],
    }
    return StorageState(shared, market.own | office.own)  # type: ignore[arg-type]
