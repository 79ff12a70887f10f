"""网店管家's member back office: the log-in, the menu and the pages. The pages' forms end up in `filings`."""

import secrets
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from agent.sandbox.core.answers import close_session, fields, local, open_session, page, redirect, state_of, who
from agent.sandbox.core.model import Filing, Merchant
from agent.sandbox.core.posts import handle
from agent.sandbox.sites.backoffice import filings
from agent.sandbox.sites.backoffice.filings import FILING, GUARD, LOGIN, REFUND, TIP, Form

HOME = "/newc/Home/Index"
PLATFORMS = ["淘宝", "天猫", "京东", "苏宁", "1688诚信通", "阿里巴巴国际站", "有赞", "拼多多", "抖音", "微盟", "速卖通"]
PLATFORMS += ["拍拍", "一号店"]
PAGE_SIZE = 10
APPLICATIONS_A_PAGE = 5


def _dress(request: Request, template: str, **values: object) -> HTMLResponse:
    """A page with the token that guards its forms, another each time, and with the tip that a redirect left for it."""
    cookie = request.cookies.get(GUARD) or secrets.token_hex(16)
    token = cookie + secrets.token_hex(8)
    tip = filings.tip(request)
    response = page(f"backoffice/{template}", values | {"token": token, "tip": tip})
    response.set_cookie(GUARD, cookie, path="/newc", httponly=True, samesite="lax")
    if tip:
        response.delete_cookie(TIP, "/newc")
    return response


def _to_login(request: Request) -> RedirectResponse:
    path = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return redirect(f"{LOGIN}?ReturnUrl={quote(path, safe='')}")


async def login(request: Request) -> Response:
    target = local(request.query_params.get("ReturnUrl", ""), "/newc", HOME)
    return redirect(target) if who(request, "backoffice") else _dress(request, "login.html", error="", name="")


async def submit(request: Request) -> Response:
    state, form = state_of(request), await fields(request)
    if not filings.guarded(request, form):
        return filings.unguarded()
    name, password = form.get("UserName", ""), form.get("Password", "")
    if not name or not password:
        return _dress(request, "login.html", error="请输入会员名和密码", name=name)
    merchant = state.account("backoffice", name)
    if merchant is None or merchant.backoffice.password != password:
        if merchant:
            merchant.backoffice.bad += 1
        return _dress(request, "login.html", error="会员名或密码错误", name=name)
    response = redirect(local(request.query_params.get("ReturnUrl", ""), "/newc", HOME))
    open_session(response, state, "backoffice", merchant)
    return response


async def logout(request: Request) -> Response:
    response = redirect(LOGIN)
    close_session(response, request, "backoffice")
    return response


async def home(request: Request) -> Response:
    merchant = who(request, "backoffice")
    return _dress(request, "home.html", merchant=merchant, here=HOME) if merchant else _to_login(request)


async def filing(request: Request) -> Response:
    merchant = who(request, "backoffice")
    return _filing(request, merchant, Form()) if merchant else _to_login(request)


def _filing(request: Request, merchant: Merchant, form: Form) -> HTMLResponse:
    if not merchant.files:
        return _dress(request, "no_filing.html", merchant=merchant, here=FILING, words=filings.NO_FILING)
    shown = _listed(request, merchant.filings, FILING, PAGE_SIZE)
    return _dress(request, "filing.html", merchant=merchant, form=form, platforms=PLATFORMS, **shown)


async def refund(request: Request) -> Response:
    merchant = who(request, "backoffice")
    if merchant is None:
        return _to_login(request)
    if merchant.files:
        shown = _listed(request, merchant.filings, REFUND, PAGE_SIZE)
        return _dress(request, "refund.html", merchant=merchant, **shown)
    shown = _listed(request, merchant.applications, REFUND, APPLICATIONS_A_PAGE)
    return _dress(request, "applications.html", merchant=merchant, platforms=PLATFORMS, **shown)


def _listed(request: Request, listed: list[Filing], here: str, size: int) -> dict[str, object]:
    """One page of a list, for the templates."""
    asked = request.query_params.get("page", "1")
    pages = max(1, -(-len(listed) // size))
    number = min(max(int(asked), 1), pages) if asked.isdecimal() else 1
    back = here if number == 1 else f"{here}?page={number}"
    rows = listed[(number - 1) * size : number * size]
    return {"here": here, "back": back, "rows": rows, "page": number, "pages": pages, "total": len(listed)}


async def check(request: Request) -> Response:
    """May the refund of filing `id` be requested? Asked by the page before it opens the form."""
    merchant = who(request, "backoffice")
    if merchant is None:
        return _to_login(request)
    found = merchant.filing(request.query_params.get("id", ""))
    message = filings.refusal(found, state_of(request).today) if found else filings.WRONG_STATE
    return JSONResponse({"ok": message is None, "message": message or ""})


async def add(request: Request) -> Response:
    return await handle(request, "backoffice", "file", filings.adder(_filing, PLATFORMS))


async def save_date(request: Request) -> Response:
    return await handle(request, "backoffice", "save_date", filings.save_date)


async def apply(request: Request) -> Response:
    return await handle(request, "backoffice", "refund", filings.apply)


async def apply_directly(request: Request) -> Response:
    return await handle(request, "backoffice", "refund", filings.direct_applier(PLATFORMS))


routes = [
    *(Route(path, lambda _: redirect(HOME)) for path in ("/newc", "/newc/")),
    Route(LOGIN, login),
    Route(LOGIN, submit, methods=["POST"]),
    Route("/newc/Account/LogOff", logout, methods=["POST"]),
    Route(HOME, home),
    Route(FILING, filing),
    Route(FILING, add, methods=["POST"]),
    Route(REFUND, refund),
    Route(REFUND, apply_directly, methods=["POST"]),
    Route("/newc/Refund/Check", check),
    Route("/newc/SelfService/SaveDate", save_date, methods=["POST"]),
    Route("/newc/Refund/Apply", apply, methods=["POST"]),
]
