"""A process of the browser's that is killed ends one account in a typed outcome; the next account goes on."""

import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, applied, changed
from tests.support.processes import Agent, sync

READ, POST = "/api/orders", "POST"
MOMENTS = [("driver", READ), ("driver", POST), ("renderer", READ), ("renderer", POST), ("gpu-process", POST)]


def is_part(process: psutil.Process, part: str) -> bool:
    words = process.cmdline()
    return "run-driver" in words if part == "driver" else f"--type={part}" in words


class Killer:
    """Kills all processes of one kind that the running agent has, once: as soon as the site is asked for `moment`."""

    def __init__(self, part: str, moment: str) -> None:
        self.part, self.moment = part, moment
        self.agent: Agent | None = None
        self.begun = False
        self.killed = 0

    def at(self, moment: str) -> None:
        if self.agent is None or self.begun or moment != self.moment:
            return
        self.begun = True
        found = [p for p in self.agent.helpers() if is_part(p, self.part)]
        for each in found:
            each.kill()
        psutil.wait_procs(found, timeout=15)
        self.killed = len(found)


class TwoSites:
    """A merchant with an account on each of two sites, and the back office of the second.

    A log-in of the first that was cut short is not sent again, and would be the back office's, too.
    """

    def __init__(self, first: Market, second: Market) -> None:
        self.first, self.second = first, second

    def settings_toml(self) -> str:
        other = self.first.settings_toml("first").partition("[[platforms]]")[2].replace('"淘宝"', '"天猫"')
        return f"{self.second.settings_toml('second')}[[platforms]]{other}"

    def merchants_toml(self) -> str:
        merchant, _, account = self.second.merchants_toml("second").partition("[[merchants.accounts]]")
        other = self.first.merchants_toml("first").partition("[[merchants.accounts]]")[2]
        return f"{merchant}[[merchants.accounts]]{other}[[merchants.accounts]]{account}"


class Rendezvous:
    """As soon as it is not `over`: lets nobody go on before both sites were asked for orders and `then` was done."""

    def __init__(self, then: Callable[[], None]) -> None:
        self.then, self.over = then, True
        self._both = threading.Barrier(2, self._end, timeout=60)

    def _end(self) -> None:
        self.over = True
        self.then()

    def at(self, moment: str) -> None:
        if moment == READ and not self.over:
            self._both.wait()


@pytest.mark.parametrize("part", ["driver", "renderer"])
def test_accounts_of_a_browser_that_ends_before_they_sent_anything_are_begun_anew(part: str, tmp_path: Path) -> None:
    killer = Killer(part, READ)
    both = Rendezvous(lambda: killer.at(READ))
    faults = Faults(on_read=both.at)
    with (
        Market("split-header", seed=3, orders=2, faults=faults) as market,
        Market("tabs", seed=4, faults=faults) as other,
    ):
        home = Home(tmp_path, TwoSites(market, other))
        with sync(home.config, "--dry-run") as first:
            first.wait()  # a log-in that is cut short is not sent again
        both.over = False
        with sync(home.config) as killer.agent:
            _, answer, told = killer.agent.wait()
            assert killer.agent.left() == []
        assert killer.killed, told
        assert [(a["outcome"], a["reason"]) for a in answer["accounts"]] == [("ok", None)] * 2, told
        for site in (market, other):
            assert sorted(changed(site)) == sorted(site.truth()["should_confirm"])
            assert max(applied(site).values()) == 1


@pytest.mark.parametrize(("part", "moment"), MOMENTS)
def test_the_account_under_work_ends_typed_and_the_next_one_goes_on(part: str, moment: str, tmp_path: Path) -> None:
    killer = Killer(part, moment)
    faults = Faults(on_read=killer.at, on_post=lambda post, stage: killer.at(POST) if stage == "before" else None)
    with Market("split-header", seed=3, orders=3, faults=faults) as market, Market("tabs", seed=4, orders=2) as other:
        home = Home(tmp_path, TwoSites(market, other))
        # One after the other: what is killed is shared by all that are worked on at the time.
        with sync(home.config, "--concurrency", 1) as killer.agent:
            _, answer, told = killer.agent.wait()
            assert killer.agent.left() == []
        first, second = answer["accounts"]
        assert killer.killed, told
        assert (first["platform"], second["platform"]) == ("first", "second")
        # Chromium starts another process for what it draws, so that an account may not notice.
        ends = [("unknown", "interrupted"), ("failed", "site_unavailable"), ("unknown", "unconfirmed")]
        assert (first["outcome"], first["reason"]) in ([*ends, ("ok", None)] if part == "gpu-process" else ends), told
        assert (second["outcome"], second["reason"]) == ("ok", None), told
        assert [step for site in (market, other) for step, count in applied(site).items() if count > 1] == []
        assert sorted(changed(other)) == sorted(other.truth()["should_confirm"])
