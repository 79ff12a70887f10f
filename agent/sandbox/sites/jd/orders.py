"""京麦服务市场: the seller's order list and its gateway, to which reads and writes alike are POSTs."""

import json
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import market
from agent.sandbox.core.answers import BUSY, page, state_of, who
from agent.sandbox.core.market import Line
from agent.sandbox.core.model import AWAITING, CLOSED, COMPLETED, UNPAID, Merchant
from agent.sandbox.samples.trades import TRADES

STATUSES = {UNPAID: "等待付款", COMPLETED: "已完成", CLOSED: "已取消"}  # its own words; the others are as everywhere
TABS = {"all": None, "wait_pay": UNPAID, "wait_confirm": AWAITING, "finished": COMPLETED}
SIZE = 10


async def shell(_: Request) -> Response:
    """An empty page: its script learns from the gateway whose session it is, and whether there is one."""
    return page("jd/orders.html", {"login": TRADES["jd"].login_path})


async def gateway(request: Request) -> Response:
    """`api` in the address says what is wanted. Always status 200, but where a fault is meant."""
    match request.query_params.get("api"):
        case "dsm.fwmarket.order.confirm":
            return _enveloped(await market.confirm(request, "jd"))
        case "dsm.fwmarket.order.create":
            return _enveloped(await market.purchase(request, "jd"))
        case "dsm.seller.account.info":
            return _read(request, {})
        case "dsm.fwmarket.order.listwithpage":
            return _read(request, json.loads(await request.body()))
    return JSONResponse({"code": 404, "message": "接口不存在"})


def _enveloped(answer: Response) -> Response:
    """What the shared step answered, as this gateway words it; faults as they are."""
    if not isinstance(answer, JSONResponse) or answer.status_code != 200:
        return answer
    told = json.loads(bytes(answer.body))
    if told["success"]:
        return JSONResponse({"code": 200, "data": {"result": True}})
    return JSONResponse({"code": told.get("code", 5001), "message": told["message"]})


def _read(request: Request, asked: dict[str, Any]) -> Response:
    merchant = who(request, "jd")
    if merchant is None:
        return JSONResponse({"code": 401, "message": market.EXPIRED})
    if not asked:
        return JSONResponse({"code": 200, "data": {"shopName": market.shop_of(request, merchant, "jd")}})
    if state_of(request).faults.broken_list:
        return JSONResponse({"code": 500, "message": BUSY})
    return JSONResponse({"code": 200, "data": _list(request, merchant, asked)})


def _list(request: Request, merchant: Merchant, asked: dict[str, Any]) -> dict[str, Any]:
    wanted = TABS[asked["tab"]]
    found = [line for line in market.lines(request, merchant, "jd") if wanted in {None, line.status}]
    start = (asked["currentPage"] - 1) * SIZE
    rows = [_row(line) for line in found[start : start + SIZE]]
    return {"totalCount": len(found), "totalPage": -(-len(found) // SIZE), "resultList": rows}


def _row(line: Line) -> dict[str, Any]:
    """Numbers as numbers, times as epoch milliseconds."""
    return {
        "orderId": int(line.number) if line.number else None,
        "confirmId": line.key,
        "serviceName": line.service,
        "serviceCode": line.code,
        "orderDate": _epoch(line.ordered_at),
        "endDate": None if line.expires == "--" else _epoch(datetime.fromisoformat(f"{line.expires}+08:00")),
        "orderCycleName": line.cycle,
        "totalRealpayPrice": float(line.amount),
        "orderStatusName": STATUSES.get(line.status, line.status),
        "canConfirm": line.confirmable,
    }


def _epoch(when: datetime) -> int:
    return int(when.timestamp() * 1000)


routes = [
    Route(TRADES["jd"].orders_path, shell),
    Route("/jd/api", gateway, methods=["POST"]),
]
