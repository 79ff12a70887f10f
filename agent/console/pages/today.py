"""Today: what needs a person now, money at risk, what runs, and what failed since yesterday. Nothing else."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from agent.console.context import console_of
from agent.console.freshness import catch_up
from agent.console.pages.money import sums
from agent.console.render import page
from agent.console.visitor import Viewer
from agent.ledger import UnitOfWork
from agent.ledger.order_stages import Risks

router = APIRouter(include_in_schema=False)
# An order that nobody confirmed for so long, and a refund that was not asked for so long after its day.
LONG_UNCONFIRMED, OVERDUE = timedelta(days=7), timedelta(days=3)
_SHOWN = 30


@router.get("/")
def show(request: Request, visitor: Viewer) -> Response:
    """The first page, or its part that is asked for anew by itself."""
    console = console_of(request)
    fresh = catch_up(console)
    with console.ledger.read() as tx:
        risks = console.remembered.of("risks", (fresh, tx.today), tx, _risks)
        context = {
            "waiting": tx.challenges.waiting(_SHOWN + 1),
            "sums": sums(console, tx, fresh),
            "risks": risks,
            "runs": tx.run_log.runs(10, unfinished=True),
            "failed": tx.run_log.trouble(tx.now - timedelta(days=1), _SHOWN),
            "working": console.board.working,
            "shown": _SHOWN,
            "fresh": fresh,
        }
    part = "x-part" in request.headers
    return page(request, "today_part.html" if part else "today.html", context)


def _risks(tx: UnitOfWork) -> Risks:
    return tx.order_stages.risks(tx.today - OVERDUE, tx.now - LONG_UNCONFIRMED)
