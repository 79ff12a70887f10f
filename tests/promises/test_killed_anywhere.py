"""Promise 2: whatever dies, whenever, nothing is done twice and nothing is forgotten. And no process is left behind."""

import signal
import threading
from datetime import date
from pathlib import Path

import pytest

from agent import sandbox
from tests.fixtures.market import Faults, Market, Post
from tests.flows.home import Home, applied, assert_finished, assert_nothing_twice
from tests.support.processes import Agent, later, sync

LAYOUT = "table-pages"
MOST_RUNS = 60


class Killer:
    """Kills the running agent at one moment of each POST that the market has not seen it die at yet."""

    def __init__(self) -> None:
        self.agent: Agent | None = None
        self.at: list[tuple[str, str | None, str]] = []

    def __call__(self, post: Post, stage: str) -> str | None:
        moment = (post.kind, post.order_no, stage)
        if self.agent is None or moment in self.at:
            return None
        self.at.append(moment)
        self.agent.kill()
        return "drop"  # before: it is never applied; after: it is, and nobody hears of it


@pytest.mark.timeout(600)  # a process and a browser for each kill
def test_killed_at_every_post_the_next_run_goes_on(tmp_path: Path) -> None:
    killer = Killer()
    with Market(LAYOUT, orders=5, seed=4, refundable=True, faults=Faults(on_post=killer)) as market:
        home = Home(tmp_path, market)
        status = -1
        for run in range(MOST_RUNS):
            with later(home.config, minutes=10 * run) as killer.agent:
                status, answer, told = killer.agent.wait()
            assert_nothing_twice(market)
            assert status in (0, -signal.SIGKILL), f"{answer} {told}"
            if status == 0:
                break
        assert status == 0
        assert_finished(market)
        kinds = {kind for kind, _ in applied(market)}
        assert kinds == {"confirm", "file", "request_refund"}
        assert {(kind, stage) for kind, _, stage in killer.at} == {(k, s) for k in kinds for s in ("before", "after")}


@pytest.mark.timeout(600)
def test_killed_at_every_commit_the_next_run_goes_on(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=3, seed=4, refundable=True) as market:
        home = Home(tmp_path, market)
        status = -1
        for run in range(1, MOST_RUNS):
            with later(home.config, minutes=10 * run, die_at_commit=run) as agent:
                status, answer, told = agent.wait()
            assert_nothing_twice(market)
            assert status in (0, -signal.SIGKILL), f"{answer} {told}"
            if status == 0:
                break
        assert status == 0
        assert_finished(market)


def test_killed_around_an_application_the_next_run_goes_on(tmp_path: Path) -> None:
    killed: list[str] = []

    def kill(post: sandbox.Post, stage: str) -> str | None:
        if stage in killed:
            return None
        killed.append(stage)
        agent.kill()
        return "drop"

    day = date(2026, 11, 23)
    with sandbox.Sandbox(shops=[["taobao"]], today=day, on_post=kill) as box:
        (merchant,) = box.state.merchants
        merchant.edition = "cloud"
        merchant.taobao.orders[:] = [o for o in merchant.taobao.orders if o.role == "refundable"]
        merchant.filings.clear()
        home = Home(tmp_path, box, day=day)
        statuses = []
        for run in range(3):
            with later(home.config, minutes=10 * run, day=day.isoformat()) as agent:
                statuses.append(agent.wait()[0])
        assert (killed, statuses) == (["before", "after"], [-signal.SIGKILL, -signal.SIGKILL, 0])
        assert [e["applied"] for e in box.truth()["log"]] == [False, True]
        assert [a.order_no for a in merchant.applications] == [o.number for o in merchant.taobao.orders]


def test_what_the_site_does_only_after_the_kill_is_not_done_again(tmp_path: Path) -> None:
    working = threading.Event()

    def slowly(post: Post, stage: str) -> str | None:
        if post.number == 1 and stage == "before":
            running.kill()
            working.wait(3)  # never set: the site is still at work when the next run begins
        return None

    with Market(LAYOUT, orders=8, faults=Faults(on_post=slowly)) as market:
        home = Home(tmp_path, market)
        with sync(home.config) as running:
            assert running.wait()[0] == -signal.SIGKILL
        with sync(home.config) as again:
            assert again.wait()[0] == 0
        assert [p["order_no"] for p in market.truth()["log"]].count(market.truth()["log"][0]["order_no"]) == 2
        assert_finished(market)


def test_after_a_run_nothing_is_left(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=6) as market:
        home = Home(tmp_path, market)
        with sync(home.config, "--dry-run") as agent:
            assert agent.wait()[0] == 0
            assert agent.left() == []


def test_after_sigkill_nothing_is_left(tmp_path: Path) -> None:
    left: list[list[str]] = [["not looked"]]

    def kill(_post: Post, _stage: str) -> str | None:
        agent.kill()
        left[:] = agent.left()
        return "drop"

    with Market(LAYOUT, orders=8, faults=Faults(on_post=kill)) as market:
        home = Home(tmp_path, market)
        with sync(home.config) as agent:
            agent.wait()
    assert left == []


def test_after_ctrl_c_nothing_is_left_and_the_next_run_finishes(tmp_path: Path) -> None:
    def interrupt(post: Post, stage: str) -> str | None:
        if post.number == 1 and stage == "after":
            agent.process.send_signal(signal.SIGINT)
        return None

    with Market(LAYOUT, orders=8, faults=Faults(on_post=interrupt)) as market:
        home = Home(tmp_path, market)
        with sync(home.config) as agent:
            status, _, told = agent.wait()
            assert (status, agent.left()) == (130, [])
            assert "Traceback" not in told
        with sync(home.config) as again:
            assert again.wait()[0] == 0
        assert_finished(market)


def test_a_browser_that_crashes_ends_the_run_in_doubt_and_the_next_one_finishes(tmp_path: Path) -> None:
    def crash(post: Post, stage: str) -> str | None:
        if post.number == 1 and stage == "after":
            agent.browser().kill()
        return None

    with Market(LAYOUT, orders=8, faults=Faults(on_post=crash)) as market:
        home = Home(tmp_path, market)
        with sync(home.config) as agent:
            status, answer, told = agent.wait()
            assert agent.left() == []
        (account,) = answer["accounts"]
        assert (status, account["outcome"], account["reason"]) == (1, "unknown", "interrupted"), told
        with later(home.config, minutes=10) as again:  # which is months before: the clock was set right meanwhile
            assert again.wait()[0] == 0
        assert_finished(market)


def test_two_syncs_of_one_merchant_at_a_time_do_nothing_twice(tmp_path: Path) -> None:
    def second_run(post: Post, stage: str) -> str | None:
        if post.number == 1 and stage == "before":
            with sync(home.config) as other:
                answers.append(other.wait())
        return None

    answers: list[tuple[int, dict[str, list[dict[str, str]]], str]] = []
    with Market(LAYOUT, orders=8, faults=Faults(on_post=second_run)) as market:
        home = Home(tmp_path, market)
        with sync(home.config) as first:
            status, answer, _ = first.wait()
        if status:  # the site answered it only after the other run had ended, which on a busy machine is too late
            assert {a["outcome"] for a in answer["accounts"]} == {"unknown"}
            with sync(home.config) as again:
                assert again.wait()[0] == 0
        ((status, answer, _),) = answers
        (account,) = answer["accounts"]
        assert (status, account["outcome"], account["reason"]) == (1, "failed", "busy")
        assert_finished(market)
