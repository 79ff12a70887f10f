"""淘宝: the log-in, and the seller's home."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.sandbox.core.answers import page, redirect, state_of, who
from agent.sandbox.core.widget import Way
from agent.sandbox.sites.taobao import orders as taobao_orders

HOME = "/taobao/home.htm/QnworkbenchHome/"
WAY = Way(
    site="taobao",
    title="淘宝网",
    home=HOME,
    page="/taobao/login",
    style="taobao/taobao.css",
    wrong="账号名或登录密码不正确",
)


async def login(request: Request) -> Response:
    return WAY.enter(request, "taobao/login.html", "redirectURL")


async def home(request: Request) -> Response:
    merchant = who(request, "taobao")
    if merchant is None:
        return redirect(f"/taobao/login?redirectURL={HOME}")
    shop = state_of(request).faults.shop_name or merchant.taobao.name
    waiting = [order for order in merchant.taobao.orders if order.status == "待确认"]
    return page("taobao/home.html", {"shop": shop, "nick": merchant.taobao.login.username, "waiting": len(waiting)})


async def my_service(request: Request) -> Response:
    """我的服务, from which the menu leads on to the orders."""
    merchant = who(request, "taobao")
    if merchant is None:
        return redirect(f"/taobao/login?redirectURL={HOME}")
    return page("taobao/my_service.html", {"shop": state_of(request).faults.shop_name or merchant.taobao.name})


routes = [
    Route("/taobao", lambda _: redirect(HOME)),
    Route("/taobao/login", login),
    Route(HOME, home),
    Route("/taobao/ser/my_service.htm", my_service),
    *WAY.routes(),
    *taobao_orders.routes,
]
