"""1688: the log-in lies with the family's, and the order list is an application (isv-container) in a frame."""

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import market
from agent.sandbox.core.answers import page, redirect, state_of, who
from agent.sandbox.core.market import Line
from agent.sandbox.core.model import AWAITING, COMPLETED, UNPAID
from agent.sandbox.core.widget import Way
from agent.sandbox.samples.trades import TRADES

SIGNIN, ORDERS = TRADES["1688"].login_path, TRADES["1688"].orders_path
FAMILY, HOME = "/1688/login.taobao.com/member/login.jhtml", "/1688/work/home.htm"
WAY = Way(
    site="1688", title="1688", home=HOME, page=SIGNIN, style="cn1688/cn1688.css", wrong="账号名或登录密码不正确",
    asks_name="会员名/邮箱/手机号", app="1688App", terms="《1688服务条款》",
)  # fmt: skip
OURS = {name for name, _ in TRADES["1688"].services}
STATES = {UNPAID: "未支付", AWAITING: "服务前", COMPLETED: "服务中"}


async def signin(request: Request) -> Response:
    """Never a form itself: sends on to the family's log-in, or to where a living session was bound for."""
    done = request.query_params.get("Done", "")
    if who(request, "1688"):
        return redirect(WAY.target(done))
    return redirect(f"{FAMILY}?style=b2b&from=b2b&redirectURL={WAY.target(done)}")


async def family(request: Request) -> Response:
    return WAY.form(request, "cn1688/login.html", request.query_params.get("redirectURL", ""))


def _inside(request: Request, template: str, here: str) -> Response:
    merchant = who(request, "1688")
    if merchant is None:
        return redirect(f"{SIGNIN}?Done={here}")
    return page(template, {"shop": market.shop_of(request, merchant, "1688"), "faults": state_of(request).faults})


async def home(request: Request) -> Response:
    return _inside(request, "cn1688/home.html", HOME)


async def container(request: Request) -> Response:
    return _inside(request, "cn1688/orders.html", ORDERS)


async def application(_: Request) -> Response:
    """The page in the frame: it learns who is logged in as it asks for the orders."""
    return page("cn1688/application.html")


async def orders(request: Request) -> Response:
    merchant = who(request, "1688")
    if merchant is None:
        return _failed("NO_LOGIN", market.EXPIRED)
    if state_of(request).faults.broken_list:
        return _failed("SYSTEM_ERROR", "系统繁忙，请稍后重试")
    rows = [_order(line) for line in market.lines(request, merchant, "1688")]
    return JSONResponse({"success": True, "result": {"totalCount": len(rows), "pageSize": 20, "orders": rows}})


def _failed(code: str, message: str) -> Response:
    return JSONResponse({"success": False, "errorCode": code, "message": message})


def _order(line: Line) -> dict[str, Any]:
    """Named and shaped as the platform's interface for partners has it: times packed, money in fractions of a yuan."""
    begun = line.status not in (UNPAID, AWAITING)
    return {
        "id": line.key,
        "orderItemNum": line.number,
        "productName": line.service,
        "gmtCreate": _packed(line.ordered_at),
        "gmtServiceEnd": "" if line.status == UNPAID else _packed(datetime.fromisoformat(line.expires)),
        "gmtConfirm": _packed(line.ordered_at + timedelta(hours=1)) if begun else "",
        "paymentAmount": float(line.amount),
        "quantity": 1,
        "bizStatus": _state(line),
        "confirmable": line.confirmable,
    }


def _state(line: Line) -> str:
    return "挂起" if line.status == COMPLETED and line.service not in OURS else STATES.get(line.status, line.status)


def _packed(when: datetime) -> str:
    return f"{when:%Y%m%d%H%M%S}000+0800"


async def confirm(request: Request) -> Response:
    return await market.confirm(request, "1688")


async def purchase(request: Request) -> Response:
    return await market.purchase(request, "1688")


routes = [
    Route("/1688", lambda _: redirect(HOME)),
    Route(SIGNIN, signin),
    Route(FAMILY, family),
    Route(HOME, home),
    Route(ORDERS, container),
    Route("/1688/isv-container/order.html", application),
    Route("/1688/isv-container/order/list.json", orders),
    Route("/1688/isv-container/order/confirm.json", confirm, methods=["POST"]),
    Route("/1688/isv-container/order/operate.json", purchase, methods=["POST"]),
    *WAY.routes(),
]
