"""The whole job where the back office's forms are not plain: choices, rows of boxes, a script that rounds."""

from pathlib import Path

from agent.domain.errors import Outcome
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, assert_finished, filed_here


async def test_the_money_goes_to_our_account_though_the_form_opens_on_another_way(tmp_path: Path) -> None:
    with Market("table-pages", seed=3, orders=4, refundable=True, faults=Faults(pays_by_choice=True)) as market:
        report = await Home(tmp_path, market).account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert_finished(market)
        (asked,) = (p for p in market.truth()["log"] if p["kind"] == "request_refund")
        assert asked["fields"]["payType"] == "bank"


async def test_a_row_of_boxes_in_the_list_is_filled_in_and_saved(tmp_path: Path) -> None:
    with Market("table-pages", seed=3, orders=5, faults=Faults(row_to_fill_in=True)) as market:
        report = await Home(tmp_path, market).account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert_finished(market)


async def test_a_number_that_the_forms_script_rounds_never_leaves_the_page(tmp_path: Path) -> None:
    with Market("table-pages", seed=3, orders=5, faults=Faults(rounds_number=True)) as market:
        home = Home(tmp_path, market)
        report = await home.account()
        assert (report.outcome, report.reason) == (Outcome.FAILED, "form_differs"), report.text
        assert report.text is not None
        assert "订单编号" in report.text.zh
        assert filed_here(market) == []
        assert not [p for p in market.truth()["log"] if p["kind"] == "file"]
        results = [a.result.value for a in report.actions if a.kind.value == "file"]
        assert results.count("failed") == 1  # the others were not tried after it


async def test_the_rules_of_a_form_are_agreed_to_if_it_is_not_sent_without(tmp_path: Path) -> None:
    faults = Faults(habits=("agree-first",))
    with Market("table-pages", seed=3, orders=5, refundable=True, faults=faults) as market:
        report = await Home(tmp_path, market).account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert_finished(market)


async def test_a_form_that_sends_itself_once_its_rules_are_agreed_to_is_not_sent_a_second_time(tmp_path: Path) -> None:
    with Market("table-pages", seed=3, orders=5, faults=Faults(habits=("sends-once-agreed",))) as market:
        report = await Home(tmp_path, market).account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert_finished(market)
