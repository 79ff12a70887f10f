"""A person logs in by hand, and the runs that nobody watches go on in that session."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome, UsageError
from agent.domain.report import AccountReport
from agent.flows.runs.attended import Way, log_in_attended
from agent.flows.runs.manual_login import ByQr, ByWindow, by_code, check_screen
from agent.ledger import KnownChallenge, Ledger
from agent.pages.actions.qr import QrCode
from agent.pages.live.page import LivePage
from agent.sandbox import Sandbox
from agent.sandbox.core.codes import inbox
from agent.sandbox.core.qr import grant, scan
from tests.flows.home import Home
from tests.support.puzzle import solve

TODAY = date(2026, 11, 23)
Person = Callable[[LivePage], Awaitable[None]]


def nobody(_: object) -> None: ...


async def log_in(
    home: Home,
    platform: str,
    way: Way,
    *,
    patience: float = 60.0,
    tell: Callable[[KnownChallenge], None] = nobody,
) -> AccountReport:
    ledger = Ledger.open(home.settings, home.clock)
    try:
        context = home.context(ledger, patience=timedelta(seconds=patience), tell=tell)
        return await log_in_attended(context, AccountKey("m1", platform), way)
    finally:
        ledger.close()


def kept(home: Home) -> list[str]:
    found: list[str] = []
    home.in_ledger(lambda tx: found.extend(s.account.platform for s in tx.sessions.known()))
    return found


def waiting(home: Home) -> list[KnownChallenge]:
    found: list[KnownChallenge] = []
    home.in_ledger(lambda tx: found.extend(tx.challenges.waiting()))
    return found


async def test_what_a_person_opened_in_a_window_serves_the_next_run(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]], today=TODAY) as box:
        box.faults.challenge = "slider"
        home = Home(tmp_path, box, day=TODAY)
        assert (await home.account()).reason == "challenge_slider"
        (left,) = waiting(home)
        assert (left.kind, left.deadline) == ("slider", None)
        assert left.picture
        assert "challenge-slider" in left.picture
        login = box.state.merchants[0].shops["weimob"].login
        sitting: list[asyncio.Task[None]] = []

        async def person(live: LivePage) -> None:
            page = live.raw
            await page.locator("input[type=password]").fill(login.password)
            await page.locator("input[type=text], input[type=tel]").first.fill(login.username)
            await page.locator(".login-btn").click()
            await solve(page)

        way = ByWindow(lambda live: sitting.append(asyncio.ensure_future(person(live))))
        report = await log_in(home, "weimob", way)
        await asyncio.gather(*sitting)
        assert (report.outcome, len(report.orders)) == (Outcome.OK, 6), report.text
        assert waiting(home) == []
        seen = login.ok
        account = await home.account()
        assert account.outcome is Outcome.OK, account.text
        assert login.ok == seen == 1


@pytest.mark.parametrize("platform", ["taobao", "youzan", "pinduoduo", "douyin"])
async def test_a_code_that_is_scanned_opens_the_way(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]], today=TODAY) as box:
        home, shown = Home(tmp_path, box, day=TODAY), list[str]()

        def phone(code: QrCode) -> None:
            """The person scans what stands in the terminal, and says yes."""
            shown.append(code.payload)
            assert scan(box.state, code.payload)
            assert grant(box.state, code.payload, "m1")

        report = await log_in(home, platform, ByQr(phone, lambda: None))
        assert report.outcome is Outcome.OK, report.text
        assert len(report.orders) == len(box.state.merchants[0].shops[platform].orders)
        assert len(shown) == 1
        assert kept(home) == [platform]
        assert waiting(home) == []


async def test_a_code_that_is_over_is_renewed_and_its_picture_can_be_scanned(tmp_path: Path) -> None:
    with Sandbox(shops=[["jd"]], today=TODAY) as box:
        home, shown, pictures, yes = Home(tmp_path, box, day=TODAY), list[str](), list[str](), list[str]()

        def phone(code: QrCode) -> None:
            shown.append(code.payload)
            (asked,) = waiting(home)
            (found,) = zxingcpp.read_barcodes(Image.open(asked.picture or ""))
            pictures.append(found.text)
            if len(shown) == 1:
                box.state.scans[code.payload].made_at -= box.faults.qr_lasts + 1  # nobody came in time
            else:
                assert scan(box.state, code.payload)

        def on_the_phone() -> None:
            yes.append(shown[-1])
            assert grant(box.state, shown[-1], "m1")

        report = await log_in(home, "jd", ByQr(phone, on_the_phone))
        assert report.outcome is Outcome.OK, report.text
        assert shown == pictures
        assert len({*shown}) == 2
        assert yes == shown[1:]


async def test_the_code_of_a_message_is_enough_where_there_is_no_screen(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]], today=TODAY) as box:
        box.faults.challenge = "sms"
        home = Home(tmp_path, box, day=TODAY)

        def person(challenge: KnownChallenge) -> None:
            (message,) = inbox(box.state)
            home.in_ledger(lambda tx: tx.challenges.answer(challenge.id, SecretStr(message.digits)))

        report = await log_in(home, "suning", by_code, tell=person)
        assert report.outcome is Outcome.OK, report.text
        assert kept(home) == ["suning"]


async def test_nobody_who_logs_in_is_waited_for_in_vain(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]], today=TODAY) as box:
        home = Home(tmp_path, box, day=TODAY)
        report = await log_in(home, "weimob", ByWindow(nobody), patience=1.0)
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "not_logged_in")
        assert kept(home) == []


async def test_another_shop_that_was_logged_in_is_not_kept(tmp_path: Path) -> None:
    with Sandbox(shops=[["jd"], ["jd"]], today=TODAY) as box:
        home = Home(tmp_path, box, day=TODAY)

        def phone(code: QrCode) -> None:
            assert scan(box.state, code.payload)
            assert grant(box.state, code.payload, "m2")

        report = await log_in(home, "jd", ByQr(phone, lambda: None))
        assert report.reason == "wrong_shop"
        assert kept(home) == []


def test_without_a_screen_there_is_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(UsageError, match="screen"):
        check_screen()


async def test_a_platform_that_is_gone_needs_no_log_in(tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao", "paipai"]], today=TODAY) as box, pytest.raises(UsageError, match="no site"):
        await log_in(Home(tmp_path, box, day=TODAY), "paipai", by_code)
