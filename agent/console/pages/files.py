"""What pages show, as files for a spreadsheet: the same sheets as `fankuan export` writes, with the page's filters."""

from collections.abc import Iterator
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from agent.console.context import Console, console_of
from agent.console.render import language_of
from agent.console.visitor import Viewer, address_of
from agent.domain.errors import UsageError
from agent.domain.stage import Stage
from agent.exporting.audit import AUDIT, audit_rows
from agent.exporting.csv_file import ENCODING, csv_lines
from agent.exporting.files import write_file
from agent.exporting.order_filter import OrderFilter
from agent.exporting.orders import ORDERS, REFUNDS, order_rows, refund_rows
from agent.exporting.runs import RUNS, run_rows
from agent.exporting.sheet import Row, Say, Sheet
from agent.exporting.sources import acts, names_of
from agent.ledger import KnownOrder, account_runs, known_orders

router = APIRouter(include_in_schema=False)
_CHUNK = 1 << 16


class What(StrEnum):
    """What can be had as a file."""

    ORDERS = "orders"
    REFUNDS = "refunds"
    RUNS = "runs"
    AUDIT = "audit"


class Kind(StrEnum):
    """The kinds of files, by their endings."""

    XLSX = "xlsx"
    CSV = "csv"


_MEDIA = {
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv; charset=utf-8",
}


class Filters(BaseModel):
    """The filters of a page; an empty one asks for nothing."""

    stage: Stage | None = None
    platform: Annotated[str, Field(max_length=64)] = ""
    merchant: Annotated[str, Field(max_length=200)] = ""
    who: Annotated[str, Field(max_length=200)] = ""

    def given(self) -> dict[str, object]:
        """Return those in force, as the audit trail keeps them."""
        return {name: str(value) for name, value in self if value}


@router.get("/export/{what}.{kind}")
def export(request: Request, visitor: Viewer, what: What, kind: Kind, filters: Annotated[Filters, Query()]) -> Response:
    """The file. CSV is sent while it is read; a workbook once it is whole."""
    console = console_of(request)
    try:
        sheet, rows = _sheet(console, what, filters)
    except UsageError:
        raise HTTPException(404) from None
    with console.ledger.begin() as tx:
        tx.audit.note(visitor.who, "export", what, details=filters.given(), address=address_of(request))
    language = language_of(request)
    name = f"fankuan-{what}-{console.clock():%Y%m%d-%H%M%S}.{kind}"
    sent = (_csv if kind is Kind.CSV else _workbook)(sheet, rows, lambda text: text.spoken(language))
    return StreamingResponse(
        sent, media_type=_MEDIA[kind], headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _sheet(console: Console, what: What, asked: Filters) -> tuple[Sheet, Iterator[Row]]:
    if what is What.AUDIT:
        return AUDIT, audit_rows(acts(console.ledger, asked.who or None))
    today = console.clock().date()
    wanted = OrderFilter(today, _one(asked.merchant), _one(asked.platform), (asked.stage,) if asked.stage else ())
    wanted.check(console.settings, console.ledger)
    names = names_of(console.settings, console.ledger)
    if what is What.RUNS:
        return RUNS, run_rows((end for end in account_runs(console.ledger) if wanted.is_of(end.account)), names)
    known = _known(console, wanted)
    if what is What.REFUNDS:
        return REFUNDS, refund_rows(known, names, today)
    return ORDERS, order_rows(known, names)


def _one(name: str) -> tuple[str, ...]:
    return (name,) if name else ()


def _known(console: Console, wanted: OrderFilter) -> Iterator[KnownOrder]:
    found = known_orders(console.ledger, console.due_on, console.direct, of=wanted.merchants or None)
    return (each for each in found if each.order.ours and wanted.passes(each))


def _csv(sheet: Sheet, rows: Iterator[Row], say: Say) -> Iterator[bytes]:
    waiting = bytearray("".encode(ENCODING))
    for line in csv_lines(sheet, rows, say):
        waiting += line.encode()
        if len(waiting) >= _CHUNK:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _workbook(sheet: Sheet, rows: Iterator[Row], say: Say) -> Iterator[bytes]:
    """Make the file at once, so that what goes wrong is told, and return it in pieces; it is removed behind them."""
    with ExitStack() as made:
        file = Path(made.enter_context(TemporaryDirectory(prefix="fankuan-export-")), "sheet.xlsx")
        write_file(file, sheet, rows, say)
        return _pieces(file, made.pop_all())


def _pieces(file: Path, made: ExitStack) -> Iterator[bytes]:
    with made, file.open("rb") as content:
        while piece := content.read(_CHUNK):
            yield piece
