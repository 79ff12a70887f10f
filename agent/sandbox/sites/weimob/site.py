"""微盟: a plain log-in with a captcha frame of 腾讯's beside it, and orders drawn as cards, their amounts in 分."""

import secrets
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import codes
from agent.sandbox.core.answers import close_session, fields, local, open_session, page, redirect, state_of, who
from agent.sandbox.core.market import LOCKED, WRONG, Line, confirm, lines, log_in, purchase, shop_of

LOGIN, HOME, ORDERS = "/weimob/login.html", "/weimob/console/home", "/weimob/fuwu/orders"
REFUSALS = {WRONG: ("1010", "手机号或密码错误"), LOCKED: ("1011", LOCKED)}


def told(code: str, message: str, data: dict[str, Any] | None = None) -> Response:
    """Always with status 200: also a lost session is only told in words."""
    return JSONResponse({"code": code, "message": message, "data": data})


def _gone() -> Response:
    return told("-1", "请重新登录")


async def login(request: Request) -> Response:
    target = local(request.query_params.get("back", ""), "/weimob", HOME)
    if who(request, "weimob"):
        return redirect(target)
    return page("weimob/login.html", {"target": target, "kept": state_of(request).faults.hidden_challenge})


async def puzzle(_: Request) -> Response:
    return page("weimob/captcha.html")


async def submit(request: Request) -> Response:
    faults, form = state_of(request).faults, await fields(request)
    if faults.challenge == "slider" and form.get("ticket") != "passed":
        return told("1022", "请完成安全验证")
    found = log_in(request, "weimob", form.get("phone", ""), form.get("pwd", ""))
    if isinstance(found, str):
        return told(*REFUSALS[found])
    if faults.challenge == "sms":
        token = secrets.token_hex(8)
        state_of(request).unverified[token] = found
        codes.send(state_of(request), "weimob", found)
        return told("0", "success", {"goto": f"/weimob/verify.html?token={token}"})
    response = told("0", "success", {"goto": local(form.get("back", ""), "/weimob", HOME)})
    open_session(response, state_of(request), "weimob", found)
    return response


async def code(request: Request) -> Response:
    return page("weimob/verify.html", {"token": request.query_params.get("token", ""), "refusal": ""})


async def verify(request: Request) -> Response:
    state, form = state_of(request), await fields(request)
    merchant = state.unverified.get(form.get("token", ""))
    if merchant is None:
        return redirect(LOGIN)
    if refusal := codes.refusal(state, "weimob", merchant, form.get("code", "")):
        return page("weimob/verify.html", {"token": form["token"], "refusal": refusal})
    del state.unverified[form["token"]]
    response = redirect(HOME)
    open_session(response, state, "weimob", merchant)
    return response


async def logout(request: Request) -> Response:
    response = redirect(LOGIN)
    close_session(response, request, "weimob")
    return response


async def home(request: Request) -> Response:
    merchant = who(request, "weimob")
    if merchant is None:
        return redirect(f"{LOGIN}?back={quote(HOME, safe='')}")
    return page("weimob/home.html", {"shop": shop_of(request, merchant, "weimob")})


async def shell(_: Request) -> Response:
    """The page before any data; who is logged in it learns with the orders."""
    return page("weimob/orders.html")


async def order_list(request: Request) -> Response:
    merchant = who(request, "weimob")
    if merchant is None:
        return _gone()
    if state_of(request).faults.broken_list:
        return told("500", "系统繁忙，请稍后重试")
    orders = [_told(line) for line in lines(request, merchant, "weimob")]
    shop = shop_of(request, merchant, "weimob")
    return told("0", "success", {"shopName": shop, "totalCount": len(orders), "pageList": orders})


def _told(line: Line) -> dict[str, Any]:
    return {
        "id": line.key,
        "orderNo": line.number,
        "productName": line.service,
        "productCode": line.code,
        "createTime": f"{line.ordered_at:%Y/%m/%d %H:%M}",
        "period": line.cycle,
        "expireTime": line.expires.replace("-", "/")[:10] if line.expires != "--" else "--",
        "payAmount": int(line.amount * 100),
        "statusDesc": line.status,
        "confirmable": line.confirmable,
    }


async def confirm_order(request: Request) -> Response:
    return await confirm(request, "weimob")


async def buy(request: Request) -> Response:
    return await purchase(request, "weimob")


routes = [
    Route("/weimob", lambda _: redirect(HOME)),
    Route(LOGIN, login),
    Route("/weimob/turing.captcha/drag_ele.html", puzzle),
    Route("/weimob/passport/login", submit, methods=["POST"]),
    Route("/weimob/verify.html", code),
    Route("/weimob/passport/verify", verify, methods=["POST"]),
    Route("/weimob/passport/logout", logout, methods=["POST"]),
    Route(HOME, home),
    Route(ORDERS, shell),
    Route("/weimob/fuwu/api/order/list", order_list),
    Route("/weimob/fuwu/api/order/confirm", confirm_order, methods=["POST"]),
    Route("/weimob/fuwu/api/order/create", buy, methods=["POST"]),
]
