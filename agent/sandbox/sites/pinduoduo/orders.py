"""拼多多 服务市场: what a shop has ordered there. Nothing waits for 确认 here."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core.answers import page, redirect, state_of, who
from agent.sandbox.core.market import Line, lines, purchase
from agent.sandbox.core.model import CLOSED, COMPLETED, REFUNDING, UNPAID

LIST = "/pinduoduo/service-market/order-list"
STATES = {UNPAID: (0, "未完成"), COMPLETED: (1, "已完成"), REFUNDING: (1, "已完成"), CLOSED: (2, "已取消")}
YEAR_SECONDS = 365 * 86400
# What static/pinduoduo.ttf (made for this page, a few strokes a digit) draws as the digits 0 to 9.
DRAWN = "\ue3c9\ue0f1\ue8a4\ue457\ue912\ue1d0\ue6be\ue2a7\uebb5\ue77c"


async def shell(request: Request) -> Response:
    """The page before any data, to whoever has a session."""
    if who(request, "pinduoduo") is None:
        return redirect(f"/pinduoduo/login/?redirectUrl={quote(LIST)}")
    return page("pinduoduo/orders.html")


async def order_list(request: Request) -> Response:
    """Asked for by POST, as that back office asks for everything."""
    merchant = who(request, "pinduoduo")
    faults = state_of(request).faults
    if merchant is None and faults.over_is_403:
        return JSONResponse({}, 403)
    if merchant is None:
        return JSONResponse({"success": False, "errorCode": 43001, "errorMsg": "会话已过期"}, 401)
    if faults.broken_list:
        return JSONResponse({"success": False, "errorCode": 2000000, "errorMsg": "系统繁忙，请稍后再试"})
    found = [_item(line, faults.substituted_font) for line in lines(request, merchant, "pinduoduo")]
    return JSONResponse({"success": True, "errorCode": 1000000, "result": {"total": len(found), "list": found}})


def _item(line: Line, substituted: bool) -> dict[str, Any]:
    """Amounts in 分, times in milliseconds, periods in seconds, as for partners."""
    code, words = STATES.get(line.status, (9, line.status))
    created = round(line.ordered_at.timestamp() * 1000)
    return {
        "order_sn": drawn(line.number) if substituted else line.number,
        "font": substituted,
        "service_id": int(line.code),
        "service_name": line.service,
        "sku_spec": "版本：基础版，周期：一年",
        "time_length": YEAR_SECONDS,
        "gift": "" if line.status == UNPAID else "短信通知包",
        "amount": int(line.amount * 100),
        "create_time": created,
        "expire": line.expires,
        "order_status": code,
        "order_status_desc": words,
        "pay_status": int(line.status != UNPAID),
        "source": 0,
    }


def drawn(number: str) -> str:
    """字体加密: the digits as the characters that the page's own font draws as those digits."""
    return number.translate({ord(digit): DRAWN[int(digit)] for digit in "0123456789"})


async def create(request: Request) -> Response:
    return await purchase(request, "pinduoduo")


routes = [
    Route(LIST, shell),
    Route("/pinduoduo/service-market/api/order/list", order_list, methods=["POST"]),
    Route("/pinduoduo/service-market/api/order/create", create, methods=["POST"]),
]
