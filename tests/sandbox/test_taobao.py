import json

import httpx
import pytest

from agent.sandbox import Sandbox
from agent.sandbox.core.codes import inbox
from tests.sandbox.clients import ORDERS, Seller

EXPIRED = "FAIL_SYS_SESSION_EXPIRED::Session过期"


def test_wrong_password_then_right(box: Sandbox) -> None:
    with Seller(box) as seller:
        assert seller.log_in("wrong") == {"success": False, "message": "账号名或登录密码不正确"}
        assert seller.log_in()["redirect"] == "/taobao/home.htm/QnworkbenchHome/"
        assert seller.truth()["logins"] == {"ok": 1, "bad": 1}


def test_three_wrong_passwords_lock_the_account(box: Sandbox) -> None:
    with Seller(box) as seller:
        answers = [seller.log_in("wrong")["message"] for _ in range(3)]
        assert "账号已被锁定" in answers[-1]
        assert "账号已被锁定" in seller.log_in()["message"]
        assert seller.truth()["locked"]
        assert seller.truth()["logins"] == {"ok": 0, "bad": 3}


def test_living_session_is_led_past_the_log_in(seller: Seller) -> None:
    assert seller.get("/taobao/login").headers["location"] == "/taobao/home.htm/QnworkbenchHome/"
    there = seller.get("/taobao/login", params={"redirectURL": "https://evil.example/"})
    assert there.headers["location"] == "/taobao/home.htm/QnworkbenchHome/"
    orders = "/taobao/ser/order/biz_order_list.htm"
    assert seller.get("/taobao/login", params={"redirectURL": orders}).headers["location"] == orders


def test_number_is_hidden_until_confirmed(seller: Seller) -> None:
    order = next(order for order in seller.merchant.taobao.orders if order.role == "awaiting")
    before = seller.get(ORDERS, params={"data": '{"pageSize": 50, "tabCode": "all", "currentPage": "1"}'}).text
    assert order.number not in before
    assert order.child not in before
    assert seller.confirm(order.key).json()["ret"] == ["SUCCESS::调用成功"]
    row = next(row for row in seller.rows() if row["confirmId"] == order.key)
    assert (row["bizOrderId"], row["orderId"], row["statusText"]) == (order.number, order.child, "交易成功")


def test_only_confirmed_orders_have_numbers(seller: Seller) -> None:
    for row in seller.rows():
        assert ("bizOrderId" in row) == (row["statusText"] in {"交易成功", "退款中"})
        assert all(isinstance(value, str) for value in row.values())


def test_confirming_twice_applies_once(seller: Seller) -> None:
    key = next(order.key for order in seller.merchant.taobao.orders if order.role == "awaiting")
    seller.confirm(key)
    assert seller.confirm(key).json()["ret"] == ["FAIL_BIZ_ORDER_STATUS::订单状态已变更，请刷新页面"]
    assert [entry["applied"] for entry in seller.box.truth()["log"]] == [True, False]


def test_others_orders_are_out_of_reach(seller: Seller) -> None:
    key = next(order.key for order in seller.box.state.merchants[1].taobao.orders if order.role == "awaiting")
    assert seller.confirm(key).json()["ret"] == ["FAIL_BIZ_ORDER_NOT_EXIST::订单不存在"]


def test_pages_and_tabs(seller: Seller) -> None:
    orders = seller.merchant.taobao.orders
    assert seller.list()["data"]["total"] == str(len(orders))
    assert [row["confirmId"] for row in seller.rows()] == [order.key for order in orders]
    assert {row["statusText"] for row in seller.rows("wait_confirm")} == {"待确认"}
    assert {row["statusText"] for row in seller.rows("finished")} == {"交易成功"}


@pytest.mark.parametrize("data", ["", "[]", '{"pageSize": 10, "tabCode": "x", "currentPage": "1"}'])
def test_senseless_requests_are_refused(seller: Seller, data: str) -> None:
    assert seller.get(ORDERS, params={"data": data}).json()["ret"] == ["FAIL_BIZ_PARAM_INVALID::参数错误"]


def test_jsonp(seller: Seller) -> None:
    text = seller.get(ORDERS, params={"data": "{}", "callback": "mtopjsonp7"}).text
    assert text.startswith(" mtopjsonp7({")
    assert json.loads(text.removeprefix(" mtopjsonp7(").removesuffix(")"))["v"] == "1.0"


def test_session_wears_out(seller: Seller) -> None:
    seller.box.faults.expire_session_after = 2
    order = next(order for order in seller.merchant.taobao.orders if order.role == "awaiting")
    assert [seller.list()["ret"][0] for _ in range(3)][1:] == ["SUCCESS::调用成功", EXPIRED]
    assert seller.confirm(order.key).json()["ret"] == [EXPIRED]
    assert seller.get("/taobao/home.htm/QnworkbenchHome/").headers["location"].startswith("/taobao/login")
    assert order.status == "待确认"
    assert not seller.box.truth()["log"][0]["applied"]


def test_no_session_no_list(box: Sandbox) -> None:
    with Seller(box) as stranger:
        assert stranger.list()["ret"] == [EXPIRED]


def test_faults_of_the_list(seller: Seller) -> None:
    faults = seller.box.faults
    faults.shop_name, faults.unknown_status, faults.blank_number = "别家店", True, True
    rows = list(seller.rows())
    assert {row["shopName"] for row in rows} == {"别家店"}
    assert ["bizOrderId" in row for row in rows if row["statusText"] == "处理异常"] == [False]
    faults.empty = True
    assert seller.list()["data"] == {"list": [], "total": "0"}
    faults.broken_list = True
    assert seller.list()["ret"][0].startswith("FAIL_SYS_TRAFFIC_LIMIT::")
    assert "list" not in seller.list()["data"]
    faults.broken_list, faults.frame_punish = False, True
    assert seller.list()["ret"][0].startswith("RGV587_ERROR::")
    assert seller.get(seller.list()["data"]["url"]).status_code == 200


def test_challenges(box: Sandbox) -> None:
    with Seller(box) as seller:
        box.faults.challenge = "slider"
        assert seller.log_in() == {"success": False, "challenge": "slider"}
        box.faults.challenge = "sms"
        target = seller.log_in()["redirect"]
        assert seller.list()["ret"] == [EXPIRED]
        assert "短信校验码" in seller.get(target).text
        form = {"token": httpx.URL(target).params["token"]}
        assert "验证码错误" in seller.post("/taobao/member/verify.do", data=form | {"code": "000000"}).text
        (message,) = inbox(box.state)
        assert seller.post("/taobao/member/verify.do", data=form | {"code": message.digits}).status_code == 302
        assert seller.list()["ret"] == ["SUCCESS::调用成功"]
        assert seller.truth()["logins"] == {"ok": 1, "bad": 0}


def test_purchases_are_counted(seller: Seller) -> None:
    seller.post("/taobao/h5/mtop.alibaba.topservice.order.create/1.0/", data={"articleCode": "FW_GOODS-1870412"})
    assert seller.box.truth()["purchases"] == seller.truth()["purchases"] == 1
