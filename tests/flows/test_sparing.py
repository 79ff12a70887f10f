"""A look goes without pictures and fonts; what is worked, and what a person is to see, has them."""

from pathlib import Path

from agent.domain.errors import Outcome
from agent.domain.report import StepResult
from tests.fixtures.market import Market
from tests.fixtures.market.data import COMPLETED, REFUNDABLE
from tests.fixtures.market.faults import Faults
from tests.flows.home import Home


async def settled(folder: Path, market: Market) -> Home:
    """Where everything is done, and the sessions are kept."""
    home = Home(folder, market)
    await home.account()
    return home


async def test_a_look_at_what_is_settled_asks_for_no_picture_and_no_font(tmp_path: Path) -> None:
    with Market("table-pages", faults=Faults(pictures=True)) as market:
        home = await settled(tmp_path, market)
        asked = market.state.drawn_with
        assert {*asked} >= {"/login", "/orders", "/filing"}  # by the run that logs in
        asked.clear()
        report = await home.account()
        assert (report.outcome, [a for a in report.actions if a.result is StepResult.DONE]) == (Outcome.OK, [])
        assert asked == []


async def test_what_is_worked_is_opened_with_all_of_them(tmp_path: Path) -> None:
    with Market("table-pages", faults=Faults(pictures=True)) as market:
        home = await settled(tmp_path, market)
        market.state.drawn_with.clear()
        filing = next(f for f in market.state.filings if not f.prefiled)
        filing.status = REFUNDABLE
        report = await home.account()
        assert [a.order_no for a in report.actions if a.result is StepResult.DONE] == [filing.order_no]
        assert {*market.state.drawn_with} == {"/filing"}


async def test_what_cannot_be_read_is_looked_at_once_more_with_all_of_them(tmp_path: Path) -> None:
    with Market("table-pages", faults=Faults(pictures=True)) as market:
        home = await settled(tmp_path, market)
        market.state.drawn_with.clear()
        next(order for order in market.state.orders if order.ours and order.status == COMPLETED).status = "待评价"
        report = await home.account()
        assert (report.outcome, report.reason) == (Outcome.FAILED, "page_changed")
        assert report.evidence
        assert {*market.state.drawn_with} >= {"/orders"}
