"""What a person sets on the control page of the simulated sites holds from the next request on."""

from datetime import date, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sandbox import Sandbox
from agent.sandbox.core import control
from agent.sandbox.core.model import Faults
from agent.sandbox.core.state import State
from agent.sandbox.samples.workdays import nth_working_day

TODAY = date(2026, 11, 23)


@pytest.fixture
def box() -> Sandbox:
    """One that nobody serves."""
    return Sandbox(shops=[["taobao", "jd"]], today=TODAY)


def test_what_is_ticked_on_the_page_is_on_and_all_else_off() -> None:
    with Sandbox(shops=[["taobao"]], today=TODAY) as served, httpx.Client(base_url=served.url, trust_env=False) as page:
        assert page.get("/_control").text.count(" checked") == 1
        page.post("/_control", data={"act": "switch", "challenge": "sms", "empty": "on", "slow": "on"})
        faults = served.faults
        assert (faults.challenge, faults.empty, faults.latency, faults.broken_list) == ("sms", True, 2.0, False)
        assert page.get("/_control").text.count(" checked") == 3
        page.post("/_control", data={"act": "switch", "challenge": ""})
        assert faults == Faults()
        page.post("/_control", data={"act": "later", "days": "20"})
        assert "已过去 20 个工作日" in page.get("/_control").text


def test_each_fault_is_one_and_is_undone(box: Sandbox) -> None:
    for name in control.FAULTS:
        control.switch(box.state, None, [name])
        assert box.faults != Faults()
        control.switch(box.state, None, [])
        assert box.faults == Faults()


@given(days=st.integers(0, 60), ahead=st.integers(0, 400))
def test_an_order_of_today_is_as_old_as_so_many_working_days_after_they_passed(days: int, ahead: int) -> None:
    today = TODAY - timedelta(days=ahead)
    state = State.fresh(1, today, [["taobao"]], Faults())
    before = [order.ordered_at for order in state.merchants[0].taobao.orders]
    control.let_pass(state, days)
    spans = {old - order.ordered_at for old, order in zip(before, state.merchants[0].taobao.orders, strict=True)}
    (span,) = spans
    assert days == 0 or nth_working_day(today - span, days) <= today
    assert not span or nth_working_day(today - span + timedelta(days=1), days) > today


def test_after_twenty_working_days_nothing_waits_and_filings_go_with_their_orders(box: Sandbox) -> None:
    assert box.truth()["expected"]["m1"]["wait"]
    control.let_pass(box.state, 20)
    assert box.truth()["expected"]["m1"]["wait"] == []
    (merchant,) = box.state.merchants
    dates = {order.number: order.ordered_at.date().isoformat() for s in merchant.shops.values() for order in s.orders}
    filed = {filing.order_no: filing.date for filing in merchant.filings if filing.date}
    assert filed
    assert {number: dates[number] for number in filed} == filed


def test_money_arrives_for_what_was_requested(box: Sandbox) -> None:
    filing = box.state.merchants[0].filings[0]
    filing.status = "返款申请中"
    control.pay(box.state)
    assert filing.status == "已返款"
