"""阿里巴巴国际站: the log-in on its own page, codes by e-mail, short sessions, and a token in every call."""

from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import market
from agent.sandbox.core.answers import COOKIES, page, redirect, state_of, who
from agent.sandbox.core.market import Line
from agent.sandbox.core.model import COMPLETED
from agent.sandbox.core.widget import Way
from agent.sandbox.samples.trades import TRADES

LOGIN, ORDERS = TRADES["alibaba"].login_path, TRADES["alibaba"].orders_path
HOME, USE = "/alibaba/home/index.htm", "/alibaba/product/use.htm"
WAY = Way(
    site="alibaba", title="Alibaba.com", home=HOME, page=LOGIN, style="alibaba/alibaba.css",
    wrong="您输入的邮箱或密码有误，请重新输入", asks_name="邮箱/会员名", code_page="alibaba/code.html",
)  # fmt: skip
STATES = {COMPLETED: "交易完成"}
WRONG_TOKEN = JSONResponse({"success": False, "code": "CTOKEN_INVALID", "message": "页面已过期，请刷新后重试"}, 403)


def _ctoken(request: Request) -> str:
    """What the pages of a session have to send with each call."""
    return sha256(request.cookies.get(COOKIES["alibaba"][0], "").encode()).hexdigest()[:16]


def _is_from_page(request: Request) -> bool:
    return request.query_params.get("ctoken") == _ctoken(request)


async def login(request: Request) -> Response:
    return WAY.enter(request, "alibaba/login.html", "return_url")


def _inside(request: Request, template: str, here: str) -> Response:
    merchant = who(request, "alibaba")
    if merchant is None:
        return redirect(f"{LOGIN}?return_url={here}&_lang=zh_CN")
    shop, faults = market.shop_of(request, merchant, "alibaba"), state_of(request).faults
    return page(template, {"shop": shop, "faults": faults, "ctoken": _ctoken(request)})


async def home(request: Request) -> Response:
    return _inside(request, "alibaba/home.html", HOME)


async def shell(request: Request) -> Response:
    return _inside(request, "alibaba/orders.html", ORDERS)


async def orders(request: Request) -> Response:
    """A session that has ended is told in a 200; the page lays a dialog over itself."""
    merchant = who(request, "alibaba")
    if merchant is None:
        return JSONResponse({"success": False, "code": "NOT_LOGIN", "message": market.EXPIRED})
    if not _is_from_page(request):
        return WRONG_TOKEN
    if state_of(request).faults.broken_list:
        return JSONResponse({"success": False, "code": "SYSTEM_ERROR", "message": "系统异常，请稍后重试"})
    rows = [_order(line) for line in market.lines(request, merchant, "alibaba")]
    return JSONResponse({"success": True, "data": {"page": 1, "page_size": 10, "total": len(rows), "list": rows}})


def _order(line: Line) -> dict[str, Any]:
    """Named as the platform's interface for partners has it; the number is text."""
    return {
        "id": line.key,
        "order_no": line.number,
        "order_title": line.service,
        "service_code": line.code,
        "create_time": f"{line.ordered_at:%Y-%m-%d %H:%M:%S}",
        "expire_time": line.expires,
        "service_sku_label": line.cycle,
        "transaction_price": str(line.amount),
        "currency": "CNY",
        "current_status": STATES.get(line.status, line.status),
        "confirmable": line.confirmable,
    }


async def confirm(request: Request) -> Response:
    return await market.confirm(request, "alibaba") if _is_from_page(request) else WRONG_TOKEN


async def purchase(request: Request) -> Response:
    return await market.purchase(request, "alibaba")


async def use(_: Request) -> Response:
    """The way into the service itself (使用服务), which is not drawn."""
    return redirect(ORDERS)


routes = [
    Route("/alibaba", lambda _: redirect(HOME)),
    Route(LOGIN, login),
    Route(HOME, home),
    Route(ORDERS, shell),
    Route(USE, use),
    Route("/alibaba/vendor/order/list.json", orders),
    Route("/alibaba/vendor/order/confirm.json", confirm, methods=["POST"]),
    Route("/alibaba/vendor/order/buy.json", purchase, methods=["POST"]),
    *WAY.routes(),
]
