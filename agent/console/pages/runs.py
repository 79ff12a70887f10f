"""Runs: what runs now, what ran, and each of them with its steps; pushed while it goes on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from agent.console.context import Console, console_of
from agent.console.render import page
from agent.console.visitor import Viewer

router = APIRouter(include_in_schema=False)
_RUNS, _ACCOUNTS = 40, 100
# What other processes do shows in the ledger alone.
_LOOK_SECONDS, _PAUSE_SECONDS = 2.0, 0.3


@router.get("/runs")
def listed(request: Request, visitor: Viewer, before: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The newest runs, and what runs in this process."""
    console = console_of(request)
    with console.ledger.read() as tx:
        found = tx.run_log.runs(_RUNS + 1, before or None)
    part = "x-part" in request.headers
    return page(
        request,
        "runs_part.html" if part else "runs.html",
        {
            "runs": found[:_RUNS],
            "following": found[_RUNS - 1].id if len(found) > _RUNS else None,
            "before": before,
            "working": console.board.working,
            "started": console.starter.started,
        },
    )


@router.get("/runs/events")
async def events(request: Request, visitor: Viewer) -> Response:
    """Say that something has changed, as often as it does."""
    return EventSourceResponse(_changes(console_of(request)), ping=15)


@router.get("/runs/{run_id}")
def shown(
    request: Request, visitor: Viewer, run_id: str, after: Annotated[int, Query(ge=0, lt=1 << 63)] = 0
) -> Response:
    """One run with its accounts and their steps."""
    with console_of(request).ledger.read() as tx:
        found = tx.run_log.run(run_id)
        if found is None:
            raise HTTPException(404)
        outcomes = tx.run_log.outcomes_of(run_id, _ACCOUNTS + 1, after)
    part = "x-part" in request.headers
    return page(
        request,
        "run_part.html" if part else "run.html",
        {
            "run": found,
            "outcomes": outcomes[:_ACCOUNTS],
            "following": outcomes[_ACCOUNTS - 1].id if len(outcomes) > _ACCOUNTS else None,
            "after": after,
        },
    )


async def _changes(console: Console) -> AsyncIterator[ServerSentEvent]:
    seen = await run_in_threadpool(_state, console)
    yield ServerSentEvent("", event="changed")  # what has changed since the page was drawn is not missed
    while not console.board.ended:
        try:
            await asyncio.wait_for(console.board.changed.wait(), _LOOK_SECONDS)
            await asyncio.sleep(_PAUSE_SECONDS)  # several things change at once: one look shows them all
            changed = True
        except TimeoutError:
            now = await run_in_threadpool(_state, console)
            changed, seen = now != seen, now
        if changed:
            yield ServerSentEvent("", event="changed")


def _state(console: Console) -> object:
    with console.ledger.read() as tx:
        return tx.run_log.newest()
