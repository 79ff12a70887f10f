"""The application: its rooms, what guards them, and what is said if one cannot be entered."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from agent import __version__
from agent.console import api, metrics
from agent.console.context import Console, console_of
from agent.console.guard import Guard
from agent.console.pages import (
    accounts,
    actions,
    audit,
    bank,
    calendar,
    files,
    health,
    live,
    login,
    money,
    order,
    people,
    runs,
    today,
)
from agent.console.render import HERE, page
from agent.console.visitor import LoginNeeded

_PAGES = (
    login,
    actions,
    today,
    money,
    bank,
    calendar,
    accounts,
    order,
    runs,
    people,
    live,
    health,
    audit,
    files,
)
ROUTERS = tuple(each.router for each in (*_PAGES, api, metrics))


def build(console: Console) -> FastAPI:
    """Return the application over `console`."""
    app = FastAPI(
        title="fankuan",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.console = console
    app.add_middleware(Guard, hosts=console.hosts)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/healthz", _alive, include_in_schema=False)
    app.add_api_route("/readyz", _ready, include_in_schema=False)
    app.add_exception_handler(LoginNeeded, _to_login)
    app.add_exception_handler(StarletteHTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misunderstood)
    return app


def _alive() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n")


def _ready(request: Request) -> PlainTextResponse:
    """The ledger answers, too."""
    try:
        with console_of(request).ledger.read() as tx:
            tx.session.execute(text("SELECT 1"))
    except DBAPIError:
        return PlainTextResponse("the ledger does not answer\n", 503)
    return PlainTextResponse("ready\n")


async def _to_login(request: Request, error: Exception) -> Response:
    location = error.location if isinstance(error, LoginNeeded) else "/login"
    return RedirectResponse(location if request.method == "GET" else "/login", 303)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, StarletteHTTPException) else 500
    headers = error.headers if isinstance(error, StarletteHTTPException) else None
    if request.url.path.startswith(("/api/", "/metrics")):
        detail = error.detail if isinstance(error, StarletteHTTPException) else ""
        return JSONResponse({"detail": detail}, status, headers)
    return page(request, "refused.html", {"code": status}, status)


async def _misunderstood(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError) or not request.url.path.startswith("/api/"):
        return page(request, "refused.html", {"code": 422}, 422)
    told = [{"loc": list(each["loc"]), "msg": each["msg"], "type": each["type"]} for each in error.errors()]
    return JSONResponse({"detail": told}, 422)
