"""What operators set going: runs of the accounts that they chose, their end, and another try."""

from collections.abc import Sequence

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from agent.console.context import Console, console_of
from agent.console.visitor import OperatorForm, Visitor, address_of
from agent.domain.accounts import AccountKey
from agent.domain.merchants import Registration
from agent.ledger import run_log

router = APIRouter(include_in_schema=False)
_SHOWN_IN_TRAIL = 20
_STATES = {"pause": Registration.PAUSED, "resume": Registration.ACTIVE}


@router.post("/accounts/start")
async def start(request: Request, form: OperatorForm) -> Response:
    """Start a sync, or a dry run, of the chosen accounts; or pause or resume them."""
    act = str(form.get("act"))
    if act not in ("sync", "dry_run", *_STATES):
        raise HTTPException(422)
    chosen = [_chosen(str(each)) for each in form.getlist("account")]
    if not chosen:
        return RedirectResponse("/accounts", 303)
    if act in _STATES:
        await run_in_threadpool(_set_state, request, act, chosen)
        return RedirectResponse("/accounts", 303)
    return await _start(request, chosen, dry_run=act == "dry_run")


@router.post("/runs/started/{number}/stop")
async def stop(request: Request, number: int, form: OperatorForm) -> Response:
    """Ask a run that was started here to stop: what was begun is ended, no further step is begun."""
    console = console_of(request)
    if not console.starter.stop(number):
        raise HTTPException(404)
    await run_in_threadpool(_note, console, request, "run_stop", str(number), {})
    return RedirectResponse("/runs", 303)


@router.post("/runs/{run_id}/retry")
async def retry(request: Request, run_id: str, form: OperatorForm) -> Response:
    """Start a sync of the accounts for which a run did not end well; of a dry run another dry run."""
    console = console_of(request)
    found, accounts = await run_in_threadpool(_failed, console, run_id)
    if found is None or not accounts:
        raise HTTPException(404)
    return await _start(request, accounts, dry_run=found.dry_run)


async def _start(request: Request, chosen: Sequence[AccountKey], *, dry_run: bool) -> Response:
    console = console_of(request)
    visitor: Visitor = request.state.visitor
    named = " ".join(str(each) for each in chosen[:_SHOWN_IN_TRAIL])
    # What is to be done is in the trail before it is begun.
    await run_in_threadpool(_note, console, request, "dry_run" if dry_run else "sync", named, {"accounts": len(chosen)})
    console.starter.start(visitor.who, chosen, dry_run=dry_run)
    return RedirectResponse("/runs", 303)


def _set_state(request: Request, act: str, chosen: Sequence[AccountKey]) -> None:
    visitor: Visitor = request.state.visitor
    with console_of(request).ledger.begin() as tx:
        for each in chosen:
            if tx.registrations.set_state(each, state := _STATES[act]):
                tx.audit.note(visitor.who, f"account_{state.value}", str(each), address=address_of(request))


def _chosen(text: str) -> AccountKey:
    try:
        return AccountKey.parse(text)
    except ValueError:
        raise HTTPException(422) from None


def _failed(console: Console, run_id: str) -> tuple[run_log.KnownRun | None, list[AccountKey]]:
    with console.ledger.read() as tx:
        found = tx.run_log.run(run_id)
        return found, tx.run_log.in_trouble(run_id)


def _note(console: Console, request: Request, action: str, target: str, details: dict[str, object]) -> None:
    visitor: Visitor = request.state.visitor
    with console.ledger.begin() as tx:
        tx.audit.note(visitor.who, action, target, details=details, address=address_of(request))
