"""Accounts: merchants and platforms as a grid; what is chosen in it can be looked at, worked on, paused."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from agent.console.context import console_of
from agent.console.render import page
from agent.console.visitor import Viewer
from agent.ledger.account_states import Filter, merchant_states

router = APIRouter(include_in_schema=False)
_MERCHANTS = 50


@router.get("/accounts")
def show(
    request: Request,
    visitor: Viewer,
    *,
    q: Annotated[str, Query(max_length=100)] = "",
    platform: Annotated[str, Query(max_length=64)] = "",
    state: Annotated[str, Query(pattern=r"^(failing|needs_person)?$")] = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Some merchants, from the one after `after` on, as they are searched for and filtered."""
    console = console_of(request)
    only = Filter(state) if state else None
    with console.ledger.read() as tx:
        found = merchant_states(tx, _MERCHANTS + 1, after, search=q.strip(), platform=platform, only=only)
    shown = found[:_MERCHANTS]
    used = {name for each in shown for name in each.accounts}
    return page(
        request,
        "accounts.html",
        {
            "merchants": shown,
            "columns": [name for name in (*console.sites, *sorted(used - set(console.sites))) if name in used],
            "following": shown[-1].id if len(found) > _MERCHANTS else None,
            "q": q,
            "platform": platform,
            "state": state,
        },
    )
