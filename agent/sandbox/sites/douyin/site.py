"""抖音 (抖店): one page draws every view, also the log-in in the place of what was asked for.

One e-mail address leads several shops: who has proved the address chooses one, and only then a session begins.
"""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import codes
from agent.sandbox.core.answers import close_session, fields, open_session, page, redirect, state_of, who
from agent.sandbox.core.market import LOCKED, WRONG, Line, confirm, lines, log_in, purchase, shop_of
from agent.sandbox.core.model import AWAITING, CLOSED, COMPLETED, UNPAID, Merchant

LOGIN, HOME = "/douyin/login/common", "/douyin/ffa/mshop/homepage/index"
WORDS = {UNPAID: "待支付", AWAITING: "待用户确认", COMPLETED: "已完成", CLOSED: "已取消"}
REFUSALS = {WRONG: (1009, "邮箱或密码错误"), LOCKED: (1034, LOCKED)}
OURS = "1"  # the place of the account's shop among those of its e-mail address


def told(code: int, msg: str, data: dict[str, Any] | None = None) -> Response:
    return JSONResponse({"code": code, "msg": msg, "data": data})


async def view(request: Request) -> Response:
    """Every address answers with this page; it learns who is logged in as it asks for its data."""
    return page("douyin/app.html", {"kept": state_of(request).faults.hidden_challenge})


async def puzzle(_: Request) -> Response:
    return page("douyin/captcha.html")


async def email_login(request: Request) -> Response:
    """Answer with the shops to choose from, or with what stands in the way."""
    faults, form = state_of(request).faults, await fields(request)
    if faults.challenge == "slider" and form.get("captcha") != "passed":
        return told(1105, "滑动滑块")
    found = log_in(request, "douyin", form.get("email", ""), form.get("password", ""))
    if isinstance(found, str):
        return told(*REFUSALS[found])
    if faults.challenge == "sms":
        codes.send(state_of(request), "douyin", found)
        return told(0, "success", {"verify": "email", "ticket": _ticket(request, "code", found)})
    return _shops(request, found)


async def verify(request: Request) -> Response:
    state, form = state_of(request), await fields(request)
    merchant = state.unverified.get(_ticket_of(form, "code"))
    if merchant is None:
        return told(10008, "用户未登录")
    if refusal := codes.refusal(state, "douyin", merchant, form.get("code", "")):
        return told(1203, refusal)
    del state.unverified[_ticket_of(form, "code")]
    return _shops(request, merchant)


def _shops(request: Request, merchant: Merchant) -> Response:
    names = [f"{merchant.name}折扣店", shop_of(request, merchant, "douyin"), f"{merchant.name}抖音店二店"]
    shops = [{"id": str(place), "name": name, "role": "主账号"} for place, name in enumerate(names)]
    return told(0, "success", {"shops": shops, "ticket": _ticket(request, "shop", merchant)})


def _ticket(request: Request, kind: str, merchant: Merchant) -> str:
    token = secrets.token_hex(8)
    state_of(request).unverified[f"{kind}-{token}"] = merchant
    return token


def _ticket_of(form: dict[str, str], kind: str) -> str:
    return f"{kind}-{form.get('ticket', '')}"


async def choose(request: Request) -> Response:
    state, form = state_of(request), await fields(request)
    if form.get("id") != OURS:
        return told(40301, "该店铺已关店，无法进入")
    merchant = state.unverified.pop(_ticket_of(form, "shop"), None)
    if merchant is None:
        return told(10008, "用户未登录")
    response = told(0, "success")
    open_session(response, state, "douyin", merchant)
    return response


async def logout(request: Request) -> Response:
    response = redirect(LOGIN)
    close_session(response, request, "douyin")
    return response


async def shop_info(request: Request) -> Response:
    merchant = who(request, "douyin")
    if merchant is None:
        return told(10008, "用户未登录")
    return told(0, "success", {"shop_name": shop_of(request, merchant, "douyin")})


async def order_list(request: Request) -> Response:
    merchant = who(request, "douyin")
    if merchant is None:
        return told(10008, "用户未登录")
    if state_of(request).faults.broken_list:
        return told(50001, "系统繁忙，请稍后重试")
    orders = [_told(line) for line in lines(request, merchant, "douyin")]
    return told(0, "success", {"total": len(orders), "list": orders})


def _told(line: Line) -> dict[str, Any]:
    """An order as the list's data has it: money in 分, numbers as text, for they are too long for a script's."""
    return {
        "id": line.key,
        "order_id": line.number,
        "service_name": line.service,
        "service_id": line.code,
        "create_time": f"{line.ordered_at:%Y-%m-%d %H:%M:%S}",
        "cycle": line.cycle,
        "expire_time": line.expires,
        "pay_amount": int(line.amount * 100),
        "status_text": WORDS.get(line.status, line.status),
        "can_confirm": line.confirmable,
    }


async def confirm_order(request: Request) -> Response:
    return await confirm(request, "douyin")


async def buy(request: Request) -> Response:
    return await purchase(request, "douyin")


routes = [
    Route("/douyin", lambda _: redirect(HOME)),
    Route(LOGIN, view),
    Route(HOME, view),
    Route("/douyin/orders", view),
    Route("/douyin/captcha/index.html", puzzle),
    Route("/douyin/passport/email/login", email_login, methods=["POST"]),
    Route("/douyin/passport/email/verify", verify, methods=["POST"]),
    Route("/douyin/passport/shop/choose", choose, methods=["POST"]),
    Route("/douyin/passport/logout", logout, methods=["POST"]),
    Route("/douyin/center/qualification/shop/info", shop_info),
    Route("/douyin/api/order/list", order_list),
    Route("/douyin/api/order/confirm", confirm_order, methods=["POST"]),
    Route("/douyin/api/order/create", buy, methods=["POST"]),
]
