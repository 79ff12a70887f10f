"""The two sites as one application, with what is asked from outside: the truth, and a page that leads to them."""

import asyncio
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.sandbox.core import authorize, codes, control, qr
from agent.sandbox.core.answers import FOLDERS, page, state_of
from agent.sandbox.core.habits import Habits
from agent.sandbox.core.state import State
from agent.sandbox.samples.trades import PATHS
from agent.sandbox.sites import (
    alibaba,
    aliexpress,
    backoffice,
    cn1688,
    douyin,
    jd,
    pinduoduo,
    suning,
    taobao,
    weimob,
    youzan,
)

SITES = (
    *(taobao, jd, suning, cn1688, alibaba, youzan, pinduoduo, douyin, weimob, aliexpress),
    authorize,
    backoffice,
    codes,
    control,
    qr,
)


class Wire:
    """Answers late if that is wanted, and never keeps a connection.

    Chromium sends a POST again, by itself, when a connection that it uses for the second time is closed without an
    answer: see `posts` for what is left of that.
    """

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app, self.state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["connection"] = "close"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if scope["path"] not in ("/", "/_truth", control.PATH) and not scope["path"].startswith("/static"):
            await asyncio.sleep(self.state.faults.latency)
        await self.app(scope, receive, closing)


async def index(request: Request) -> Response:
    return page("index.html", {"merchants": state_of(request).merchants, "paths": PATHS})


async def truth(request: Request) -> Response:
    return JSONResponse(state_of(request).truth())


def build(state: State, hang_up: Callable[[object], None]) -> ASGIApp:
    """`hang_up` closes the connection of a client, known by its address and port."""
    static = [Mount(f"/static/{name}", StaticFiles(directory=at / "static")) for name, at in FOLDERS.items()]
    icon = Route("/favicon.ico", lambda _: Response(status_code=204))
    app = Starlette(
        routes=[Route("/", index), Route("/_truth", truth), icon, *static, *(r for site in SITES for r in site.routes)]
    )
    app.state.sandbox, app.state.hang_up = state, hang_up
    return Wire(Habits(app, lambda: state.faults.habits), state)
