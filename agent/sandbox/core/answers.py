"""Answers of the simulated sites, sessions included."""

import json
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from agent.sandbox.core.model import Merchant, Site
from agent.sandbox.core.state import Session, State
from agent.sandbox.samples.trades import TRADES

HERE = Path(__file__).parent
SITES = sorted(folder for folder in (HERE.parent / "sites").iterdir() if (folder / "static").is_dir())
FOLDERS = {"core": HERE} | {folder.name: folder for folder in SITES}
COOKIES: dict[Site, tuple[str, str]] = {"taobao": ("cookie2", "/taobao"), "backoffice": (".ASPXAUTH", "/newc")}
COOKIES |= {trade.id: (trade.cookie, f"/{trade.id}") for trade in TRADES.values()}
BUSY = "系统繁忙，请稍后重试"
TEMPLATES = Environment(
    loader=ChoiceLoader(
        [
            FileSystemLoader(HERE / "templates"),
            PrefixLoader({name: FileSystemLoader(folder / "templates") for name, folder in FOLDERS.items()}),
        ]
    ),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def page(template: str, values: dict[str, object] | None = None) -> HTMLResponse:
    return HTMLResponse(TEMPLATES.get_template(template).render(values or {}))


def redirect(url: str) -> RedirectResponse:
    return RedirectResponse(url, 302)


def local(url: str, root: str, default: str) -> str:
    """`url` where it leads into the site under `root`, otherwise `default`: nobody is sent elsewhere."""
    return url if url.startswith(f"{root}/") else default


def mtop(request: Request, ret: str = "SUCCESS::调用成功", data: dict[str, Any] | None = None) -> Response:
    """The gateway's envelope, always with status 200; as JSONP where a callback is named."""
    api = request.path_params.get("api", "")
    text = json.dumps({"api": api, "v": "1.0", "ret": [ret], "data": data or {}}, ensure_ascii=False)
    callback = request.query_params.get("callback", "")
    if re.fullmatch(r"\w{1,40}", callback):
        return Response(f" {callback}({text})", media_type="application/javascript")
    return Response(text, media_type="application/json")


async def fields(request: Request) -> dict[str, str]:
    """The form that was sent, or the texts of the JSON object that was."""
    body = (await request.body()).decode()
    if "json" in request.headers.get("content-type", ""):
        return {name: value.strip() for name, value in json.loads(body).items() if isinstance(value, str)}
    return {name: value.strip() for name, value in parse_qsl(body, keep_blank_values=True)}


def state_of(request: Request) -> State:
    state: State = request.app.state.sandbox
    return state


def open_session(response: Response, state: State, site: Site, merchant: Merchant) -> None:
    token = secrets.token_hex(16)
    state.sessions[token] = Session(site, merchant)
    if login := merchant.login(site):
        login.ok += 1
    name, path = COOKIES[site]
    response.set_cookie(name, token, path=path, httponly=True, samesite="lax")


def close_session(response: Response, request: Request, site: Site) -> None:
    name, path = COOKIES[site]
    state_of(request).sessions.pop(request.cookies.get(name, ""), None)
    response.delete_cookie(name, path)


def session_of(request: Request, site: Site) -> Session | None:
    """The session that this request belongs to; a look that does not wear it out."""
    session = state_of(request).sessions.get(request.cookies.get(COOKIES[site][0], ""))
    return session if session is not None and session.site == site else None


def who(request: Request, site: Site) -> Merchant | None:
    """Whose session this request belongs to. To be asked once a request: sessions can be set to wear out."""
    state, session = state_of(request), session_of(request, site)
    if session is None:
        return None
    session.requests += 1
    limit = state.faults.expire_session_after
    if limit is not None and session.requests > limit:
        del state.sessions[request.cookies[COOKIES[site][0]]]
        return None
    state.serve(site, session.merchant)
    return session.merchant
