"""苏宁: the log-in, which opens on a QR code, and the order list, pages of the server's own that end in .htm."""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import codes, market
from agent.sandbox.core.answers import BUSY, close_session, fields, local, open_session, page, redirect, state_of, who
from agent.sandbox.core.model import CLOSED, COMPLETED, UNPAID, Merchant
from agent.sandbox.samples.trades import TRADES

LOGIN, ORDERS = TRADES["suning"].login_path, TRADES["suning"].orders_path
HOME = "/suning/sop/index.htm"
CHECK = "/suning/ids/smsCheck"
# Its own words; the others are as everywhere.
STATUSES = {UNPAID: "等待付款", COMPLETED: "交易完成", CLOSED: "交易关闭"}
REFUSALS = {
    market.WRONG: "您输入的账户名和密码不匹配，请重新输入",
    market.LOCKED: "您的账户已被锁定，请通过找回密码解锁",
}
SIZE = 4


def _login_page(request: Request, service: str, **shown: object) -> Response:
    values = {"service": local(service, "/suning", HOME), "faults": state_of(request).faults}
    return page("suning/login.html", values | {"name": "", "error": "", "slider": False} | shown)


async def login(request: Request) -> Response:
    service = request.query_params.get("service", "")
    if who(request, "suning"):
        return redirect(local(service, "/suning", HOME))
    return _login_page(request, service)


async def submit(request: Request) -> Response:
    """Take the form, and draws the page once more if it is not taken: then the form is what it opens on."""
    state, form = state_of(request), await fields(request)
    name, service = form.get("username", ""), form.get("service", "")
    if state.faults.challenge == "slider" and form.get("dragToken") != "passed":
        return _login_page(request, service, name=name, slider=True)
    found = market.log_in(request, "suning", name, form.get("password", ""))
    if isinstance(found, str):
        return _login_page(request, service, name=name, error=REFUSALS[found])
    if state.faults.challenge == "sms":
        token = secrets.token_hex(8)
        state.unverified[token] = found
        return _see_other(f"{CHECK}?ticket={token}")
    return _welcome(request, found, local(service, "/suning", HOME))


def _welcome(request: Request, merchant: Merchant, target: str) -> Response:
    response = _see_other(target)
    open_session(response, state_of(request), "suning", merchant)
    return response


def _see_other(target: str) -> Response:
    return Response(status_code=303, headers={"location": target})


async def need_verify_code(_: Request) -> Response:
    """Asked for as soon as a name stands in its box: is an image code (图形验证码) wanted, too?"""
    return JSONResponse({"needVerifyCode": False})


async def sms_check(request: Request) -> Response:
    """The page that asks for the code of an SMS, and what takes the code."""
    state, form = state_of(request), await fields(request)
    token = request.query_params.get("ticket", "") or form.get("ticket", "")
    merchant = state.unverified.get(token)
    if merchant is None:
        return _see_other(LOGIN)
    refusal = ""
    if request.method == "POST":
        refusal = codes.refusal(state, "suning", merchant, form.get("smsCode", "")) or ""
    if request.method == "GET" or refusal:
        return page("suning/sms.html", {"token": token, "refusal": refusal})
    del state.unverified[token]
    return _welcome(request, merchant, HOME)


async def logout(request: Request) -> Response:
    response = redirect(LOGIN)
    close_session(response, request, "suning")
    return response


def _to_login(request: Request) -> Response:
    return redirect(f"{LOGIN}?service={request.url.path}")


async def fuwu_index(request: Request) -> Response:
    """The page between the seller's home and the orders."""
    merchant = who(request, "suning")
    if merchant is None:
        return _to_login(request)
    return page("suning/market.html", {"shop": market.shop_of(request, merchant, "suning")})


async def home(request: Request) -> Response:
    merchant = who(request, "suning")
    if merchant is None:
        return _to_login(request)
    return page("suning/home.html", {"shop": market.shop_of(request, merchant, "suning")})


async def orders(request: Request) -> Response:
    """One page of the list, `pageNo` from 1; a page that there is not is the nearest."""
    merchant = who(request, "suning")
    if merchant is None:
        return _to_login(request)
    found = market.lines(request, merchant, "suning")
    last = max(1, -(-len(found) // SIZE))
    asked = request.query_params.get("pageNo", "1")
    number = min(max(1, int(asked) if asked.isdecimal() else 1), last)
    values: dict[str, object] = {"rows": found[(number - 1) * SIZE : number * SIZE], "total": len(found)}
    values |= {"shop": market.shop_of(request, merchant, "suning"), "number": number, "last": last}
    broken = BUSY if state_of(request).faults.broken_list else ""
    return page("suning/orders.html", values | {"statuses": STATUSES, "broken": broken})


async def confirm(request: Request) -> Response:
    return await market.confirm(request, "suning")


async def create(request: Request) -> Response:
    return await market.purchase(request, "suning")


routes = [
    Route("/suning", lambda _: redirect(HOME)),
    Route(LOGIN, login, methods=["GET"]),
    Route(LOGIN, submit, methods=["POST"]),
    Route("/suning/ids/needVerifyCode", need_verify_code),
    Route(CHECK, sms_check, methods=["GET", "POST"]),
    codes.sending("suning", "/suning/ids/sendSms"),
    Route("/suning/ids/logout", logout, methods=["POST"]),
    Route(HOME, home),
    Route("/suning/fuwu/index.htm", fuwu_index),
    Route(ORDERS, orders),
    Route("/suning/fuwu/order/confirm.htm", confirm, methods=["POST"]),
    Route("/suning/fuwu/order/create.htm", create, methods=["POST"]),
]
