"""Bank: a statement against the refunds that were requested, shown before anything is recorded, and taken back."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from agent.bank import claims
from agent.bank.picks import Picks, parse_picks
from agent.bank.reconciling import Reconciled, Wanted, reconcile, record
from agent.console.context import Console, console_of
from agent.console.freshness import catch_up
from agent.console.render import page
from agent.console.uploads import Upload
from agent.console.visitor import OperatorFiles, OperatorForm, Viewer, Visitor, address_of
from agent.domain.errors import UsageError
from agent.domain.payments import Allocation, Claim, Undecided
from agent.domain.text import visible
from agent.domain.wording import DOUBT
from agent.exporting.order_filter import OrderFilter
from agent.importing.bounded import read_bounded
from agent.importing.statement import Statement
from agent.importing.statement_mapping import parse_mapping
from agent.ledger import known_orders, payments
from agent.log import redact

router = APIRouter(include_in_schema=False)
_STATEMENTS, _SHOWN, _PICKED = 50, 200, "pick-"
_LONGEST_NAME = 80
_LARGEST_MAPPING = 1 << 16


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file as it came, with the name it was sent under."""

    name: str
    content: bytes


_NO_MAPPING = _Sent("", b"")


@router.get("/bank")
def show(request: Request, visitor: Viewer) -> Response:
    """The statements that were recorded, and the form for another one."""
    return _page(request)


@router.post("/bank")
async def upload(request: Request, form: OperatorFiles) -> Response:
    """Read a statement and show what would be recorded of it. Nothing is recorded yet."""
    sent = await _sent(form, "statement")
    mapping = await _sent(form, "mapping") or _NO_MAPPING
    if sent is None:
        raise HTTPException(422)
    if len(mapping.content) > _LARGEST_MAPPING:
        raise HTTPException(413)
    try:
        kept = await run_in_threadpool(_keep, request, sent, mapping, str(form.get("merchant", "")).strip())
    except UsageError as error:
        return await run_in_threadpool(_page, request, error)
    return RedirectResponse(f"/bank/{kept.id}", 303)


@router.get("/bank/{number}")
def preview(request: Request, visitor: Viewer, number: str) -> Response:
    """What would be recorded of a statement."""
    return _preview(request, _upload(request, number), {})


@router.post("/bank/{number}")
def decide(request: Request, number: str, form: OperatorForm) -> Response:
    """Record what was shown, or show it anew with what the person has decided meanwhile."""
    return _decide(request, _upload(request, number), form)


@router.post("/bank/batches/{batch}/undo")
def undo(request: Request, batch: str, form: OperatorForm) -> Response:
    """Take back all that was recorded of a statement."""
    visitor: Visitor = request.state.visitor
    try:
        with console_of(request).ledger.begin() as tx:
            count = payments.undo(tx, batch)
            details = {"payments": count}
            tx.audit.note(visitor.who, "reconcile_undo", batch, details=details, address=address_of(request))
    except UsageError as error:
        return _page(request, error)
    return RedirectResponse("/bank", 303)


def _page(request: Request, error: UsageError | None = None) -> Response:
    with console_of(request).ledger.read() as tx:
        statements = payments.statements(tx, _STATEMENTS)
    told = error.text if error else None
    return page(request, "bank.html", {"statements": statements, "told": told}, 422 if error else 200)


async def _sent(form: FormData, field: str) -> _Sent | None:
    file = form.get(field)
    return _Sent(file.filename, await file.read()) if isinstance(file, UploadFile) and file.filename else None


def _keep(request: Request, sent: _Sent, mapping: _Sent, merchant: str) -> Upload:
    console, visitor = console_of(request), request.state.visitor
    merchants = (merchant,) if merchant else ()
    OrderFilter(console.clock().date(), merchants).check(console.settings, console.ledger)
    kept = console.uploads.keep(visitor.who, _read(console, sent, mapping), merchants)
    _found(console, kept, {})  # what is wrong with it is told at once
    return kept


def _read(console: Console, sent: _Sent, mapping: _Sent) -> Statement:
    headings = parse_mapping(_plain(mapping.name), mapping.content)
    with TemporaryDirectory(prefix="fankuan-statement-") as folder:
        file = Path(folder, _plain(sent.name))
        file.write_bytes(sent.content)
        return read_bounded(file, headings, console.settings.bank.payers)


def _plain(name: str) -> str:
    """The name that a file was sent under, without folders and without what is not drawn."""
    bare = re.sub(r'[<>:"|?*]', "_", visible(name.replace("\\", "/").rpartition("/")[2])).lstrip(".")
    stem, dot, ending = bare.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{ending[:8]}" if stem else f"statement.{ending[:8]}"


def _upload(request: Request, number: str) -> Upload:
    visitor: Visitor = request.state.visitor
    found = console_of(request).uploads.find(number, visitor.who)
    if found is None:
        raise HTTPException(404)
    return found


def _found(console: Console, kept: Upload, picks: Picks) -> Reconciled:
    """What would be recorded."""
    wanted, today = Wanted(kept.merchants, picks), console.clock().date()
    return reconcile(
        console.settings, console.ledger, kept.statement, claims=_claims(console), wanted=wanted, today=today
    )


def _claims(console: Console) -> Iterable[Claim]:
    """The refunds that wait for money: as they were worked out beforehand, unless something has changed since."""
    match_days = console.settings.bank.match_days
    if not catch_up(console).done:
        return claims.of_known(known_orders(console.ledger, console.due_on, console.direct), match_days)
    with console.ledger.read() as tx:
        return claims.of_staged(tx.order_stages.requested(), match_days)


def _preview(
    request: Request, kept: Upload, picks: Picks, *, moved: bool = False, error: UsageError | None = None
) -> Response:
    console = console_of(request)
    try:
        found = _found(console, kept, {} if error else picks)
    except UsageError as changed:  # its account is nobody's payee any more
        return _page(request, changed)
    paid = {part.payment: part.payment.amount for part in found.matches.matched}
    context = {
        "upload": kept,
        "file": redact(kept.statement.file.name),
        "found": found,
        "picks": picks,
        "typed": _typed,
        "picked_as": partial(_picked_as, picks),
        "sum": sum(paid.values(), Decimal(0)),
        "count": len(paid),
        "print": _fingerprint(found),
        "moved": moved,
        "told": error.text if error else None,
        "today": console.clock().date(),
        "most": _SHOWN,
        "doubts": DOUBT,
    }
    return page(request, "statement.html", context, 422 if error else 200)


def _typed(one: Undecided, chosen: Sequence[str]) -> list[str]:
    """What was typed, and not ticked, for a payment that is still to be decided."""
    offered = {claim.name_among(one.claims) for claim in one.claims}
    return [name for name in chosen if name not in offered]


def _picked_as(picks: Picks, part: Allocation) -> str | None:
    """How a person called the order of this part; None if nobody has picked it."""
    return next((name for name in picks.get(part.payment.row, ()) if name in part.claim.names), None)


def _decide(request: Request, kept: Upload, form: FormData) -> Response:
    picks: Picks = {}
    try:
        picks = parse_picks(_picked(form))
        found = _found(console_of(request), kept, picks)
        moved = form.get("act") == "record" and form.get("shown") != _fingerprint(found)
        if form.get("act") != "record" or moved or not found.matches.matched:
            return _preview(request, kept, picks, moved=moved)
        _record(request, kept, found)
    except UsageError as error:
        return _preview(request, kept, picks, error=error)
    return RedirectResponse("/bank", 303)


def _picked(form: FormData) -> list[str]:
    """What was ticked and typed, as `--pick` has it: the orders of each row."""
    rows: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if name.startswith(_PICKED) and isinstance(value, str):
            rows.setdefault(name.removeprefix(_PICKED), []).extend(re.split(r"[\s,，、;；]+", value))
    named = {row: dict.fromkeys(order for order in orders if order) for row, orders in rows.items()}
    return [f"{row}={','.join(orders)}" for row, orders in named.items() if orders]


def _fingerprint(found: Reconciled) -> str:
    """Stands for what is recorded: if it differs from what was shown, nothing is."""
    lines = (f"{a.payment.identity}|{a.claim.names[0]}|{a.amount}" for a in found.matches.matched)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _record(request: Request, kept: Upload, found: Reconciled) -> None:
    console, visitor = console_of(request), request.state.visitor
    with console.ledger.begin() as tx:
        record(tx, kept.statement, found.matches.matched, visitor.who, address_of(request))
    console.uploads.drop(kept.id)
