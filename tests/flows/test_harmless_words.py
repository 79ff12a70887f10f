"""Words of trouble that state nothing of this account, on every page of both worlds, change nothing."""

from datetime import date
from pathlib import Path

from agent.domain.errors import Outcome
from agent.sandbox import Sandbox
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, assert_finished

HABITS = ("harmless-words",)
TODAY = date(2026, 11, 23)


async def test_the_whole_job_is_done_among_them(tmp_path: Path) -> None:
    with Market("table-pages", orders=5, faults=Faults(habits=HABITS)) as market:
        report = await Home(tmp_path, market).account()
        assert report.outcome is Outcome.OK, report.text
        assert_finished(market)


async def test_a_simulated_site_is_read_among_them(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]], today=TODAY) as box:
        box.faults.habits = HABITS
        report = await Home(tmp_path, box, day=TODAY).account(dry_run=True)
        assert (report.outcome, len(report.orders)) == (Outcome.OK, 6), report.text
