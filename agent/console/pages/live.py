"""Live view: the page of a site as it is, in which a person does what is asked of a person."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import Field, TypeAdapter, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from agent.console.context import console_of
from agent.console.live_view import Input, LiveView
from agent.console.render import language_of, page
from agent.console.visitor import LoginNeeded, Operator, OperatorForm, Visitor, address_of, logged_in
from agent.domain.accounts import AccountKey
from agent.domain.roles import Role
from agent.domain.text import Language

router = APIRouter(include_in_schema=False)
_INPUTS = TypeAdapter(Annotated[list[Input], Field(max_length=200)])


@router.post("/people/{number}/open")
async def open_(request: Request, number: int, form: OperatorForm) -> Response:
    """Open the page on which a site asks for a person."""
    account = await run_in_threadpool(_asked, request, number)
    visitor: Visitor = request.state.visitor
    view = console_of(request).live.open(visitor.who, account)
    if view is None:
        return page(request, "live_full.html", {"account": account}, 409)
    await run_in_threadpool(_note, request, "live_open", account, {})
    return RedirectResponse(f"/live/{view.id}", 303)


@router.get("/live/{number}")
def show(request: Request, visitor: Operator, number: str) -> Response:
    """The page, drawn as it goes on."""
    return page(request, "live.html", {"view": _view(request, number)})


@router.get("/live/{number}/pictures")
async def pictures(request: Request, visitor: Operator, number: str) -> Response:
    """What the page shows, and how far it is, as often as it changes."""
    return EventSourceResponse(_events(request, _view(request, number)), ping=15)


@router.post("/live/{number}/input")
async def act(request: Request, number: str, form: OperatorForm) -> Response:
    """Do in the page what the person did, and write down what was pressed."""
    view = _view(request, number)
    try:
        done = _INPUTS.validate_json(await request.body())
    except ValidationError:
        raise HTTPException(422) from None
    pressed = await view.act(done)
    if pressed:
        await run_in_threadpool(_note, request, "live_press", view.account, {"pressed": "; ".join(pressed)})
    return Response(status_code=204)


@router.post("/live/{number}/done")
async def hand_back(request: Request, number: str, form: OperatorForm) -> Response:
    """The person says that what was asked for is done: the session is tried, and the run goes on if it serves."""
    view = _view(request, number)
    view.hand_back()
    await run_in_threadpool(_note, request, "live_done", view.account, {})
    return Response(status_code=204)


@router.post("/live/{number}/close")
async def close(request: Request, number: str, form: OperatorForm) -> Response:
    """Close the page without a log-in."""
    view = _view(request, number)
    view.leave()
    await run_in_threadpool(_note, request, "live_close", view.account, {})
    return RedirectResponse("/people", 303)


def _view(request: Request, number: str) -> LiveView:
    visitor: Visitor = request.state.visitor
    found = console_of(request).live.find(number, visitor.who)
    if found is None:
        raise HTTPException(404)
    return found


def _asked(request: Request, number: int) -> AccountKey:
    with console_of(request).ledger.read() as tx:
        asked = tx.challenges.find(number) if number < 1 << 63 else None
    if asked is None or asked.account.platform not in console_of(request).sites:
        raise HTTPException(404)
    return asked.account


def _note(request: Request, action: str, account: AccountKey, details: dict[str, object]) -> None:
    visitor: Visitor = request.state.visitor
    with console_of(request).ledger.begin() as tx:
        tx.audit.note(visitor.who, action, str(account), details=details, address=address_of(request))


async def _events(request: Request, view: LiveView) -> AsyncIterator[ServerSentEvent]:
    language = language_of(request)

    async def allowed() -> bool:
        return await run_in_threadpool(_may_look, request)

    yield _state(view, language)
    async for picture in view.pictures(allowed):
        if picture is None:
            yield _state(view, language)
        else:
            yield ServerSentEvent(base64.b64encode(picture).decode(), event="picture")


def _may_look(request: Request) -> bool:
    """False as soon as who looks has logged out, or may it no more."""
    try:
        return logged_in(request).may(Role.OPERATOR)
    except LoginNeeded:
        return False


def _state(view: LiveView, language: Language) -> ServerSentEvent:
    told = view.told.spoken(language) if view.told else ""
    return ServerSentEvent(json.dumps({"state": view.state, "told": told}), event="state")
