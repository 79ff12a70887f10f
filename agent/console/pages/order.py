"""One order: its journey, with the pictures before and after each step."""

from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from agent.console.context import Console, console_of
from agent.console.render import page
from agent.console.visitor import Viewer
from agent.evidence.store import Folder
from agent.ledger.journeys import journeys, picture_place

router = APIRouter(include_in_schema=False)
_MEDIA = {".png": "image/png", "-failure.txt": "text/plain; charset=utf-8"}


@router.get("/orders/{number}")
def show(request: Request, visitor: Viewer, number: str) -> Response:
    """The order of that number; all of them if several platforms use it."""
    console = console_of(request)
    with console.ledger.read() as tx:
        found = journeys(tx, number, console.due_on, console.direct)
    if not found:
        raise HTTPException(404)
    return page(request, "order.html", {"number": number, "journeys": found})


@router.get("/pictures/{number}")
def picture(request: Request, visitor: Viewer, number: int) -> Response:
    """A picture of the evidence, or what is told beside one."""
    console = console_of(request)
    with console.ledger.read() as tx:
        place = picture_place(tx, number) if number < 1 << 63 else None
    return _picture(console, place)


@router.get("/people/{number}/picture")
def question(request: Request, visitor: Viewer, number: int) -> Response:
    """The picture of what a person is asked for."""
    console = console_of(request)
    with console.ledger.read() as tx:
        asked = tx.challenges.find(number) if number < 1 << 63 else None
    return _picture(console, asked.picture if asked else None)


def _picture(console: Console, place: str | None) -> Response:
    """The picture, or text, that is kept at `place`; nothing but what lies in the evidence store is ever read."""
    kind = next((media for end, media in _MEDIA.items() if place is not None and place.endswith(end)), None)
    if place is None or kind is None or not _is_inside(console, place):
        raise HTTPException(404)
    try:
        content = console.evidence.get(place)
    except OSError:
        raise HTTPException(404) from None
    return Response(content, media_type=kind, headers={"content-disposition": "inline"})


def _is_inside(console: Console, place: str) -> bool:
    store = console.evidence
    if isinstance(store, Folder):
        return Path(place).resolve().is_relative_to(store.root.resolve())
    folder = f"{getattr(store, 'address', '')}/"
    return place.startswith(folder) and ".." not in place.split("/")
