"""淘宝服务市场: the seller's order list, its gateway, and the confirmation of orders."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.sandbox.core.answers import mtop, page, redirect, state_of, who
from agent.sandbox.core.model import AWAITING, COMPLETED, UNPAID, Faults, Merchant, Order
from agent.sandbox.core.posts import Outcome, handle
from agent.sandbox.core.state import State

TABS = {"all": None, "wait_pay": UNPAID, "wait_confirm": AWAITING, "finished": COMPLETED}
COLUMNS = ["订单编号", "订购时间", "服务名称", "订购店铺", "订购周期", "实付金额", "到期时间", "订单状态", "操作"]
EXPIRED = "FAIL_SYS_SESSION_EXPIRED::Session过期"
BUSY = "FAIL_SYS_TRAFFIC_LIMIT::哎哟喂,被挤爆啦,请稍后重试"
LIST = "/taobao/ser/order/biz_order_list.htm"
PUNISH = "/taobao/_____tmd_____/punish?x5secdata=sandbox&x5step=2&action=captcha"


async def shell(request: Request) -> Response:
    """The page before any data: it learns who is logged in as it asks for the orders."""
    faults, merchant = state_of(request).faults, who(request, "taobao")
    if faults.agreement and merchant is not None and merchant.id not in state_of(request).agreed:
        return page("taobao/agreement.html")
    hidden = COLUMNS.index(faults.drop_column) + 1 if faults.drop_column in COLUMNS else 0
    return page("taobao/orders.html", {"columns": COLUMNS, "hidden": hidden, "faults": faults})


async def agree(request: Request) -> Response:
    if merchant := who(request, "taobao"):
        state_of(request).agreed.add(merchant.id)
    return redirect(LIST)


async def gateway(request: Request) -> Response:
    merchant = who(request, "taobao")
    if merchant is None:
        return mtop(request, EXPIRED)
    state = state_of(request)
    match request.path_params["api"]:
        case "mtop.taobao.jdy.resource.shop.info.get":
            shown = state.faults.shop_name or merchant.taobao.name
            return mtop(request, data={"nick": merchant.taobao.login.username, "shopName": shown})
        case "mtop.alibaba.topservice.order.list.get":
            return _list(request, state, merchant)
    return mtop(request, "FAIL_SYS_API_NOT_FOUNDED::请求API不存在")


def _list(request: Request, state: State, merchant: Merchant) -> Response:
    if state.faults.broken_list:
        return mtop(request, BUSY)
    if state.faults.frame_punish:
        return mtop(request, "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试!", {"url": PUNISH})
    asked = _asked(request.query_params.get("data", ""))
    if asked is None:
        return mtop(request, "FAIL_BIZ_PARAM_INVALID::参数错误")
    number, size, tab = asked
    orders = [] if state.faults.empty else merchant.taobao.orders
    rows = [_row(order, merchant, state.faults) for order in orders if TABS[tab] in {None, order.status}]
    start = (number - 1) * size
    return mtop(request, data={"list": rows[start : start + size], "total": str(len(rows))})


def _asked(text: str) -> tuple[int, int, str] | None:
    """Page, page size and tab of the list that is asked for."""
    try:
        data = json.loads(text)
        asked = int(data["currentPage"]), int(data["pageSize"]), str(data["tabCode"])
    except (ValueError, KeyError, TypeError):
        return None
    return asked if asked[0] > 0 and 0 < asked[1] <= 50 and asked[2] in TABS else None


def _row(order: Order, merchant: Merchant, faults: Faults) -> dict[str, Any]:
    """What the gateway tells of an order, all of it text; the numbers only once it is confirmed."""
    odd = order.role == "unfiled"  # the order of ours that faults strike
    row = {
        "confirmId": order.key,
        "articleName": order.service,
        "articleCode": order.code,
        "bizType": order.biz_type,
        "createTime": order.ordered_at.strftime("%Y-%m-%d %H:%M:%S"),
        "shopName": faults.shop_name or merchant.taobao.name,
        "orderCycle": order.cycle,
        "actualFee": str(order.amount),
        "endTime": order.expires,
        "statusText": "处理异常" if odd and faults.unknown_status else order.status,
        "canConfirm": str(order.status == AWAITING).lower(),
    }
    if not order.hidden and not (odd and faults.blank_number):
        row |= {"bizOrderId": order.number, "orderId": order.child}
    return row


async def confirm(request: Request) -> Response:
    request.path_params["api"] = "mtop.alibaba.topservice.order.confirm"
    return await handle(request, "taobao", "confirm", _confirm)


def _confirm(request: Request, merchant: Merchant | None, form: dict[str, str]) -> Outcome:
    if merchant is None:
        return Outcome(mtop(request, EXPIRED))
    order = merchant.taobao.order(form.get("confirmId", ""))
    if order is None:
        return Outcome(mtop(request, "FAIL_BIZ_ORDER_NOT_EXIST::订单不存在"))
    if order.status != AWAITING:
        return Outcome(mtop(request, "FAIL_BIZ_ORDER_STATUS::订单状态已变更，请刷新页面"), order_no=order.number)
    order.status = COMPLETED
    return Outcome(mtop(request), applied=True, order_no=order.number)


async def purchase(request: Request) -> Response:
    request.path_params["api"] = "mtop.alibaba.topservice.order.create"
    return await handle(request, "taobao", "purchase", _purchase)


def _purchase(request: Request, merchant: Merchant | None, _: dict[str, str]) -> Outcome:
    state_of(request).purchases[merchant.id if merchant else ""] += 1
    if merchant is None:
        return Outcome(mtop(request, EXPIRED))
    return Outcome(mtop(request), applied=True)


routes = [
    Route(LIST, shell),
    Route("/taobao/ser/order/agree.htm", agree, methods=["POST"]),
    Route("/taobao/h5/mtop.alibaba.topservice.order.confirm/1.0/", confirm, methods=["POST"]),
    Route("/taobao/h5/mtop.alibaba.topservice.order.create/1.0/", purchase, methods=["POST"]),
    Route("/taobao/h5/{api}/1.0/", gateway),
]
