"""The whole job on a market that the reader has never seen, in several layouts."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, assert_finished

STATUS = {
    "unpaid": "待付款",
    "awaiting_confirmation": "待确认",
    "completed": "交易成功",
    "closed": "已关闭",
    "refunding": "退款中",
}
SHUFFLED = ("fixed-columns", "virtual")
LAYOUTS = (*SHUFFLED, "cards-infinite", "rowspan-groups", "icon-pager")
SHORT = ("in-frame", "hover-actions", "two-step", "ellipsis-hover", "cards-load-more")


@pytest.mark.parametrize("layout", [*LAYOUTS, *SHORT])
async def test_the_job_is_done(layout: str, tmp_path: Path) -> None:
    orders = 6 if layout in SHORT else 10  # on more than one page
    with Market(layout, seed=3, orders=orders, refundable=True, faults=Faults(shuffle=layout in SHUFFLED)) as market:
        home = Home(tmp_path, market)
        first = await home.account()
        assert (first.outcome, first.reason) == (Outcome.OK, None), first.text
        assert_finished(market)
        refunds = [p for p in market.truth()["log"] if p["kind"] == "request_refund"]
        assert len(refunds) == 1

        expected = [
            (
                o["order_no"],
                datetime.fromisoformat(o["ordered_at"]).replace(tzinfo=SHANGHAI),
                o["service"],
                o["ours"],
                Decimal(o["amount"]),
                o["status"],
            )
            for o in market.truth()["orders"]
        ]
        read = [(o.order_no, o.ordered_at, o.service, o.ours, o.amount, STATUS[o.status.value]) for o in first.orders]
        assert read == expected


@pytest.mark.parametrize("layout", ["split-header"])
async def test_a_second_run_changes_nothing(layout: str, tmp_path: Path) -> None:
    with Market(layout, seed=3, orders=9, refundable=True) as market:
        home = Home(tmp_path, market)
        first = await home.account()
        assert (first.outcome, first.reason) == (Outcome.OK, None), first.text
        assert_finished(market)
        sent = market.truth()["log"]
        again = await home.account()
        assert again.outcome is Outcome.OK, again.text
        assert market.truth()["log"] == sent
        assert {a.result.value for a in again.actions} <= {"already", "waiting"}
