"""What the sample merchants are: the same for the same seed, and never without the traps."""

import json
import re
import tomllib
from datetime import date
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from agent.sandbox import Faults, Sandbox
from agent.sandbox.core.answers import FOLDERS
from agent.sandbox.core.model import Merchant
from agent.sandbox.core.state import State
from agent.sandbox.samples.workdays import refusal
from agent.sandbox.sites.backoffice.site import APPLICATIONS_A_PAGE, PAGE_SIZE

TODAY = date(2026, 11, 23)
SEEDS = range(1, 21)


def state(seed: int = 1, today: date = TODAY, count: int = 3) -> State:
    return State.fresh(seed, today, [["taobao"]] * count, Faults())


def test_same_seed_and_day_give_the_same_truth() -> None:
    assert state().truth() == state().truth()


def test_seed_and_day_matter() -> None:
    assert state(2).truth()["taobao"] != state(1).truth()["taobao"]
    assert state(today=date(2026, 11, 24)).truth()["taobao"] != state().truth()["taobao"]


def test_a_merchant_does_not_depend_on_how_many_there_are() -> None:
    assert state(count=7).merchants[:3] == state(count=3).merchants


def test_many_merchants_are_all_different() -> None:
    merchants = state(count=30).merchants
    for values in ({one.taobao.name for one in merchants}, {one.taobao.login.username for one in merchants}):
        assert len(values) == 30


@pytest.mark.parametrize("seed", SEEDS)
def test_every_list_has_its_traps(seed: int) -> None:
    for merchant in state(seed).merchants:
        _check_orders(merchant)


def _check_orders(merchant: Merchant) -> None:
    orders = merchant.taobao.orders
    awaiting = [place for place, order in enumerate(orders) if order.status == "待确认" and order.ours]
    assert 14 <= len(orders) <= 24
    assert 2 <= len(awaiting) <= 3
    assert awaiting[0] < 10 <= awaiting[-1]
    assert {order.service for order in orders if order.ours} == {"网店管家", "网店管家云端版", "网店管家J系列"}
    assert len({(orders[place].service, orders[place].amount) for place in awaiting}) == 1
    others = [order for order in orders if not order.ours and order.status == "待确认"]
    assert any("管家" in order.service for order in others)
    assert any("管家" not in order.service for order in others)
    assert {"待付款", "待确认", "交易成功", "已关闭", "退款中"} <= {order.status for order in orders}


@pytest.mark.parametrize("seed", SEEDS)
def test_parent_and_child_differ_in_the_middle_alone(seed: int) -> None:
    orders = [order for merchant in state(seed).merchants for order in merchant.taobao.orders]
    numbers = {number for order in orders for number in (order.number, order.child)}
    assert len(numbers) == 2 * len(orders)
    for order in orders:
        assert len(order.number) == len(order.child)
        assert len(order.number) in {18, 19}
        assert (order.number[:8], order.number[-6:]) == (order.child[:8], order.child[-6:])


@pytest.mark.parametrize("seed", SEEDS)
def test_filings_are_of_own_completed_orders(seed: int) -> None:
    for merchant in state(seed).merchants:
        completed = {
            order.number: order for order in merchant.taobao.orders if order.status == "交易成功" and order.ours
        }
        for filing in merchant.filings + merchant.applications:
            order = completed[filing.order_no]
            assert filing.amount == str(order.amount)
            assert filing.date in {"", order.ordered_at.date().isoformat()}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_enterprise_edition_files_and_the_others_apply(seed: int) -> None:
    files, *others = state(seed).merchants
    assert files.applications == []
    assert [filing.date for filing in files.filings].count("") == 1
    assert {"报备中", "已返款"} <= {filing.status for filing in files.filings}
    for merchant in others:
        assert merchant.filings == []
        assert "已返款" in {filing.status for filing in merchant.applications}
        assert all(filing.date and filing.account for filing in merchant.applications)


def test_some_have_filings_or_applications_on_two_pages() -> None:
    merchants = state(count=5).merchants
    assert len(merchants[4].filings) > PAGE_SIZE
    assert not merchants[4].filings[-1].date
    assert len(merchants[1].applications) > APPLICATIONS_A_PAGE
    assert {"返款申请中", "已驳回"} <= {filing.status for filing in merchants[1].applications}


def test_of_platforms_that_are_gone_only_filings_are_left() -> None:
    files, applies = State.fresh(1, TODAY, [["paipai", "yhd"], ["paipai"]], Faults()).merchants
    assert (files.shops, files.gone) == ({}, ["paipai", "yhd"])
    for name in ("拍拍", "一号店"):
        found = {filing.role: filing for filing in files.filings if filing.platform == name}
        assert found["too_early"].status == found["refundable"].status == "报备中"
        assert refusal(name, date.fromisoformat(found["too_early"].date), TODAY)
        assert not refusal(name, date.fromisoformat(found["refundable"].date), TODAY)
    assert [filing.status for filing in applies.applications] == ["已返款"]


def counted(seed: int, today: date = TODAY) -> list[dict[str, int]]:
    expected: dict[str, Any] = state(seed, today).truth()["expected"]
    return [{kind: len(numbers) for kind, numbers in work.items()} for work in expected.values()]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_expected(seed: int) -> None:
    assert counted(seed) == [
        {"confirm": 3, "file": 4, "save_date": 1, "refund": 5, "wait": 2},
        {"confirm": 2, "file": 0, "save_date": 0, "refund": 4, "wait": 2},
        {"confirm": 2, "file": 0, "save_date": 0, "refund": 5, "wait": 2},
    ]


@pytest.mark.parametrize("today", [date(2026, 2, 24), date(2026, 10, 8), date(2026, 3, 1), date(2028, 2, 29)])
def test_any_day_will_do(today: date) -> None:
    assert all(work["wait"] >= 2 for work in counted(1, today))


def test_truth_over_http_is_the_truth_and_has_no_password(box: Sandbox) -> None:
    truth = httpx.get(f"{box.url}/_truth", trust_env=False).json()
    assert truth == json.loads(json.dumps(box.truth()))
    assert "-Pass-" not in json.dumps(truth)


def test_files_lead_to_the_sandbox(box: Sandbox) -> None:
    settings, merchants = tomllib.loads(box.settings_toml()), tomllib.loads(box.merchants_toml())["merchants"]
    assert settings["sites"]["taobao"] == {
        "login_url": box.taobao_login_url,
        "orders_url": box.taobao_orders_url,
        "authorize_url": box.taobao_authorize_url,
    }
    assert settings["backoffice"]["refund_url"] == box.backoffice_refund_url
    assert [one["id"] for one in merchants] == ["m1", "m2", "m3"]
    assert [one["accounts"][0]["shop"] for one in merchants] == [one.taobao.name for one in box.state.merchants]


def test_pages_ask_for_nothing_from_elsewhere(box: Sandbox) -> None:
    with httpx.Client(base_url=box.url, trust_env=False) as client:
        paths = ["/", "/taobao/login", "/taobao/mini_login.htm", "/taobao/ser/order/biz_order_list.htm"]
        names = ["taobao/taobao.css", "taobao/orders.js", "core/widget.css", "core/widget.js"]
        names += ["backoffice/newc.css", "backoffice/newc.js"]
        files = [f"/static/{name}" for name in names]
        for path in [*paths, *files, "/newc/Account/Login", "/taobao/_____tmd_____/punish"]:
            answer = client.get(path)
            assert answer.status_code == 200
            assert "//" not in answer.text.replace("// ", "")


def test_every_style_sheet_that_another_brings_in_is_there(box: Sandbox) -> None:
    with httpx.Client(base_url=box.url, trust_env=False) as client:
        for name, folder in FOLDERS.items():
            for sheet in (folder / "static").glob("*.css"):
                for brought in re.findall(r'@import "(.+?)"', sheet.read_text(encoding="utf-8")):
                    address = urljoin(f"/static/{name}/{sheet.name}", brought)
                    assert client.get(address).status_code == 200, (sheet.name, address)
