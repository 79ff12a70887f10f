"""有赞云: what a shop has ordered on the app market. Nothing waits for 确认 here."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core.answers import page, session_of, state_of, who
from agent.sandbox.core.market import Line, lines, purchase, shop_of
from agent.sandbox.core.model import CLOSED, COMPLETED, REFUNDING, UNPAID

# The interface answers 200 to everything; `code` says what it means.
EXPIRED = {"code": 400, "msg": "登录失效"}
NO_SHOP = {"code": 10301, "msg": "未选择店铺"}
BUSY = {"code": 10500, "msg": "系统异常，请稍后重试"}
PAID_AFTER = 95_000  # milliseconds
STATES = {UNPAID: "WAIT_PAY", COMPLETED: "TRADE_SUCCESS", CLOSED: "TRADE_CLOSED", REFUNDING: "REFUNDING"}


async def shell(_: Request) -> Response:
    """The page before any data: it learns who is logged in as it asks for the orders."""
    return page("youzan/orders.html")


async def order_list(request: Request) -> Response:
    merchant, session = who(request, "youzan"), session_of(request, "youzan")
    if merchant is None or session is None:
        return JSONResponse(EXPIRED)
    if not session.shop:
        return JSONResponse(NO_SHOP)
    if state_of(request).faults.broken_list:
        return JSONResponse(BUSY)
    ours = session.shop == shop_of(request, merchant, "youzan")
    items = [_item(line) for line in lines(request, merchant, "youzan")] if ours else []
    return JSONResponse(
        {"code": 200, "msg": "成功", "data": {"kdt_name": session.shop, "items": items, "total": len(items)}}
    )


def _item(line: Line) -> dict[str, Any]:
    """Times in milliseconds, periods in days, as 有赞云 gives them to partners."""
    created = round(line.ordered_at.timestamp() * 1000)
    return {
        "tid": line.number,
        "order_type": 1,
        "app_id": line.code,
        "app_name": line.service,
        "sku_version_text": "专业版",
        "sku_interval_text": "365",
        "created_time": created,
        "pay_time": None if line.status == UNPAID else created + PAID_AFTER,
        "end_time": line.expires,
        "real_pay": str(line.amount),
        "order_status": STATES.get(line.status, line.status),
    }


async def pay(request: Request) -> Response:
    return await purchase(request, "youzan")


routes = [
    Route("/youzan/center/orders", shell),
    Route("/youzan/v3/appstore/order/list.json", order_list),
    Route("/youzan/transaction/payment.json", pay, methods=["POST"]),
]
