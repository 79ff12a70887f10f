"""What must hold on every platform's simulated site, in a real browser: the whole job, and all that must stop it."""

from datetime import date
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.domain.report import AccountReport
from agent.sandbox import Sandbox
from agent.sandbox.trades import TRADES
from tests.flows.home import Home

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.parametrize("platform", TRADES)


def at_home(folder: Path, box: Sandbox) -> Home:
    return Home(folder, box, day=TODAY)


def applied(box: Sandbox) -> dict[str, list[str]]:
    """The numbers of the orders to which each kind of step was applied, as often as it was."""
    done: dict[str, list[str]] = {"confirm": [], "file": [], "refund": []}
    for entry in box.truth()["log"]:
        if entry["applied"]:
            done[entry["kind"]].append(entry["order_no"])
    return {kind: sorted(numbers) for kind, numbers in done.items()}


def wanted(box: Sandbox) -> dict[str, list[str]]:
    return {kind: sorted(box.truth()["expected"]["m1"][kind]) for kind in ("confirm", "file", "refund")}


def log_ins(box: Sandbox, platform: str) -> dict[str, int]:
    (shop,) = box.truth()["markets"][platform].values()
    counts: dict[str, int] = shop["logins"]
    return counts


def assert_stopped(report: AccountReport, box: Sandbox, outcome: Outcome, reason: str) -> None:
    """It ended for that reason, with a picture, and nothing was clicked that changes anything."""
    assert (report.outcome, report.reason) == (outcome, reason), report.text
    assert report.evidence
    assert box.truth()["log"] == []


async def test_the_whole_job_is_done_once(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]]) as box:
        home = at_home(tmp_path, box)
        first = await home.account()
        assert (first.outcome, first.reason) == (Outcome.OK, None), first.text
        assert applied(box) == wanted(box)
        shop = next(iter(box.truth()["markets"][platform].values()))
        assert {o.order_no for o in first.orders} >= {o["number"] for o in shop["orders"] if o["status"] == "交易成功"}
        assert {o.amount for o in first.orders} == {o.amount for o in box.state.merchants[0].shops[platform].orders}
        sent = len(box.truth()["log"])
        second = await home.account()
        assert second.outcome is Outcome.OK
        assert len(box.truth()["log"]) == sent
        assert box.truth()["purchases"] == 0


async def test_a_wrong_password_is_tried_once(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]]) as box:
        home = at_home(tmp_path, box)
        box.state.merchants[0].shops[platform].login.password = "another"
        assert_stopped(await home.account(), box, Outcome.FAILED, "bad_password")
        assert log_ins(box, platform) == {"ok": 0, "bad": 1}


async def test_a_challenge_is_left_to_a_person(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]]) as box:
        box.faults.challenge = "slider"
        assert_stopped(await at_home(tmp_path, box).account(), box, Outcome.NEEDS_HUMAN, "challenge_slider")
        assert log_ins(box, platform)["ok"] == 0


async def test_a_code_that_was_sent_to_a_person_is_left_to_that_person(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]]) as box:
        box.faults.challenge = "sms"
        report = await at_home(tmp_path, box).account()
        assert report.reason in ("challenge_sms", "challenge_email")
        assert_stopped(report, box, Outcome.NEEDS_HUMAN, report.reason)


async def test_another_shop_stops_it_before_any_click(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]]) as box:
        box.faults.shop_name = "别人的店"
        assert_stopped(await at_home(tmp_path, box).account(), box, Outcome.FAILED, "wrong_shop")


async def test_sessions_that_end_midway_end_nothing_else(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]]) as box:
        home = at_home(tmp_path, box)
        box.faults.expire_session_after = 7
        reports = [await home.account()]
        while reports[-1].outcome is not Outcome.OK and len(reports) < 4:
            reports.append(await home.account())
        assert reports[-1].outcome is Outcome.OK, reports[-1].text
        assert applied(box) == wanted(box)


async def test_an_unknown_state_stops_it(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]]) as box:
        box.faults.unknown_status = True
        report = await at_home(tmp_path, box).account()
        assert_stopped(report, box, Outcome.FAILED, "page_changed")
        assert report.text is not None
        assert "处理异常" in report.text.en
