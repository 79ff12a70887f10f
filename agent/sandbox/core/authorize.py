"""授权: the page on which a shop lets the ERP in for another year. Every platform has the same one here."""

import secrets
from datetime import timedelta
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from agent.sandbox.core.answers import page, redirect, state_of, who
from agent.sandbox.core.model import Merchant
from agent.sandbox.core.posts import Act, Outcome, handle
from agent.sandbox.samples.trades import PATHS

YEAR = timedelta(days=365)
APPLICATION = "网店管家"
PERMISSIONS = ("读取店铺订单与物流信息", "读取与更新商品库存", "读取店铺基本信息")


def path(platform: str) -> str:
    return f"/{platform}/authorize"


def _login(platform: str) -> str:
    return f"{PATHS[platform][0]}?redirectURL={quote(path(platform))}"


def _page(request: Request, platform: str, merchant: Merchant, *, done: bool) -> HTMLResponse:
    shop, faults = merchant.shops[platform], state_of(request).faults
    values: dict[str, object] = {
        "platform": platform,
        "application": state_of(request).faults.application or APPLICATION,
        "shop": faults.shop_name or shop.name,
        "until": shop.authorized_until.isoformat(),
        "permissions": PERMISSIONS,
        "costs": faults.authorization_costs,
        "asks": faults.authorization_asks,
        "done": done,
        "once": secrets.token_hex(8),
    }
    return page("authorize.html", values)


def _authorizing(platform: str) -> Act:
    def act(request: Request, merchant: Merchant | None, form: dict[str, str]) -> Outcome:
        if merchant is None:
            return Outcome(redirect(_login(platform)))
        if form.get("agree") != "on":
            return Outcome(_page(request, platform, merchant, done=False))
        merchant.shops[platform].authorized_until += YEAR
        return Outcome(_page(request, platform, merchant, done=True), applied=True)

    return act


def _buying(platform: str) -> Act:
    def act(request: Request, merchant: Merchant | None, _: dict[str, str]) -> Outcome:
        if merchant is None:
            return Outcome(redirect(_login(platform)))
        state_of(request).purchases[merchant.id] += 1
        return Outcome(_page(request, platform, merchant, done=False), applied=True)

    return act


def _routes(platform: str) -> list[Route]:
    async def show(request: Request) -> Response:
        merchant = who(request, platform)
        return _page(request, platform, merchant, done=False) if merchant else redirect(_login(platform))

    async def agree(request: Request) -> Response:
        return await handle(request, platform, "authorize", _authorizing(platform))

    async def renew(request: Request) -> Response:
        return await handle(request, platform, "purchase", _buying(platform))

    return [
        Route(path(platform), show),
        Route(f"{path(platform)}/agree.do", agree, methods=["POST"]),
        Route(f"{path(platform)}/renew.do", renew, methods=["POST"]),
    ]


routes = [route for platform in PATHS for route in _routes(platform)]
