"""An order whose 确认 shows only after a click under the service's name, as the vendor's guide says of Taobao."""

from datetime import date
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.sandbox import Sandbox
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, assert_finished
from tests.promises.test_killed_on_taobao import smaller

BEHIND = ("confirm-behind-name",)
IN_TAB = ("confirm-in-new-tab",)
TODAY = date(2026, 11, 23)


async def test_the_job_is_done_where_confirm_stands_in_a_drawer(tmp_path: Path) -> None:
    with Market("table-pages", seed=3, orders=6, faults=Faults(habits=BEHIND)) as market:
        home = Home(tmp_path, market)
        report = await home.account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert_finished(market)


async def test_the_job_is_done_where_confirm_asks_in_a_tab_of_its_own(tmp_path: Path) -> None:
    with Market("tabs", seed=3, orders=6, faults=Faults(habits=IN_TAB)) as market:
        report = await Home(tmp_path, market).account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert_finished(market)
        confirmed = [a for a in report.actions if a.kind == "confirm" and a.result == "done"]
        assert confirmed
        assert all(any(e.endswith("-dialog.png") for e in a.evidence) for a in confirmed)


async def test_what_a_tab_asks_to_do_a_second_time_is_not_done(tmp_path: Path) -> None:
    with Market("tabs", seed=3, orders=6, faults=Faults(habits=(*IN_TAB, "asks-again"))) as market:
        report = await Home(tmp_path, market).account()
        assert report.outcome is Outcome.FAILED, report.text
        assert "重复确认" in str(report.text)
        assert [p for p in market.truth()["log"] if p["kind"] == "confirm"] == []


async def test_on_taobao_orders_without_a_number_are_confirmed_behind_the_name(tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao"]], today=TODAY) as box:
        box.faults.habits = BEHIND
        smaller(box)
        wanted = box.truth()["expected"]["m1"]["confirm"]
        report = await Home(tmp_path, box, day=TODAY).account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert [p["order_no"] for p in box.truth()["log"] if p["kind"] == "confirm"] == wanted
        assert box.truth()["purchases"] == 0
        kept = [Path(e).name for a in report.actions if a.kind == "confirm" for e in a.evidence]
        assert len([name for name in kept if name.endswith(("-before.png", "-after.png"))]) == 2 * len(wanted)


@pytest.mark.parametrize("habits", [IN_TAB, (*IN_TAB, "asks-after-sending")], ids=["lost", "lost, then an error"])
async def test_what_was_sent_from_another_tab_and_lost_is_looked_for_and_not_sent_again(
    habits: tuple[str, ...], tmp_path: Path
) -> None:
    faults = Faults(habits=habits, fail_writes={1: "drop-before"})
    with Market("tabs", seed=3, orders=6, faults=faults) as market:
        home = Home(tmp_path, market)
        first = await home.account()
        assert first.outcome in (Outcome.UNKNOWN, Outcome.FAILED), first.text
        lost, *others = [p["order_no"] for p in market.truth()["log"]]
        assert lost not in others
        again = await home.account()
        assert (again.outcome, again.reason) == (Outcome.UNKNOWN, "unknown"), again.text
        assert again.text is not None
        assert f"order {lost}" in again.text.en
        assert [p["order_no"] for p in market.truth()["log"]].count(lost) == 1


async def test_a_tab_that_asks_something_besides_is_left(tmp_path: Path) -> None:
    with Market("tabs", seed=3, orders=6, faults=Faults(habits=(*IN_TAB, "tab-sells"))) as market:
        report = await Home(tmp_path, market).account()
        assert report.outcome is not Outcome.OK
        assert report.text is not None
        assert "先享计划" in report.text.zh
        assert not [p for p in market.truth()["log"] if p["kind"] == "confirm"]
