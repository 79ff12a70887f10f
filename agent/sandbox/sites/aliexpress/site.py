"""速卖通: the family's widget on the page or in a frame, and a service market with the back end of 淘宝's."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.sandbox.core import market
from agent.sandbox.core.answers import mtop, page, redirect, state_of, who
from agent.sandbox.core.market import Line
from agent.sandbox.core.model import UNPAID, Merchant
from agent.sandbox.core.widget import Way
from agent.sandbox.samples.trades import TRADES

LOGIN, ORDERS = TRADES["aliexpress"].login_path, TRADES["aliexpress"].orders_path
HOME = "/aliexpress/m_apps/home.html"
WAY = Way(
    site="aliexpress", title="AliExpress", home=HOME, page=LOGIN, style="aliexpress/aliexpress.css",
    wrong="您输入的账号或密码不正确，请重新输入", asks_name="邮箱/手机号码", app="AliExpress商家App",
    terms="《会员协议》和《隐私政策》", punishes=True,
)  # fmt: skip
EXPIRED = "FAIL_SYS_SESSION_EXPIRED::Session过期"
SHANGHAI = ZoneInfo("Asia/Shanghai")


async def login(request: Request) -> Response:
    """With `style` as it was before: the widget in a frame."""
    template = "login_framed" if "style" in request.query_params else "login"
    return WAY.enter(request, f"aliexpress/{template}.html", "return_url")


async def market_home(request: Request) -> Response:
    """The page between the seller's home and the orders."""
    merchant = who(request, "aliexpress")
    if merchant is None:
        return redirect(f"{LOGIN}?return_url={HOME}")
    return page("aliexpress/market.html", {"shop": market.shop_of(request, merchant, "aliexpress")})


async def home(request: Request) -> Response:
    merchant = who(request, "aliexpress")
    if merchant is None:
        return redirect(f"{LOGIN}?return_url={HOME}")
    return page("aliexpress/home.html", {"shop": market.shop_of(request, merchant, "aliexpress")})


async def shell(request: Request) -> Response:
    """The page before any data: it learns who is logged in as it asks for the orders."""
    return page("aliexpress/orders.html", {"faults": state_of(request).faults})


async def gateway(request: Request) -> Response:
    merchant = who(request, "aliexpress")
    if merchant is None:
        return mtop(request, EXPIRED)
    if request.path_params["api"] == "mtop.ae.vas.order.search":
        return _list(request, merchant)
    return mtop(request, "FAIL_SYS_API_NOT_FOUNDED::请求API不存在")


def _list(request: Request, merchant: Merchant) -> Response:
    faults = state_of(request).faults
    if faults.broken_list:
        return mtop(request, "FAIL_SYS_TRAFFIC_LIMIT::哎哟喂,被挤爆啦,请稍后重试")
    if faults.frame_punish:
        return mtop(request, "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试!", {"url": WAY.punish_url})
    rows = [_order(line) for line in market.lines(request, merchant, "aliexpress")]
    shop = market.shop_of(request, merchant, "aliexpress")
    return mtop(request, data={"storeName": shop, "totalItem": len(rows), "articleBizOrders": rows})


def _order(line: Line) -> dict[str, Any]:
    """As 淘宝's interface has it, but times as milliseconds, and the cycle as text in months. Money in 分."""
    row = {
        "key": line.key,
        "biz_order_id": 0,
        "article_name": line.service,
        "article_code": line.code,
        "item_code": f"{line.code}-1",
        "biz_type": 1,
        "create": _milliseconds(line.ordered_at),
        "order_cycle": "0个月" if line.status == UNPAID else "12个月",
        "order_cycle_end": None if line.status == UNPAID else _milliseconds(datetime.fromisoformat(line.expires)),
        "total_pay_fee": int(line.amount * 100),
        "status": line.status,
        "confirmable": line.confirmable,
    }
    return row | ({"order_id": line.number} if line.number else {})


def _milliseconds(when: datetime) -> int:
    return int(when.replace(tzinfo=SHANGHAI).timestamp()) * 1000


async def confirm(request: Request) -> Response:
    return await market.confirm(request, "aliexpress")


async def purchase(request: Request) -> Response:
    return await market.purchase(request, "aliexpress")


routes = [
    Route("/aliexpress", lambda _: redirect(HOME)),
    Route(LOGIN, login),
    Route(HOME, home),
    Route("/aliexpress/web/market.html", market_home),
    Route(ORDERS, shell),
    Route("/aliexpress/h5/{api}/1.0/", gateway),
    Route("/aliexpress/web/order/confirm.do", confirm, methods=["POST"]),
    Route("/aliexpress/web/order/create.do", purchase, methods=["POST"]),
    *WAY.routes(),
]
