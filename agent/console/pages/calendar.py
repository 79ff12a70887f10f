"""Calendar: the due dates for the calendar programs of people, under an address that only its owner knows."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import SecretStr
from starlette.responses import RedirectResponse, Response

from agent.console.context import console_of
from agent.console.freshness import catch_up
from agent.console.render import language_of, money, page
from agent.console.visitor import Viewer, ViewerForm, Visitor, address_of
from agent.domain.text import Language, Text
from agent.exporting.calendar import Day, calendar_file

router = APIRouter(include_in_schema=False)
_BACK, _AHEAD = timedelta(days=31), timedelta(days=400)
_NAME = Text("Refunds due", "返款到期")


@router.get("/calendar")
def show(request: Request, visitor: Viewer) -> Response:
    """Whether there is an address, and the buttons to have a new one or none."""
    return _page(request, None)


@router.post("/calendar")
def change(request: Request, form: ViewerForm) -> Response:
    """Make a new address, which is shown once, or take the one that there is back."""
    console, visitor = console_of(request), request.state.visitor
    act, made = str(form.get("act")), None
    if act not in ("open", "close"):
        raise HTTPException(422)
    with console.ledger.begin() as tx:
        if act == "open":
            made = tx.users.open_calendar(visitor.name)
        else:
            tx.users.close_calendar(visitor.name)
        tx.audit.note(visitor.who, f"calendar_{act}", address=address_of(request))
    return _page(request, made) if made else RedirectResponse("/calendar", 303)


@router.get("/calendar/{secret}.ics")
def feed(request: Request, secret: str, lang: Annotated[Literal["zh", "en"], Query()] = "zh") -> Response:
    """What falls due on each day. It says no order, no merchant and nothing secret."""
    console = console_of(request)
    with console.ledger.read() as tx:
        known = tx.users.owns_calendar(SecretStr(secret))
    if not known:
        raise HTTPException(404)
    catch_up(console)
    with console.ledger.read() as tx:
        days = tx.order_stages.due_days(tx.today - _BACK, tx.today + _AHEAD)
    text = calendar_file(_NAME.spoken(lang), [_day(each, lang) for each in days], console.clock())
    return Response(text, media_type="text/calendar; charset=utf-8")


def _day(due: tuple[date, int, Decimal], language: Language) -> Day:
    on, orders, amount = due
    summary = Text(
        f"{money(amount)} may be requested ({orders} order{'s' if orders != 1 else ''})",
        f"可申请返款 {money(amount)}（{orders} 单）",
    )
    more = Text("Orders that are not requested yet; see Money in the console.", "尚未申请的订单，详见控制台“款项”。")
    return Day(f"due-{on.isoformat()}@fankuan", on, summary.spoken(language), more.spoken(language))


def _page(request: Request, made: SecretStr | None) -> Response:
    visitor: Visitor = request.state.visitor
    with console_of(request).ledger.read() as tx:
        known = tx.users.has_calendar(visitor.name)
    address = None
    if made:
        path = f"/calendar/{made.get_secret_value()}.ics?lang={language_of(request)}"
        address = str(request.url.replace(path=path.partition("?")[0], query=path.partition("?")[2]))
    return page(request, "calendar.html", {"known": known, "address": address})
