"""京东: the log-in of 京麦, whose form is in a frame behind a tab."""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import codes, market
from agent.sandbox.core.answers import close_session, fields, local, open_session, page, redirect, state_of, who
from agent.sandbox.samples.trades import TRADES
from agent.sandbox.sites.jd import orders as jd_orders

LOGIN = TRADES["jd"].login_path
HOME = "/jd/jdm/home"
VERIFY = "/jd/dangerousVerify/index.action"
# Its words for what the log-in refuses, with the box that they belong to.
REFUSALS = {
    market.WRONG: {"pwd": "账号名与密码不匹配，请重新输入"},
    market.LOCKED: {"username": "您的账号因安全原因被锁定，请联系客服"},
}


async def login(request: Request) -> Response:
    """Tabs beside a frame that holds the form; to whoever has a session only a way home."""
    target = local(request.query_params.get("ReturnUrl", ""), "/jd", HOME)
    if who(request, "jd"):
        return redirect(target)
    return page("jd/login.html", {"target": target})


async def login_frame(request: Request) -> Response:
    target = local(request.query_params.get("ReturnUrl", ""), "/jd", HOME)
    return page("jd/login_frame.html", {"target": target, "faults": state_of(request).faults})


async def submit(request: Request) -> Response:
    """Answer {"success": address}, {"pwd" or "username": words}, or {"verify"} where the slider is wanted first."""
    state, form = state_of(request), await fields(request)
    if state.faults.challenge == "slider" and form.get("seqSid") != "passed":
        return JSONResponse({"verify": "JDJRV"})
    found = market.log_in(request, "jd", form.get("loginname", ""), form.get("nloginpwd", ""))
    if isinstance(found, str):
        return JSONResponse(REFUSALS[found])
    if state.faults.challenge == "sms":
        token = secrets.token_hex(8)
        state.unverified[token] = found
        return JSONResponse({"success": f"{VERIFY}?k={token}"})
    response = JSONResponse({"success": local(form.get("ReturnUrl", ""), "/jd", HOME)})
    open_session(response, state, "jd", found)
    return response


async def verify(request: Request) -> Response:
    """The page that asks for the code of an SMS, and what takes the code."""
    state, form = state_of(request), await fields(request)
    token = request.query_params.get("k", "") or form.get("k", "")
    merchant = state.unverified.get(token)
    if merchant is None:
        return redirect(LOGIN)
    refusal = ""
    if request.method == "POST":
        refusal = codes.refusal(state, "jd", merchant, form.get("code", "")) or ""
    if request.method == "GET" or refusal:
        return page("jd/verify.html", {"token": token, "refusal": refusal})
    del state.unverified[token]
    response = redirect(HOME)
    response.status_code = 303
    open_session(response, state, "jd", merchant)
    return response


async def logout(request: Request) -> Response:
    response = redirect(LOGIN)
    close_session(response, request, "jd")
    return response


async def home(request: Request) -> Response:
    merchant = who(request, "jd")
    if merchant is None:
        return redirect(f"{LOGIN}?ReturnUrl={HOME}")
    waiting = [line for line in market.lines(request, merchant, "jd") if line.confirmable]
    return page("jd/home.html", {"shop": market.shop_of(request, merchant, "jd"), "waiting": len(waiting)})


routes = [
    Route("/jd", lambda _: redirect(HOME)),
    Route(LOGIN, login),
    Route("/jd/common/loginPage", login_frame),
    Route("/jd/uc/loginService", submit, methods=["POST"]),
    Route(VERIFY, verify, methods=["GET", "POST"]),
    codes.sending("jd", "/jd/dangerousVerify/sendCode"),
    Route("/jd/logout", logout, methods=["POST"]),
    Route(HOME, home),
    *jd_orders.routes,
]
