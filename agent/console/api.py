"""What programs ask for, with a token: the same answers as the command line's `--json`, a page at a time."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from agent.console.context import Console, console_of
from agent.console.visitor import token_of
from agent.domain.accounts import AccountKey
from agent.domain.expiry import days_left
from agent.flows.runs import ending
from agent.ledger import UnitOfWork, documents, pages
from agent.ledger.overview import known_of, known_orders
from agent.ledger.pages import KnownRefund
from agent.ledger.values import KnownOrder

_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not known."},
    422: {"description": "A parameter that cannot be meant."},
}
router = APIRouter(prefix="/api/v1", dependencies=[Depends(token_of)], responses=_REFUSED)
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many.")]
Number = Annotated[int, Query(ge=0, lt=1 << 63, description="`after` of the page before.")]
Name = Annotated[str, Query(max_length=300, description="`after` of the page before.")]
_ACCOUNT = r"^([^/]+/[^/]+(/[0-9A-Za-z-]{1,32})?)?$"
Account = Annotated[str, Query(max_length=300, pattern=_ACCOUNT, description="`after` of the page before.")]


class _Page(BaseModel):
    version: int = Field(default=1, alias="schema")
    after: str | None


class OrdersPage(_Page):
    """Orders, other vendors' too, as `fankuan orders --json` has them."""

    orders: list[dict[str, Any]]


class RefundsPage(_Page):
    """Refunds: refused as too early, requested, paid out."""

    refunds: list[dict[str, Any]]


class AccountsPage(_Page):
    """Accounts and how they stand."""

    accounts: list[dict[str, Any]]


class RunsPage(_Page):
    """Runs, the newest first."""

    runs: list[dict[str, Any]]


class ChallengesPage(_Page):
    """What waits for a person, as `fankuan challenges --json` has it."""

    challenges: list[dict[str, Any]]


@router.get("/orders")
def orders(request: Request, limit: Limit = 100, after: Number = 0) -> OrdersPage:
    """Every order that a platform's list has shown."""
    console = console_of(request)
    with console.ledger.read() as tx:
        rows = pages.orders(tx, limit + 1, after)
        known = known_of(tx, console.due_on, console.direct, rows[:limit])
        soon = _soon(console, tx, known)
        found = [documents.order(each, *soon.get((each.account, each.order.key), (None, None))) for each in known]
        return OrdersPage(orders=found, after=_after(rows, limit, lambda row: row.id))


@router.get("/refunds")
def refunds(request: Request, limit: Limit = 100, after: Number = 0) -> RefundsPage:
    """Every order whose refund was asked for, was refused as too early, or has come."""
    console = console_of(request)
    with console.ledger.read() as tx:
        found = pages.refunds(tx, limit + 1, after)
        rows = [each.order for each in found[:limit] if each.order is not None]
        known = {(k.account, k.order.order_no): k for k in known_of(tx, console.due_on, console.direct, rows)}
        listed = [
            _refund(each, known.get((each.order.account, each.order_no)) if each.order else None)
            for each in found[:limit]
        ]
        return RefundsPage(refunds=listed, after=_after(found, limit, lambda each: each.id))


@router.get("/accounts")
def accounts(request: Request, limit: Limit = 100, after: Account = "") -> AccountsPage:
    """Every account with how its last run ended and when it is looked at next."""
    key = AccountKey.parse(after) if after else None
    with console_of(request).ledger.read() as tx:
        found = pages.accounts(tx, limit + 1, key)
    listed = [documents.account(each) for each in found[:limit]]
    return AccountsPage(accounts=listed, after=_after(found, limit, lambda each: each.account))


@router.get("/runs")
def runs(request: Request, limit: Limit = 100, after: Name = "") -> RunsPage:
    """Every run, the newest first; `after` leads to earlier ones."""
    with console_of(request).ledger.read() as tx:
        found = tx.run_log.runs(limit + 1, after or None)
    listed = [documents.run(each) for each in found[:limit]]
    return RunsPage(runs=listed, after=_after(found, limit, lambda each: each.id))


@router.get("/challenges")
def challenges(request: Request, limit: Limit = 100, after: Number = 0) -> ChallengesPage:
    """What the sites ask of a person now."""
    console = console_of(request)
    with console.ledger.read() as tx:
        found = pages.challenges(tx, limit + 1, after)
    listed = [documents.challenge(each, console.clock()) for each in found[:limit]]
    return ChallengesPage(challenges=listed, after=_after(found, limit, lambda each: each.id))


def _after(found: Sequence[Any], limit: int, key: Callable[[Any], object]) -> str | None:
    return str(key(found[limit - 1])) if len(found) > limit else None


def _soon(
    console: Console, tx: UnitOfWork, known: Sequence[KnownOrder]
) -> dict[tuple[AccountKey, str], tuple[int, str | None]]:
    """Which of these subscriptions end soon; a service that was renewed does not, so its other orders are looked at."""
    near = {each.account.merchant_id for each in known if days_left(each.order.expires_at, tx.today) is not None}
    if not near:
        return {}
    everything = known_orders(tx, console.due_on, console.direct, near)
    links = ending.Links.of(console.settings, tx.merchants.registered(near))
    found = ending.subscriptions(everything, links, tx.today)
    return {(each.account, each.order_key or ""): (each.days, each.url) for each in found}


def _refund(each: KnownRefund, known: KnownOrder | None) -> dict[str, Any]:
    return {
        "merchant": each.merchant,
        "platform": known.account.platform if known else None,
        "account": str(known.account) if known else None,
        "order_no": each.order_no,
        "amount": f"{known.order.amount:.2f}" if known else None,
        "currency": known.order.currency if known else None,
        "stage": known.stage.value if known else None,
        "due_on": documents.iso(known.due_on) if known else None,
        "too_early_on": documents.iso(each.too_early_on),
        "requested_at": documents.iso(each.requested_at),
        "paid_out_at": documents.iso(each.paid_out_at),
    }
