"""Takes samples away, for who wants sites that leave less to do."""

from agent.sandbox.core.model import REJECTED
from agent.sandbox.server import Sandbox


def leave_nothing_to_do(box: Sandbox) -> None:
    """Take the samples away with which something would have to be done."""
    leave_to_do(box, 0)


def leave_to_do(box: Sandbox, orders: int) -> None:
    """Take samples away until in each account only so many orders are left with which something is to be done."""
    expected = box.truth()["expected"]
    for merchant in box.state.merchants:
        todo = {number for kind, numbers in expected[merchant.id].items() if kind != "wait" for number in numbers}
        todo |= {filing.order_no for filing in merchant.filings + merchant.applications if filing.status == REJECTED}
        for shop in merchant.shops.values():
            todo -= {*[order.number for order in shop.orders if order.number in todo][:orders]}
            shop.orders[:] = [order for order in shop.orders if order.number not in todo]
        for filings in (merchant.filings, merchant.applications):
            filings[:] = [filing for filing in filings if filing.order_no not in todo]
