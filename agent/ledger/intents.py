"""Intents: a step is committed here before its click, and closed only by what the page says afterwards."""

from collections.abc import Collection

from sqlalchemy import Select, select

from agent.domain.merchants import Account
from agent.domain.report import StepKind, StepResult
from agent.ledger.errors import IntentAlreadyOpen, IntentNotOpen
from agent.ledger.filings import note_requested
from agent.ledger.merchants import scrubber
from agent.ledger.tables import IntentRow
from agent.ledger.values import Intent
from agent.ledger.work import Work

_HAPPENED = {StepResult.DONE, StepResult.ALREADY}


def begin(work: Work, account: Account, kind: StepKind, order_key: str, sent: dict[str, str]) -> int:
    """Opens an intent and gives its id. Raises IntentAlreadyOpen where one is open for the same step."""
    if any(i.kind == kind and i.order_key == order_key for i in open_of(work, account.merchant, account.platform)):
        raise IntentAlreadyOpen(account.merchant, account.platform, kind, order_key)
    return open_one(work, account, kind.value, order_key, sent)


def open_one(work: Work, account: Account, kind: str, order_key: str, sent: dict[str, str]) -> int:
    """Opens an intent of any kind. The database refuses a second open one (IntegrityError)."""
    masked = scrubber(work, account.merchant)
    row = IntentRow(
        run_id=work.run_id,
        merchant_id=account.merchant,
        platform=account.platform,
        kind=kind,
        order_key=order_key,
        sent={name: masked.clean(text) for name, text in sent.items()},
        begun_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def close(work: Work, intent_id: int, result: StepResult, said: str | None) -> None:
    """Closes an open intent: done or already, or failed, which means that it positively did not happen.

    Raises IntentNotOpen where it is closed or unknown, and ValueError for a result that closes nothing.
    """
    if result not in _HAPPENED | {StepResult.FAILED}:
        raise ValueError(f"{result} does not close an intent")
    row = work.session.get(IntentRow, intent_id, with_for_update=True)
    if row is None or row.result is not None:
        raise IntentNotOpen(intent_id)
    shown = None if said is None else scrubber(work, row.merchant_id).clean(said)
    row.result, row.closed_at, row.said = result.value, work.now, shown
    if row.kind == StepKind.REQUEST_REFUND and result in _HAPPENED:
        note_requested(work, row.merchant_id, row.platform, row.order_key)


def open_of(work: Work, merchant_id: str, platform: str) -> list[Intent]:
    """The open intents of one account's steps, oldest first."""
    query = _open().where(IntentRow.merchant_id == merchant_id, IntentRow.platform == platform)
    rows = work.session.scalars(query.order_by(IntentRow.id))
    return [Intent(r.id, StepKind(r.kind), r.order_key, r.begun_at, r.run_id) for r in rows]


def in_doubt(work: Work, merchants: Collection[str]) -> set[tuple[str, str, str]]:
    """Merchant, platform and order of every step of these merchants that is open."""
    rows = work.session.scalars(_open().where(IntentRow.merchant_id.in_(merchants)))
    return {(row.merchant_id, row.platform, row.order_key) for row in rows}


def _open() -> Select[IntentRow]:
    steps = [kind.value for kind in StepKind]
    return select(IntentRow).where(IntentRow.result.is_(None), IntentRow.kind.in_(steps))
