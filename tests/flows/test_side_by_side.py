"""A merchant's platforms are worked on at the same time; what happens in the back office, one after another."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.report import AccountReport, Action, StepKind
from agent.ledger import KnownChallenge
from agent.sandbox import Sandbox, leave_nothing_to_do
from agent.sandbox.core.model import Post
from agent.sandbox.leaving import leave_to_do
from tests.flows.home import Home, Silent

PLATFORMS = ["jd", "suning", "weimob"]
SECONDS = 60.0  # in which whatever is waited for has come, however slow the machine is


class Steps(Silent):
    """Keeps when each step began and ended, of which account, and how many accounts were worked on at a time."""

    def __init__(self, ended: Callable[[AccountReport], None] = lambda _: None) -> None:
        super().__init__()
        self.told: list[tuple[str, AccountKey, StepKind]] = []
        self.then, self.now, self.most = ended, 0, 0

    def account_started(self, account: AccountKey) -> None:
        self.now += 1
        self.most = max(self.most, self.now)

    def account_ended(self, report: AccountReport) -> None:
        self.now -= 1
        self.then(report)

    def step_started(self, account: AccountKey, kind: StepKind, order_no: str | None) -> None:
        self.told.append(("began", account, kind))

    def step_ended(self, account: AccountKey, action: Action) -> None:
        self.told.append(("ended", account, action.kind))

    def assert_one_account_at_a_time(self, *kinds: StepKind) -> None:
        """No account begins such a step while a list has not shown how those of another ended."""
        begun: list[AccountKey] = []
        for what, account, kind in self.told:
            if kind in kinds:
                assert {*begun} <= {account}, self.told
                begun = [*begun, account] if what == "began" else begun[1:]


def assert_each_once(box: Sandbox) -> None:
    """All that was to be done is done, and nothing of it twice."""
    truth = box.truth()
    (expected,) = truth["expected"].values()
    applied = [(entry["kind"], entry["order_no"]) for entry in truth["log"] if entry["applied"]]
    assert len(applied) == len({*applied}), applied
    for kind in ("confirm", "file", "refund"):
        assert sorted(n for what, n in applied if what == kind) == sorted(expected[kind])


async def test_platforms_are_confirmed_at_the_same_time_and_their_orders_filed_one_after_another(
    tmp_path: Path,
) -> None:
    everyone = threading.Barrier(len(PLATFORMS))

    def all_at_once(post: Post, stage: str) -> None:
        if (post.kind, stage) == ("confirm", "before"):
            everyone.wait(SECONDS)  # no platform answers before all were asked

    with Sandbox(shops=[PLATFORMS], on_post=all_at_once) as box:
        leave_to_do(box, 1)
        home, steps = Home(tmp_path, box), Steps()
        report = await home.sync(progress=steps, concurrency=4)
        assert [(a.account.platform, a.outcome) for a in report.accounts] == [(name, "ok") for name in PLATFORMS]
        assert not everyone.broken
        assert steps.most == len(PLATFORMS)
        steps.assert_one_account_at_a_time(StepKind.FILE, StepKind.REQUEST_REFUND)
        assert_each_once(box)
        assert [s.site for s in box.state.sessions.values() if s.merchant.id == "m1"].count("backoffice") == 1


async def test_orders_of_a_platform_that_is_ready_are_filed_while_another_is_still_at_work(tmp_path: Path) -> None:
    filed, late = threading.Event(), list[bool]()

    def jd_waits(post: Post, stage: str) -> None:
        if post.kind == "file" and stage == "after":
            filed.set()
        if post.site == "jd" and post.kind == "confirm" and stage == "before":
            late.append(not filed.wait(SECONDS))

    with Sandbox(shops=[["jd", "weimob"]], on_post=jd_waits) as box:
        leave_to_do(box, 1)
        report = await Home(tmp_path, box).sync(concurrency=2)
        assert [a.outcome for a in report.accounts] == ["ok", "ok"]
        assert late == [False]
        assert_each_once(box)


async def test_an_account_that_ends_in_doubt_ends_alone(tmp_path: Path) -> None:
    def jd_is_cut_off(post: Post, stage: str) -> str | None:
        return "drop" if (post.site, post.kind, stage) == ("jd", "confirm", "after") and len(cut) == 0 else None

    cut: list[int] = []
    with Sandbox(shops=[PLATFORMS], on_post=jd_is_cut_off) as box:
        leave_to_do(box, 1)
        home = Home(tmp_path, box)
        report = await home.sync(concurrency=4)
        assert {a.account.platform: a.outcome for a in report.accounts if a.account.platform != "jd"} == {
            "weimob": "ok",
            "suning": "ok",
        }
        cut.append(1)
        assert {a.outcome for a in (await home.sync(concurrency=4)).accounts} == {"ok"}
        assert_each_once(box)


async def test_a_person_who_is_asked_for_one_account_holds_up_no_other(tmp_path: Path) -> None:
    with Sandbox(shops=[PLATFORMS]) as box:
        leave_nothing_to_do(box)
        home, asked, ended = Home(tmp_path, box), list[KnownChallenge](), list[str]()
        assert (await home.sync()).exit_status == 0
        for name in [n for n, session in box.state.sessions.items() if session.site == "weimob"]:
            del box.state.sessions[name]  # it has to log in again, and is asked for a code
        box.faults.challenge = "sms"

        def answer_once_the_others_have_ended() -> None:
            if asked and len(ended) == len(PLATFORMS) - 1:
                code = SecretStr(box.state.codes[-1].digits)
                home.in_ledger(lambda tx: tx.challenges.answer(asked[0].id, code))

        def ask(challenge: KnownChallenge) -> None:
            asked.append(challenge)
            answer_once_the_others_have_ended()

        def end(account: AccountReport) -> None:
            ended.append(account.account.platform)
            answer_once_the_others_have_ended()

        report = await home.sync(progress=Steps(end), concurrency=4, patience=timedelta(seconds=SECONDS), tell=ask)
        assert [a.outcome for a in report.accounts] == ["ok"] * len(PLATFORMS)
        assert ended[-1] == "weimob"


async def test_with_one_place_a_merchant_is_worked_on_one_account_after_another(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob", "jd"]]) as box:
        leave_to_do(box, 1)
        home, steps = Home(tmp_path, box), Steps()
        report = await home.sync(progress=steps, concurrency=1)
        assert [a.outcome for a in report.accounts] == ["ok", "ok"]
        assert steps.most == 1
        assert_each_once(box)


async def test_the_first_step_on_a_site_is_seen_in_its_list_before_another_account_sends_one(tmp_path: Path) -> None:
    with Sandbox(shops=[["jd"], ["weimob"], ["weimob"]]) as box:  # the last two have ways to the money in common
        leave_to_do(box, 1)
        home, steps = Home(tmp_path, box), Steps()
        report = await home.sync(progress=steps, concurrency=2, merchants=["m2", "m3"])
        assert [a.outcome for a in report.accounts] == ["ok"] * 2
        assert steps.most == 2
        confirmed = [(what, account.merchant_id) for what, account, kind in steps.told if kind is StepKind.CONFIRM]
        assert [what for what, _ in confirmed] == ["began", "ended", "began", "ended"]
        assert confirmed[0][1] == confirmed[1][1]
