"""有赞: the log-in, which opens on a QR code, and the choice of a shop behind it."""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import codes
from agent.sandbox.core.answers import fields, local, open_session, page, redirect, session_of, state_of, who
from agent.sandbox.core.market import LOCKED, log_in, shop_of
from agent.sandbox.core.model import Merchant
from agent.sandbox.sites.youzan import orders as youzan_orders

HOME, SHOPS = "/youzan/v4/dashboard", "/youzan/v4/shop/shop-list"
BEHAVIOUR = {"code": 10111, "msg": "请完成行为验证"}
GAP, TOLERANCE = 168, 8  # where the piece of the puzzle belongs, in pixels
FIRST_ID = 42000001


async def login(request: Request) -> Response:
    """To whoever has a session it is only a way to the shops."""
    if session_of(request, "youzan"):
        return redirect(f"{SHOPS}#/")
    target = local(request.query_params.get("redirectUrl", ""), "/youzan", HOME)
    return page("youzan/login.html", {"target": target, "faults": state_of(request).faults})


async def submit(request: Request) -> Response:
    state, form = state_of(request), await fields(request)
    if state.faults.challenge == "slider" and not _solved(form.get("behavior", "")):
        return JSONResponse(BEHAVIOUR)
    merchant = log_in(request, "youzan", form.get("phoneInfo", ""), form.get("password", ""))
    if isinstance(merchant, str):
        text = "帐号存在风险，已被冻结，请联系客服" if merchant == LOCKED else "帐号或密码错误，请重新输入"
        return JSONResponse({"code": 10110, "msg": text})
    if state.faults.challenge == "sms":
        token = secrets.token_hex(8)
        state.unverified[token] = merchant
        codes.send(state, "youzan", merchant)
        return JSONResponse({"code": 0, "data": {"redirectUrl": f"/youzan/login/verify?token={token}"}})
    response = JSONResponse({"code": 0, "data": {"redirectUrl": f"{SHOPS}#/"}})
    open_session(response, state, "youzan", merchant)
    return response


def _solved(offset: str) -> bool:
    return offset.isdigit() and abs(int(offset) - GAP) <= TOLERANCE


async def verify(request: Request) -> Response:
    """身份验证: what a person was sent to their phone."""
    state, form = state_of(request), await fields(request)
    token = form.get("token") or request.query_params.get("token", "")
    if token not in state.unverified:
        return redirect("/youzan/login")
    refusal = ""
    if request.method == "POST":
        refusal = codes.refusal(state, "youzan", state.unverified[token], form.get("smsCaptcha", "")) or ""
    if request.method == "GET" or refusal:
        return page("youzan/verify.html", {"token": token, "refusal": refusal})
    response = redirect(f"{SHOPS}#/")
    open_session(response, state, "youzan", state.unverified.pop(token))
    return response


async def shops(_: Request) -> Response:
    return page("youzan/shops.html")


async def shop_list(request: Request) -> Response:
    merchant = who(request, "youzan")
    if merchant is None:
        return JSONResponse(youzan_orders.EXPIRED)
    offered = [{"kdt_id": number, "shop_name": name} for number, name in _shops(request, merchant).items()]
    return JSONResponse({"code": 0, "msg": "ok", "data": {"items": offered}})


def _shops(request: Request, merchant: Merchant) -> dict[str, str]:
    """What one staff account may open, by its kdt_id: the account's shop among others of the same owner."""
    names = (f"{merchant.name}内购小店", shop_of(request, merchant, "youzan"), f"{merchant.name}分销店")
    return {str(number): name for number, name in enumerate(names, FIRST_ID)}


async def change(request: Request) -> Response:
    """Open the shop that was chosen; the real site does this by GET, too."""
    merchant, session = who(request, "youzan"), session_of(request, "youzan")
    if merchant is None or session is None:
        return redirect("/youzan/login")
    session.shop = _shops(request, merchant).get(request.query_params.get("kdt_id", ""), "")
    return redirect(HOME if session.shop else f"{SHOPS}#/")


async def my_apps(request: Request) -> Response:
    """我的应用, a tab of which leads on to the orders."""
    session = session_of(request, "youzan")
    if session is None or not session.shop:
        return redirect(f"/youzan/login?redirectUrl={HOME}")
    return page("youzan/my_apps.html", {"shop": session.shop})


async def home(request: Request) -> Response:
    if who(request, "youzan") is None:
        return redirect(f"/youzan/login?redirectUrl={HOME}")
    session = session_of(request, "youzan")
    if session is None or not session.shop:
        return redirect(f"{SHOPS}#/")
    return page("youzan/home.html", {"shop": session.shop})


routes = [
    Route("/youzan", lambda _: redirect(HOME)),
    Route("/youzan/login", login),
    Route("/youzan/register-and-login", submit, methods=["POST"]),
    Route("/youzan/login/verify", verify, methods=["GET", "POST"]),
    Route(SHOPS, shops),
    Route("/youzan/v4/shop/api/list.json", shop_list),
    Route("/youzan/v2/account/team/change.html", change),
    Route(HOME, home),
    Route("/youzan/center/my-apps", my_apps),
    *youzan_orders.routes,
]
