"""What every consequential POST goes through: it is numbered, told to the tests' hook, applied, and logged."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from agent.sandbox.core.answers import BUSY, fields, state_of, who
from agent.sandbox.core.model import Kind, Merchant, Post, Site, Stage
from agent.sandbox.core.state import Entry, State

GUARDS = {"__RequestVerificationToken", "t"}
REPEAT_SECONDS = 1.0  # Chromium takes 1 to 7 ms where nothing else runs


@dataclass(frozen=True, slots=True)
class Outcome:
    response: Response
    applied: bool = False
    order_no: str = ""


class Act(Protocol):
    """Does what is asked; `merchant` is None if the session is gone."""

    def __call__(self, request: Request, merchant: Merchant | None, form: dict[str, str], /) -> Outcome: ...


class HangUp(Response):
    """Closes the connection without a word."""

    def __init__(self, hang_up: Callable[[object], None]) -> None:
        super().__init__()
        self.hang_up = hang_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.hang_up(scope["client"])
        while (await receive())["type"] != "http.disconnect":
            pass


async def handle(request: Request, site: Site, kind: Kind, act: Act) -> Response:
    state, form = state_of(request), await fields(request)
    if await _repeated(request, state):
        return HangUp(request.app.state.hang_up)
    merchant = who(request, site)
    sent = {name: value for name, value in form.items() if name not in GUARDS}
    post = Post(next(state.numbers), site, kind, request.url.path, sent)
    login = merchant.login(site) if merchant else None
    entry = Entry(post, login.username if login else "")
    state.log.append(entry)
    if fate := await _tell(state, post, "before"):
        return await _fail(request, entry, fate)
    outcome = act(request, merchant, form)
    entry.applied, entry.order_no = outcome.applied, outcome.order_no
    if fate := await _tell(state, post, "after"):
        return await _fail(request, entry, fate)
    entry.code = outcome.response.status_code
    return outcome.response


async def _repeated(request: Request, state: State) -> bool:
    """Is this the POST whose answer was just dropped, sent again by the browser itself and not by who drives it?

    Chromium does so, at once, where the connection had been opened ahead of need. Tests want to know who clicked twice,
    so it is dropped again, unseen by hook and log, and only counted. A second click never sends the same bytes: pages
    put something new into every form.
    """
    what = _print(request, await request.body())
    if monotonic() - state.dropped.get(what, float("-inf")) > REPEAT_SECONDS:
        return False
    state.dropped[what] = monotonic()
    state.repeats += 1
    return True


def _print(request: Request, body: bytes) -> tuple[str, str, bytes]:
    return request.url.path, request.headers.get("cookie", ""), body


async def _tell(state: State, post: Post, stage: Stage) -> str | None:
    return await run_in_threadpool(state.hook, post, stage) if state.hook else None


async def _fail(request: Request, entry: Entry, fate: str) -> Response:
    if fate == "drop":
        state_of(request).dropped[_print(request, await request.body())] = monotonic()
        return HangUp(request.app.state.hang_up)
    if fate != "500":
        raise ValueError(f"on_post answered {fate!r}; expected None, '500' or 'drop'")
    entry.code = 500
    if entry.post.site != "backoffice":
        return JSONResponse({"message": BUSY}, 500)
    return HTMLResponse(f"<!doctype html><title>500</title><h1>服务器错误</h1><p>{BUSY}</p>", 500)
