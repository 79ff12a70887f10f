"""Audit: who did what."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from agent.console.context import console_of
from agent.console.render import page
from agent.console.visitor import Viewer

router = APIRouter(include_in_schema=False)
_SHOWN = 100


@router.get("/audit")
def show(
    request: Request,
    visitor: Viewer,
    before: Annotated[int | None, Query(ge=1, lt=1 << 63)] = None,
    who: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The newest acts first."""
    with console_of(request).ledger.read() as tx:
        found = tx.audit.entries(_SHOWN + 1, before, who)
    following = found[_SHOWN - 1].id if len(found) > _SHOWN else None
    return page(request, "audit.html", {"entries": found[:_SHOWN], "following": following, "by": who})
