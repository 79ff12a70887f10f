"""What must hold on every platform's simulated site, in a real browser: the whole job, and all that must stop it."""

from datetime import date
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.domain.report import AccountReport
from agent.sandbox import Sandbox
from agent.sandbox.model import COMPLETED
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


async def test_the_whole_job_is_done_once_though_sessions_end_midway(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]]) as box:
        home = at_home(tmp_path, box)
        box.faults.expire_session_after = 9
        reports = [await home.account()]
        while reports[-1].outcome is not Outcome.OK and len(reports) < 4:
            reports.append(await home.account())
        last = reports[-1]
        assert (last.outcome, last.reason) == (Outcome.OK, None), last.text
        assert applied(box) == wanted(box)
        shop = next(iter(box.truth()["markets"][platform].values()))
        assert {o.order_no for o in last.orders} >= {o["number"] for o in shop["orders"] if o["status"] == "交易成功"}
        assert {o.amount for o in last.orders} == {o.amount for o in box.state.merchants[0].shops[platform].orders}
        sent = len(box.truth()["log"])
        box.faults.expire_session_after = None
        again = await home.account()
        assert again.outcome is Outcome.OK
        assert len(box.truth()["log"]) == sent
        assert box.truth()["purchases"] == 0


async def test_a_wrong_password_another_shop_and_an_unknown_state_stop_their_accounts(
    platform: str, tmp_path: Path
) -> None:
    with Sandbox(shops=[[platform]] * 3) as box:
        home = at_home(tmp_path, box)
        first, second, third = (merchant.shops[platform] for merchant in box.state.merchants)
        first.login.password = "another"
        second.name = "别人的店"
        next(o for o in third.orders if o.status == COMPLETED).status = "处理异常"
        report = await home.sync()
        assert [a.reason for a in report.accounts] == ["bad_password", "wrong_shop", "page_changed"], report.accounts
        assert {a.outcome for a in report.accounts} == {Outcome.FAILED}
        assert all(a.evidence for a in report.accounts)
        assert (first.login.ok, first.login.bad) == (0, 1)
        text = report.accounts[2].text
        assert text is not None
        assert "处理异常" in text.en
        assert box.truth()["log"] == []


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
