"""拼多多: the log-in of its seller back office, with the notice before it and the risk notice after it."""

import base64
import binascii
import json
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import codes
from agent.sandbox.core.answers import fields, local, open_session, page, redirect, session_of, state_of, who
from agent.sandbox.core.market import LOCKED, log_in, shop_of
from agent.sandbox.sites.pinduoduo import orders as pinduoduo_orders

HOME, LOGIN = "/pinduoduo/home", "/pinduoduo/login/"
RISK = "系统检测到您的账号异常，存在盗号风险，为保障资金安全，请修改密码"


async def login(request: Request) -> Response:
    target = local(request.query_params.get("redirectUrl", ""), "/pinduoduo", HOME)
    if session_of(request, "pinduoduo"):
        return redirect(target)
    return page("pinduoduo/login.html", {"target": target, "faults": state_of(request).faults})


async def submit(request: Request) -> Response:
    """Take JSON, the password wrapped up; the real page encrypts it with a key of the site's."""
    state, asked = state_of(request), json.loads(await request.body())
    if state.faults.challenge == "slider" and asked.get("verifyAuthToken") != "passed":
        return _failed(54001, "需要安全验证")
    merchant = log_in(request, "pinduoduo", asked.get("username", ""), _unwrapped(asked.get("password", "")))
    if isinstance(merchant, str):
        return _failed(8000047, RISK) if merchant == LOCKED else _failed(8000063, "账号或密码错误")
    if state.faults.challenge == "sms":
        token = secrets.token_hex(8)
        state.unverified[token] = merchant
        return _done({"redirectUrl": f"/pinduoduo/login/verify?token={token}"})
    response = _done({"redirectUrl": local(asked.get("redirectUrl", ""), "/pinduoduo", HOME)})
    open_session(response, state, "pinduoduo", merchant)
    return response


def _unwrapped(password: str) -> str:
    try:
        return base64.b64decode(password, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _done(result: dict[str, object]) -> JSONResponse:
    return JSONResponse({"success": True, "errorCode": 1000000, "errorMsg": None, "result": result})


def _failed(code: int, text: str) -> JSONResponse:
    return JSONResponse({"success": False, "errorCode": code, "errorMsg": text, "result": None})


async def verify(request: Request) -> Response:
    """安全验证: the code that a person was sent to their phone."""
    state, form = state_of(request), await fields(request)
    token = form.get("token") or request.query_params.get("token", "")
    if token not in state.unverified:
        return redirect(LOGIN)
    refusal = ""
    if request.method == "POST":
        refusal = codes.refusal(state, "pinduoduo", state.unverified[token], form.get("code", "")) or ""
    if request.method == "GET" or refusal:
        return page("pinduoduo/verify.html", {"token": token, "refusal": refusal})
    response = redirect(HOME)
    open_session(response, state, "pinduoduo", state.unverified.pop(token))
    return response


async def check_login(request: Request) -> Response:
    return _done({"login": session_of(request, "pinduoduo") is not None})


async def mall(request: Request) -> Response:
    session = session_of(request, "pinduoduo")
    if session is None:
        return JSONResponse({"success": False, "errorCode": 43001, "errorMsg": "会话已过期"}, 401)
    return _done({"mallName": shop_of(request, session.merchant, "pinduoduo")})


async def my_service(request: Request) -> Response:
    """The page between the seller's home and the orders."""
    merchant = who(request, "pinduoduo")
    if merchant is None:
        return redirect(f"{LOGIN}?redirectUrl={HOME}")
    return page("pinduoduo/my_service.html", {"shop": shop_of(request, merchant, "pinduoduo")})


async def home(request: Request) -> Response:
    merchant = who(request, "pinduoduo")
    if merchant is None:
        return redirect(f"{LOGIN}?redirectUrl={HOME}")
    return page("pinduoduo/home.html", {"shop": shop_of(request, merchant, "pinduoduo")})


routes = [
    Route("/pinduoduo", lambda _: redirect(HOME)),
    Route(LOGIN, login),
    Route("/pinduoduo/janus/api/auth", submit, methods=["POST"]),
    Route("/pinduoduo/janus/api/checkLogin", check_login),
    Route("/pinduoduo/earth/api/mallInfo/querySimpleCredential", mall),
    Route("/pinduoduo/login/verify", verify, methods=["GET", "POST"]),
    codes.sending("pinduoduo", "/pinduoduo/login/sendCode"),
    Route(HOME, home),
    Route("/pinduoduo/service-market/my-service", my_service),
    *pinduoduo_orders.routes,
]
