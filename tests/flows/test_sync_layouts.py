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
LAYOUTS = ("fixed-columns", "virtual", "cards-infinite", "in-frame", "hover-actions", "ellipsis-hover", "promo")


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_the_job_is_done_and_a_second_run_changes_nothing(layout: str, tmp_path: Path) -> None:
    shuffle = layout in {"fixed-columns", "virtual"}
    with Market(layout, seed=3, orders=12, refundable=True, faults=Faults(shuffle=shuffle)) as market:
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
        read = [
            (o.order_no, o.ordered_at, o.service, o.ours, o.amount, STATUS[o.status.value]) for o in first.orders
        ]
        assert read == expected

        sent = market.truth()["log"]
        second = await home.account()
        assert second.outcome is Outcome.OK
        assert market.truth()["log"] == sent
        assert {a.result.value for a in second.actions} <= {"already", "waiting"}
