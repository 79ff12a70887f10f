"""速卖通 as it is: the widget on the page or in a frame, numbers only once confirmed, times in milliseconds, punish."""

from datetime import date
from pathlib import Path
from typing import Any

from agent.domain.errors import Outcome
from agent.sandbox import Sandbox
from tests.flows.home import Home
from tests.support.seller import Seller

TODAY = date(2026, 11, 23)
GATEWAY = "/aliexpress/h5/mtop.ae.vas.order.search/1.0/"


class Framed(Sandbox):
    """Leads to the log-in page of older days, with the widget in a frame."""

    def settings_toml(self) -> str:
        return super().settings_toml().replace("csp_login.htm", "csp_login.htm?style=old")


def rows(seller: Seller) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in seller.get(GATEWAY).json()["data"]["articleBizOrders"]}


def test_a_number_is_told_once_the_order_is_confirmed() -> None:
    with Sandbox(shops=[["aliexpress"]]) as box, Seller(box, "aliexpress") as seller:
        assert seller.get(GATEWAY).json()["ret"] == ["FAIL_SYS_SESSION_EXPIRED::Session过期"]
        seller.log_in()
        order = seller.order("awaiting")
        assert "order_id" not in rows(seller)[order.key]
        seller.post("/aliexpress/web/order/confirm.do", data={"id": order.key})
        assert rows(seller)[order.key]["order_id"] == order.number


def test_times_cycles_and_money_are_shaped_as_its_interface_has_them() -> None:
    with Sandbox(shops=[["aliexpress"]]) as box, Seller(box, "aliexpress") as seller:
        seller.log_in()
        order = seller.order("refundable")
        row = rows(seller)[order.key]
        assert row["create"] == order.ordered_at.timestamp() * 1000
        assert (row["order_cycle"], rows(seller)[seller.order("unpaid").key]["order_cycle"]) == ("12个月", "0个月")
        assert row["total_pay_fee"] == order.amount * 100


async def test_the_widget_in_a_frame_and_milliseconds_are_understood(tmp_path: Path) -> None:
    with Framed(shops=[["aliexpress"]]) as box:
        report = await Home(tmp_path, box, day=TODAY).account(dry_run=True)
        assert report.outcome is Outcome.OK, report.text
        sold = box.state.merchants[0].shops["aliexpress"].orders
        assert [o.ordered_at for o in report.orders] == [o.ordered_at for o in sold]
        assert [o.order_no for o in report.orders] == [None if o.hidden else o.number for o in sold]
        shown = [f"{o.expires_at:%Y-%m-%d %H:%M:%S}" if o.expires_at else "--" for o in report.orders]
        assert shown == [o.expires for o in sold]


async def test_a_punish_page_over_the_orders_is_left_to_a_person(tmp_path: Path) -> None:
    with Sandbox(shops=[["aliexpress"]]) as box:
        box.faults.frame_punish = True
        report = await Home(tmp_path, box, day=TODAY).account()
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "challenge_slider"), report.text
        assert report.evidence
        assert box.truth()["log"] == []
