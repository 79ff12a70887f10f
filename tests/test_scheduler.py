"""The service in one process: what it takes up at the same time, what it puts off, and how it goes on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from agent import scheduler
from agent.domain.accounts import AccountKey
from agent.domain.report import AccountReport
from agent.domain.schedule import DueReason, Next
from agent.ledger import AccountHistory, Ledger, Limits
from agent.sandbox import Sandbox, leave_nothing_to_do
from agent.scheduler import Service
from agent.settings import load_settings
from tests.flows.home import Home, Silent

HOURS = '[schedule]\nhours = "00:00-00:00"\n'
LEFT_OUT_LATER = """
[[platforms]]
id = "own"
title = "某服务市场"
login_url = "http://127.0.0.1:9/login"
services = ["网店管家云端版"]
filing_name = "淘宝"
"""


class Counting(Silent):
    """Sets `enough` once so many accounts have ended, and keeps how many were worked on at the same time."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted, self.enough = wanted, asyncio.Event()
        self.reports: list[AccountReport] = []
        self.started = 0
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    def account_started(self, account: AccountKey) -> None:
        self.started += 1
        for name in (account.merchant_id, account.platform, "all"):
            self.now[name] += 1
            self.most[name] = max(self.most[name], self.now[name])

    def account_ended(self, report: AccountReport) -> None:
        self.reports.append(report)
        for name in (report.account.merchant_id, report.account.platform, "all"):
            self.now[name] -= 1
        if len(self.reports) >= self.wanted:
            self.enough.set()


@asynccontextmanager
async def serving(home: Home, wanted: int | Counting, concurrency: int = 3) -> AsyncIterator[tuple[Counting, Ledger]]:
    """A service that has ended `wanted` accounts, and its ledger."""
    progress = wanted if isinstance(wanted, Counting) else Counting(wanted)
    ledger = Ledger.open(home.settings, home.clock)

    async def tell() -> None: ...

    service = Service(home.settings, ledger, home.clock, progress, "test", tell, concurrency)
    try:
        async with asyncio.timeout(120):
            await service.alone(progress.enough)
        yield progress, ledger
    finally:
        ledger.close()


def why(ledger: Ledger) -> set[DueReason]:
    with ledger.read() as tx:
        return {each.why for each in tx.schedule.all()}


async def test_an_account_is_worked_on_once_at_a_time_and_a_platform_within_its_limits(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob", "jd"], ["weimob"], ["weimob", "suning"]]) as box:
        leave_nothing_to_do(box)
        home = Home(tmp_path, box, settings=f"{HOURS}at_once = 1\n")
        async with serving(home, 5) as (progress, ledger):
            assert [r.outcome for r in progress.reports] == ["ok"] * 5, progress.reports
            assert progress.most["weimob"] == 1
            assert 1 < progress.most["all"] <= 3
            assert progress.started == 5  # none was taken up twice before it had its lease
            assert DueReason.NEW not in why(ledger)
            with ledger.read() as tx:
                assert tx.schedule.due(10, Limits(9, 999)) == []


async def test_no_more_accounts_at_a_time_than_wanted(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"], ["jd"], ["suning"]]) as box:
        leave_nothing_to_do(box)
        async with serving(Home(tmp_path, box, settings=HOURS), 3, concurrency=1) as (progress, _):
            assert progress.most["all"] == 1


async def test_an_account_that_cannot_begin_is_put_off_and_the_others_go_on(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"], ["jd"]]) as box:
        listed = box.merchants_toml().replace('"weimob"', '"own"', 1)
        home = Home(tmp_path, box, merchants=listed, settings=HOURS + LEFT_OUT_LATER)
        home.config.write_text(home.config.read_text(encoding="utf-8").replace(LEFT_OUT_LATER, ""), encoding="utf-8")
        home.settings = load_settings(home.config)
        async with serving(home, 2) as (progress, ledger):
            ended = {r.account.platform: (r.outcome, r.reason) for r in progress.reports}
            assert ended == {"own": ("failed", "not_started"), "jd": ("ok", None)}
            with ledger.read() as tx:
                (put_off,) = [each for each in tx.schedule.all() if each.account.merchant_id == "m1"]
            assert (put_off.why, put_off.failures) == (DueReason.FAILED, 1)
            assert put_off.at - home.clock() > timedelta(minutes=25)


async def test_the_browser_is_started_anew_after_so_many_accounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "_ACCOUNTS_OF_A_BROWSER", 1)
    with Sandbox(shops=[["weimob"], ["weimob"], ["weimob"]]) as box:
        leave_nothing_to_do(box)
        async with serving(Home(tmp_path, box, settings=HOURS), 3) as (progress, _):
            assert [r.outcome for r in progress.reports] == ["ok"] * 3


async def test_a_wrong_password_that_merchants_share_is_tried_once_though_they_are_worked_at_the_same_time(
    tmp_path: Path,
) -> None:
    with Sandbox(shops=[["weimob"], ["jd"], ["suning"]]) as box:
        first, *others = box.state.merchants
        listed = box.merchants_toml()
        for other in others:
            for mine, theirs in (("username", "username"), ("password", "password")):
                listed = listed.replace(getattr(other.backoffice, theirs), getattr(first.backoffice, mine))
        home = Home(tmp_path, box, merchants=listed, settings=HOURS)
        first.backoffice.password = "changed"
        async with serving(home, 3) as (progress, _):
            assert [r.reason for r in progress.reports] == ["bad_password"] * 3
            assert first.backoffice.bad == 1
            assert progress.most["all"] > 1


class Unplugging(Counting):
    """Ends Playwright's own process, the driver, when the first account begins."""

    def account_started(self, account: AccountKey) -> None:
        super().account_started(account)
        if self.started == 1:
            family = [p for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE]
            drivers = [p for p in family if p.exe().endswith("playwright/driver/node")]
            assert drivers
            for driver in drivers:
                driver.kill()


async def test_a_driver_that_dies_is_started_anew_and_the_others_go_on(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"], ["jd"], ["suning"]]) as box:
        leave_nothing_to_do(box)
        home, progress = Home(tmp_path, box, settings=HOURS), Unplugging(3)
        async with serving(home, progress, concurrency=1):
            reasons = [r.reason for r in progress.reports]
            assert reasons[0] in ("interrupted", None)
            assert reasons[1:] == [None, None]


async def test_people_are_told_while_it_serves_and_not_only_when_something_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "_TELL_SECONDS", 0.05)
    stop, told = asyncio.Event(), list[int]()

    async def tell() -> None:
        told.append(1)
        if len(told) == 3:
            stop.set()

    with Sandbox(shops=[["weimob"]]) as box:
        home, progress = Home(tmp_path, box, settings=HOURS), Counting(9)
        ledger = Ledger.open(home.settings, home.clock)
        with ledger.begin() as tx:
            tx.schedule.plan(
                AccountKey("m1", "weimob"),
                AccountHistory(0, None, None),
                Next(home.clock() + timedelta(days=1), DueReason.REGULAR),
            )
        async with asyncio.timeout(60):
            await Service(home.settings, ledger, home.clock, progress, "test", tell, 1).alone(stop)
        ledger.close()
    assert (len(told), progress.started) == (3, 0)
