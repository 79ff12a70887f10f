"""What must hold on every platform's simulated site, in a real browser: the whole job, and all that must stop it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain.errors import Outcome
from agent.domain.report import AccountReport
from agent.ledger import KnownChallenge
from agent.sandbox import Sandbox
from agent.sandbox.core.codes import inbox
from agent.sandbox.core.model import COMPLETED
from agent.sandbox.samples.trades import TRADES
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
        box.faults.expire_session_after = 14
        reports = [await home.account()]
        while reports[-1].outcome is not Outcome.OK and len(reports) < 4:
            reports.append(await home.account())
        last = reports[-1]
        assert (last.outcome, last.reason) == (Outcome.OK, None), last.text
        assert applied(box) == wanted(box)
        shop = next(iter(box.truth()["markets"][platform].values()))
        assert {o.order_no for o in last.orders} >= {o["number"] for o in shop["orders"] if o["status"] == "交易成功"}
        assert {o.amount for o in last.orders} == {o.amount for o in box.state.merchants[0].shops[platform].orders}
        assert box.truth()["purchases"] == 0


async def test_a_wrong_password_another_shop_and_an_unknown_state_stop_their_accounts(
    platform: str, tmp_path: Path
) -> None:
    with Sandbox(shops=[[platform]] * 3) as box:
        home = at_home(tmp_path, box)
        first, second, third = (merchant.shops[platform] for merchant in box.state.merchants)
        first.login.password = "another"
        second.name = "别人的店"
        unknown = next(o for o in third.orders if o.status == COMPLETED)
        unknown.status = "处理异常"
        report = await home.sync()
        assert [a.reason for a in report.accounts] == ["bad_password", "wrong_shop", "page_changed"], report.accounts
        assert {a.outcome for a in report.accounts} == {Outcome.FAILED}
        assert all(a.evidence for a in report.accounts)
        assert (first.login.ok, first.login.bad) == (0, 1)
        text = report.accounts[2].text
        assert text is not None
        assert "处理异常" in text.en
        # What is not understood stops its own order alone: the others of the third account go on.
        worked = {(entry["account"], entry["order_no"]) for entry in box.truth()["log"]}
        assert unknown.number not in {number for _, number in worked}
        assert {account for account, _ in worked} <= {third.login.username, box.state.merchants[2].backoffice.username}


async def test_a_challenge_is_left_to_a_person(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform]]) as box:
        box.faults.challenge = "slider"
        assert_stopped(await at_home(tmp_path, box).account(), box, Outcome.NEEDS_HUMAN, "challenge_slider")
        assert log_ins(box, platform)["ok"] == 0


async def test_a_code_that_a_person_was_sent_opens_the_way_also_after_a_wrong_one(
    platform: str, tmp_path: Path
) -> None:
    with Sandbox(shops=[[platform]]) as box:
        box.faults.challenge = "sms"
        home, asked = at_home(tmp_path, box), []

        def person(challenge: KnownChallenge) -> None:
            asked.append(challenge)
            (message,) = inbox(box.state)
            typed = message.digits if len(asked) > 1 else "000000"
            home.in_ledger(lambda tx: tx.challenges.answer(challenge.id, SecretStr(typed)))

        report = await home.account(dry_run=True, patience=timedelta(seconds=60), tell=person)
        assert report.outcome is Outcome.OK, report.text
        assert [(c.kind in ("sms", "email"), c.attempts, bool(c.picture)) for c in asked] == [
            (True, 0, True),
            (True, 1, True),
        ]
        assert all(c.message and "*" in c.message for c in asked)
        assert log_ins(box, platform) == {"ok": 1, "bad": 0}
        left: list[object] = []
        home.in_ledger(lambda tx: left.extend(tx.challenges.waiting()))
        home.in_ledger(lambda tx: left.extend(each.account.platform for each in tx.sessions.known()))
        assert sorted(map(str, left)) == sorted([platform, "wdgj"])
