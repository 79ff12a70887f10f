"""Health: the schedule, how well runs go, what changed on pages, what ends soon, and the machine."""

import shutil
from collections import Counter
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from agent.console.context import Console, console_of
from agent.console.render import page
from agent.console.visitor import Viewer
from agent.domain.errors import Outcome
from agent.domain.page_errors import PageChanged
from agent.ledger import UnitOfWork

router = APIRouter(include_in_schema=False)
_DAYS, _LATE = 30, timedelta(hours=1)
_SUCCESS_SECONDS = 60


@router.get("/health")
def show(request: Request, visitor: Viewer) -> Response:
    """All of it on one page."""
    console = console_of(request)
    with console.ledger.read() as tx:
        minute = int(tx.now.timestamp()) // _SUCCESS_SECONDS
        success = console.remembered.of("success", minute, tx, lambda w: w.run_log.success(_DAYS))
        trouble = tx.run_log.trouble(tx.now - timedelta(days=7), 200)
        return page(
            request,
            "health.html",
            {
                "planned": tx.health.next_looks(15),
                "late": tx.health.late(tx.now - _LATE, 1000),
                "workers": tx.health.workers(),
                "ending": tx.health.ending_authorizations(tx.today + timedelta(days=30), 30),
                "success": [_row(platform, counts) for platform, counts in sorted(success.items())],
                "reasons": Counter(each.reason or "-" for each in trouble).most_common(),
                "changed": [each for each in trouble if each.reason == PageChanged.reason][:20],
                "calendar": _calendar(console, tx),
                "disk": shutil.disk_usage(console.settings.data_dir),
                "days": _DAYS,
            },
        )


def _row(platform: str, counts: dict[Outcome, int]) -> tuple[str, int, int, dict[Outcome, int]]:
    whole = sum(counts.values())
    return platform, whole, round(100 * counts.get(Outcome.OK, 0) / whole), counts


def _calendar(console: Console, tx: UnitOfWork) -> int | None:
    return console.settings.work_calendar.known_until(tx.today.year)
