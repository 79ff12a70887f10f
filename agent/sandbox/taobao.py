"""淘宝: the log-in, with what can stand in its way."""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import taobao_orders
from .answers import close_session, fields, local, open_session, page, redirect, state_of, who
from .model import Merchant

HOME = "/taobao/home.htm/QnworkbenchHome/"
SMS_CODE = "246810"  # what a person would read from their phone


async def login(request: Request) -> Response:
    """The log-in page; to whoever has a session it is only a way to the seller's home."""
    target = local(request.query_params.get("redirectURL", ""), "/taobao", HOME)
    if who(request, "taobao"):
        return redirect(target)
    return page("taobao/login.html", {"target": target})


async def mini_login(request: Request) -> Response:
    target = local(request.query_params.get("redirectURL", ""), "/taobao", HOME)
    return page("taobao/mini_login.html", {"target": target, "faults": state_of(request).faults})


async def submit(request: Request) -> Response:
    """Answers {"success", "message" | "redirect" | "challenge"}; the widget does the rest."""
    state, form = state_of(request), await fields(request)
    if state.faults.challenge == "slider" and form.get("ncToken") != "passed":
        return JSONResponse({"success": False, "challenge": "slider"})
    merchant = state.account("taobao", form.get("fm-login-id", ""))
    if refusal := _refusal(merchant, form.get("fm-login-password", "")):
        return JSONResponse({"success": False, "message": refusal})
    target = local(form.get("redirectURL", ""), "/taobao", HOME)
    if merchant and state.faults.challenge == "sms":
        token = secrets.token_hex(8)
        state.unverified[token] = merchant
        return JSONResponse({"success": True, "redirect": f"/taobao/member/login_unusual.htm?token={token}"})
    response = JSONResponse({"success": True, "redirect": target})
    if merchant:
        open_session(response, state, "taobao", merchant)
    return response


def _refusal(merchant: Merchant | None, password: str) -> str | None:
    """Counts wrong passwords, too: a locked account stays locked."""
    if merchant is None or "taobao" not in merchant.shops:
        return "账号名或登录密码不正确"
    right = merchant.taobao.login.password == password
    merchant.taobao.login.bad += not right
    if merchant.taobao.login.locked:
        return "账号已被锁定，请联系客服或24小时后重试"
    return None if right else "账号名或登录密码不正确"


async def unusual(request: Request) -> Response:
    return page("taobao/unusual.html", {"token": request.query_params.get("token", ""), "wrong": False})


async def verify(request: Request) -> Response:
    state, form = state_of(request), await fields(request)
    merchant = state.unverified.get(form.get("token", ""))
    if merchant is None:
        return redirect("/taobao/login")
    if form.get("code") != SMS_CODE:
        return page("taobao/unusual.html", {"token": form["token"], "wrong": True})
    del state.unverified[form["token"]]
    response = redirect(HOME)
    open_session(response, state, "taobao", merchant)
    return response


async def logout(request: Request) -> Response:
    response = redirect("/taobao/login")
    close_session(response, request, "taobao")
    return response


async def home(request: Request) -> Response:
    merchant = who(request, "taobao")
    if merchant is None:
        return redirect(f"/taobao/login?redirectURL={HOME}")
    shop = state_of(request).faults.shop_name or merchant.taobao.name
    waiting = [order for order in merchant.taobao.orders if order.status == "待确认"]
    return page("taobao/home.html", {"shop": shop, "nick": merchant.taobao.login.username, "waiting": len(waiting)})


async def punish(_: Request) -> Response:
    return page("taobao/punish.html")


routes = [
    Route("/taobao", lambda _: redirect(HOME)),
    Route("/taobao/login", login),
    Route("/taobao/mini_login.htm", mini_login),
    Route("/taobao/newlogin/login.do", submit, methods=["POST"]),
    Route("/taobao/member/login_unusual.htm", unusual),
    Route("/taobao/member/verify.do", verify, methods=["POST"]),
    Route("/taobao/member/logout.do", logout, methods=["POST"]),
    Route("/taobao/_____tmd_____/punish", punish),
    Route(HOME, home),
    *taobao_orders.routes,
]
