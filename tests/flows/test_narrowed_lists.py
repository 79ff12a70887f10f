"""Lists that open on a span of time: they are widened and worked whole, or told to be read in part."""

from datetime import date, timedelta
from pathlib import Path

from agent.domain.errors import Outcome
from tests.fixtures.market import Faults, Market
from tests.fixtures.market.data import DEFAULT_TODAY
from tests.flows.home import Home, assert_finished


def is_old(when: str, days: int) -> bool:
    return DEFAULT_TODAY - date.fromisoformat(when[:10]) > timedelta(days=days)


async def test_lists_that_open_on_the_last_days_are_widened_and_old_orders_worked(tmp_path: Path) -> None:
    faults = Faults(spans=("近7天", "近30天", "全部"))
    with Market("split-header", seed=3, orders=12, refundable=True, faults=faults) as market:
        waiting = market.truth()["should_confirm"]
        assert any(is_old(o["ordered_at"], 7) for o in market.truth()["orders"] if o["order_no"] in waiting)
        report = await Home(tmp_path, market).account()
        assert (report.outcome, report.reason, report.partial) == (Outcome.OK, None, ()), report.text
        assert len(report.orders) == 12
        assert_finished(market)


async def test_a_list_that_cannot_be_widened_is_told_to_be_partial(tmp_path: Path) -> None:
    with Market("split-header", seed=4, orders=12, refundable=True, faults=Faults(spans=("近7天", "近10天"))) as market:
        report = await Home(tmp_path, market).account()
        assert report.partial
        orders = {o["order_no"]: o for o in market.truth()["orders"]}
        assert len(report.orders) < len(orders)
        confirmed = [p["order_no"] for p in market.truth()["log"] if p["kind"] == "confirm"]
        within = [n for n in market.truth()["should_confirm"] if not is_old(orders[n]["ordered_at"], 10)]
        assert sorted(confirmed) == sorted(within)
        assert confirmed
        # What is not in the list of filings may be filed already.
        assert not [p for p in market.truth()["log"] if p["kind"] == "file"]
