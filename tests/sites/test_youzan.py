"""有赞: what its log-in, its shops and its list do that others' do not."""

import re

import httpx
import pytest
from playwright.async_api import expect

from agent.domain.errors import SiteUnavailable
from agent.domain.login_errors import WrongShop
from agent.pages.actions.list_arrival import OpenedList, arrive
from agent.pages.inference.list_kind import ORDERS
from agent.sandbox import Sandbox
from tests.sites.visit import visiting

LIST = "/youzan/v3/appstore/order/list.json"


def entered(box: Sandbox, client: httpx.Client) -> None:
    login = box.state.merchants[0].shops["youzan"].login
    form = {"phoneInfo": login.username, "password": login.password}
    assert client.post("/youzan/register-and-login", data=form).json()["code"] == 0


def test_no_order_is_told_before_a_shop_is_chosen() -> None:
    with Sandbox(shops=[["youzan"]]) as box, httpx.Client(base_url=box.url, trust_env=False) as client:
        assert client.get(LIST).json() == {"code": 400, "msg": "登录失效"}
        entered(box, client)
        assert client.get(LIST).json()["code"] == 10301
        assert client.get("/youzan/v4/dashboard").headers["location"] == "/youzan/v4/shop/shop-list#/"
        mine, others = box.state.merchants[0].shops["youzan"], {}
        for item in client.get("/youzan/v4/shop/api/list.json").json()["data"]["items"]:
            client.get("/youzan/v2/account/team/change.html", params={"kdt_id": item["kdt_id"]})
            others[item["shop_name"]] = client.get(LIST).json()["data"]["items"]
        rows = others.pop(mine.name)
        assert len(others) == 2
        assert not any(others.values())
        assert [row["tid"] for row in rows] == [order.number for order in mine.orders]
        assert {row["sku_interval_text"] for row in rows} == {"365"}
        for row, order in zip(rows, mine.orders, strict=True):
            assert re.fullmatch(r"E\d{23}", row["tid"])
            assert row["tid"][1:15] == f"{order.ordered_at:%Y%m%d%H%M%S}"


async def test_a_session_that_dies_behind_a_200_is_opened_again() -> None:
    with Sandbox(shops=[["youzan"]]) as box:
        async with visiting(box, "youzan") as visit:
            before = await visit.orders()
            box.state.sessions.clear()
            assert await visit.orders() == before
            assert len(before) == len(visit.shop.orders)
        assert box.truth()["markets"]["youzan"][visit.shop.login.username]["logins"] == {"ok": 2, "bad": 0}


async def test_no_shop_is_opened_that_is_not_ours() -> None:
    with Sandbox(shops=[["youzan"]]) as box:
        box.faults.shop_name = "别人的店"
        async with visiting(box, "youzan") as visit:
            with pytest.raises(WrongShop):
                await visit.orders()
            await expect(visit.page.get_by_text("请选择店铺")).to_be_visible()
        assert [session.shop for session in box.state.sessions.values()] == [""]


async def test_an_empty_list_is_believed_and_a_broken_one_is_not() -> None:
    with Sandbox(shops=[["youzan"]]) as box:
        box.faults.empty = True
        async with visiting(box, "youzan") as visit:
            assert await visit.orders() == []
            box.faults.empty, box.faults.broken_list = False, True
            await visit.session.open(visit.site.order_list)
            live = visit.session.page
            with pytest.raises(SiteUnavailable, match="系统异常"):
                await arrive(OpenedList(live, ORDERS, "有赞", live.traffic.cursor()))
