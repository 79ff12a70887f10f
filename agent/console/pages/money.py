"""Money: where every yuan stands, when it falls due, and what came in."""

import calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import Response

from agent.console import charts
from agent.console.context import Console, console_of
from agent.console.freshness import Fresh, catch_up
from agent.console.render import language_of, money, page
from agent.console.visitor import Viewer
from agent.domain.orders import YUAN
from agent.domain.stage import Stage
from agent.domain.wording import STAGE
from agent.ledger import UnitOfWork
from agent.ledger.order_stages import StagedOrder, Total

router = APIRouter(include_in_schema=False)
# In the order of the journey, each with its colour; what stands apart comes last.
STAGES = (
    (Stage.UNPAID, 0),
    (Stage.AWAITING_CONFIRMATION, 0),
    (Stage.CONFIRMED, 1),
    (Stage.FILED, 2),
    (Stage.REFUNDABLE, 3),
    (Stage.NEEDS_PERSON, 4),
    (Stage.UNKNOWN, 4),
    (Stage.REQUESTED, 5),
    (Stage.PAID_OUT, 6),
    (Stage.REFUNDING, 7),
    (Stage.CLOSED, 7),
)
_ROWS, _MONTHS = 100, 12


@dataclass(frozen=True, slots=True)
class Sums:
    """Money in yuan by stage, by platform and stage, and the rest by currency and stage; with numbers of orders."""

    stages: Mapping[Stage, tuple[int, Decimal]]
    platforms: Mapping[str, Mapping[Stage, tuple[int, Decimal]]]
    foreign: Sequence[Total]

    def amount(self, *stages: Stage) -> Decimal:
        """Return what stands at these stages."""
        return sum((self.stages[each][1] for each in stages if each in self.stages), Decimal(0))

    def orders(self, *stages: Stage) -> int:
        """Return how many orders stand at these stages."""
        return sum(self.stages[each][0] for each in stages if each in self.stages)


def sums(console: Console, tx: UnitOfWork, fresh: Fresh) -> Sums:
    """Return the sums over all orders, made anew only if something has changed."""
    found = console.remembered.of("totals", (fresh, tx.today), tx, lambda w: w.order_stages.totals())
    return _folded(found)


def _folded(found: Sequence[Total]) -> Sums:
    stages: dict[Stage, tuple[int, Decimal]] = {}
    platforms: dict[str, dict[Stage, tuple[int, Decimal]]] = defaultdict(dict)
    for each in found:
        if each.currency == YUAN:
            count, amount = stages.get(each.stage, (0, Decimal(0)))
            stages[each.stage] = (count + each.orders, amount + each.amount)
            platforms[each.platform][each.stage] = (each.orders, each.amount)
    return Sums(stages, dict(sorted(platforms.items())), [each for each in found if each.currency != YUAN])


@router.get("/money")
def show(
    request: Request,
    visitor: Viewer,
    *,
    stage: Stage | None = None,
    platform: Annotated[str, Query(max_length=64)] = "",
    merchant: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=40, pattern=r"^(\d{4}-\d\d-\d\d_\d{1,18})?$")] = "",
    month: Annotated[str, Query(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")] = "",
) -> Response:
    """The sums, the calendar and the plot; or the orders behind one of the numbers, or one merchant's."""
    console = console_of(request)
    fresh = catch_up(console)
    with console.ledger.read() as tx:
        if merchant:
            orders = tx.order_stages.staged_of([merchant])
            return page(request, "money_orders.html", _one_merchant(merchant, orders, fresh))
        if stage:
            return page(request, "money_orders.html", _at_stage(tx, stage, platform, after, fresh))
        return _overview(request, console, tx, fresh, month)


def _one_merchant(merchant: str, orders: Sequence[StagedOrder], fresh: Fresh) -> dict[str, object]:
    return {"orders": orders, "stage_": None, "platform": "", "merchant": merchant, "following": None, "fresh": fresh}


def _at_stage(tx: UnitOfWork, stage: Stage, platform: str, after: str, fresh: Fresh) -> dict[str, object]:
    found = tx.order_stages.staged(stage, platform or None, _ROWS + 1, _cursor(after))
    shown = found[:_ROWS]
    last = shown[-1] if len(found) > _ROWS else None
    return {
        "orders": shown,
        "stage_": stage,
        "platform": platform,
        "merchant": "",
        "following": f"{last.due_on or date.max}_{last.id}" if last else None,
        "fresh": fresh,
    }


def _cursor(after: str) -> tuple[date, int] | None:
    """The due date and the id after which a page begins. Answer 422 to a day that does not exist."""
    day, _, number = after.partition("_")
    try:
        return (date.fromisoformat(day), int(number)) if after else None
    except ValueError:
        raise HTTPException(422) from None


def _overview(request: Request, console: Console, tx: UnitOfWork, fresh: Fresh, month: str) -> Response:
    found, today = sums(console, tx, fresh), tx.today
    first = date.fromisoformat(f"{month}-01") if month else today.replace(day=1)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    days = {day: (n, amount) for day, n, amount in tx.order_stages.due_days(weeks[0][0], weeks[-1][-1])}
    since = _months_back(today.replace(day=1), _MONTHS - 1)
    paid = console.remembered.of("months", (fresh, today), tx, lambda w: w.order_stages.months(since))
    by_month = _by_month(paid, since)
    words = [(stage, color, STAGE[stage]) for stage, color in STAGES if stage in found.stages]
    chinese = language_of(request) == "zh"
    named = [(s, c, w.zh if chinese else w.en) for s, c, w in words]
    return page(
        request,
        "money.html",
        {
            "sums": found,
            "stages": [(s, c) for s, c, _ in named],
            "band": charts.band([(f"{w} {money(found.stages[s][1])}", c, found.stages[s][1]) for s, c, w in named]),
            "weeks": weeks,
            "days": days,
            "first": first,
            "earlier": f"{first - timedelta(days=1):%Y-%m}",
            "later": f"{first + timedelta(days=32):%Y-%m}",
            "today": today,
            "months": by_month,
            "chart": charts.columns([(name[2:], _pair(name, asked, paid)) for name, asked, paid in by_month]),
            "fresh": fresh,
        },
    )


def _pair(name: str, asked: Decimal, paid: Decimal) -> list[tuple[str, int, Decimal]]:
    return [(f"{name} {money(asked)}", 5, asked), (f"{name} {money(paid)}", 6, paid)]


def _by_month(days: Mapping[str, Sequence[tuple[date, Decimal]]], since: date) -> list[tuple[str, Decimal, Decimal]]:
    """What was requested and what was paid out in each month since then."""
    names = [f"{_months_on(since, n):%Y-%m}" for n in range(_MONTHS)]
    folded: dict[str, dict[str, Decimal]] = {kind: defaultdict(Decimal) for kind in days}
    for kind, found in days.items():
        for day, amount in found:
            folded[kind][f"{day:%Y-%m}"] += amount
    return [(name, folded["requested"][name], folded["paid_out"][name]) for name in names]


def _months_back(first: date, months: int) -> date:
    return _months_on(first, -months)


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
