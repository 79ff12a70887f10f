"""A person logs in by hand, and the runs that nobody watches go on in that session."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest

from agent.domain.errors import Outcome, UsageError
from agent.domain.report import AccountReport
from agent.flows.by_hand import log_in_by_hand
from agent.ledger import Ledger
from agent.pages.window import Window
from agent.sandbox import Sandbox
from tests.flows.home import Home
from tests.sites.puzzle import solve

TODAY = date(2026, 11, 23)
Person = Callable[[Window], Awaitable[None]]


async def nobody(_window: Window) -> None: ...


async def log_in(home: Home, person: Person, patience: float = 60.0) -> AccountReport:
    """What comes of it while `person` sits before the window, which in these tests is not drawn on a screen."""
    sitting: list[asyncio.Task[None]] = []

    def ready(window: Window) -> None:
        sitting.append(asyncio.ensure_future(person(window)))

    ledger = Ledger.open(home.settings, home.clock)
    try:
        report = await log_in_by_hand(
            home.settings, ledger, "m1", "weimob", headed=False, started_by="test", ready=ready, patience=patience
        )
    finally:
        ledger.close()
    await asyncio.gather(*sitting)
    return report


async def test_what_a_person_opened_serves_the_next_run(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]], today=TODAY) as box:
        box.faults.challenge = "slider"
        home = Home(tmp_path, box, day=TODAY)
        assert (await home.account()).reason == "challenge_slider"
        login = box.state.merchants[0].shops["weimob"].login

        async def person(window: Window) -> None:
            page = window.page
            await page.locator("input[type=password]").fill(login.password)
            await page.locator("input[type=text], input[type=tel]").first.fill(login.username)
            await page.locator(".login-btn").click()
            await solve(page)

        report = await log_in(home, person)
        assert (report.outcome, len(report.orders)) == (Outcome.OK, 6), report.text
        seen = login.ok
        account = await home.account()
        assert account.outcome is Outcome.OK, account.text
        assert login.ok == seen == 1


async def test_nobody_who_logs_in_is_waited_for_in_vain(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]], today=TODAY) as box:
        home = Home(tmp_path, box, day=TODAY)
        report = await log_in(home, nobody, patience=1.0)
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "not_logged_in")
        kept: list[str] = []
        home.with_ledger(lambda ledger: kept.extend(s.site for s in ledger.sessions()))
        assert kept == []


async def test_without_a_screen_there_is_no_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with Sandbox(shops=[["weimob"]], today=TODAY) as box:
        home = Home(tmp_path, box, day=TODAY)
        ledger = Ledger.open(home.settings, home.clock)
        with pytest.raises(UsageError, match="no screen"):
            await log_in_by_hand(
                home.settings, ledger, "m1", "weimob", headed=True, started_by="test", ready=lambda _: None
            )
        ledger.close()
