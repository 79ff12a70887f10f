"""People needed: what the sites ask of a person, with picture, countdown and a box for the answer."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import SecretStr
from starlette.responses import RedirectResponse, Response

from agent.console.context import console_of
from agent.console.render import page
from agent.console.visitor import OperatorForm, Viewer, address_of
from agent.domain.challenges import ChallengeKind
from agent.domain.roles import Role

router = APIRouter(include_in_schema=False)
_SHOWN, _LONGEST = 50, 200


@router.get("/people")
def show(request: Request, visitor: Viewer, late: Annotated[int, Query(ge=0, lt=1 << 63)] = 0) -> Response:
    """What waits, the oldest first. `late` is what was answered after its time."""
    with console_of(request).ledger.read() as tx:
        waiting = tx.challenges.waiting(_SHOWN + 1)
    if visitor.may(Role.OPERATOR) and any(not each.kind.typed for each in waiting):
        console_of(request).live.expect()
    part = "x-part" in request.headers
    return page(
        request,
        "people_part.html" if part else "people.html",
        {"waiting": waiting[:_SHOWN], "more": len(waiting) > _SHOWN, "late": late, "views": console_of(request).live},
    )


@router.post("/people/{number}")
def answer(request: Request, number: int, form: OperatorForm) -> Response:
    """Leave the answer for the log-in that waits for it, or for the next; for a choice of shops it is the name."""
    given = str(form.get("answer", "")).strip()
    if not given or len(given) > _LONGEST or number >= 1 << 63:
        raise HTTPException(422)
    with console_of(request).ledger.begin() as tx:
        asked = tx.challenges.find(number)
        if asked is None:
            raise HTTPException(404)
        if asked.kind.typed and asked.deadline is not None and tx.now > asked.deadline:
            return RedirectResponse(f"/people?late={number}", 303)
        details = {"kind": asked.kind.value}
        if asked.kind is ChallengeKind.SHOP:
            details["shop"] = given
            tx.merchants.name_shop(asked.account, given)
            tx.schedule.at_once(asked.account)
        elif not asked.kind.typed or not tx.challenges.answer(number, SecretStr(given)):
            raise HTTPException(422)
        tx.audit.note(
            request.state.visitor.who,
            "answer",
            str(asked.account),
            details=details,
            address=address_of(request),
        )
    return RedirectResponse("/people", 303)
