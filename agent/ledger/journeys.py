"""One order as it went: what is known of it, what was begun and what came of that, and the pictures of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from agent.ledger.order_names import UNKNOWN, OrderName
from agent.ledger.overview import Direct, DueOn, known_of
from agent.ledger.refunds import Refunds
from agent.ledger.run_tables import EvidenceRow, RunRow
from agent.ledger.tables import FilingRow, IntentRow, OrderRow
from agent.ledger.transaction import Transaction
from agent.ledger.values import KnownOrder


@dataclass(frozen=True, slots=True)
class Attempt:
    """A step that was begun for the order. `pictures` are ids of the evidence by role; `result` None: not known yet."""

    kind: str
    begun_at: datetime
    closed_at: datetime | None
    result: str | None
    sent: Mapping[str, str]
    heard: str | None
    message: str | None
    run_id: str
    started_by: str
    pictures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Journey:
    """An order with everything that happened to it, the oldest first."""

    known: KnownOrder
    filed_at: datetime | None
    too_early_on: date | None
    refund_message: str | None
    attempts: tuple[Attempt, ...]


def journeys(tx: Transaction, order_no: str, due_on: DueOn, direct: Direct) -> list[Journey]:
    """Return the orders of that number; platforms do not agree upon numbers, so there may be several."""
    rows = list(tx.session.scalars(select(OrderRow).where(OrderRow.order_no == order_no).limit(20)))
    known = known_of(tx, due_on, direct, rows) if rows else []
    return [_journey(tx, row, each) for row, each in zip(rows, known, strict=True)]


def picture_place(tx: Transaction, number: int) -> str | None:
    """Return where a picture of the evidence is kept; None for an unknown one."""
    return tx.session.scalar(select(EvidenceRow.path).where(EvidenceRow.id == number))


def _journey(tx: Transaction, row: OrderRow, known: KnownOrder) -> Journey:
    name = OrderName(row.merchant_id, row.platform, row.order_no or "")
    own = FilingRow.merchant_id == row.merchant_id, FilingRow.order_no == row.order_no
    may_be = select(FilingRow).where(*own, FilingRow.platform.in_((row.platform, UNKNOWN)))
    filing = tx.session.scalar(may_be.order_by(FilingRow.first_seen_at).limit(1))
    refunds = Refunds(tx).of_number(name.merchant_id, name.order_no)
    refund = refunds.get(name.platform) or refunds.get(UNKNOWN)
    return Journey(
        known=known,
        filed_at=filing.first_seen_at if filing else None,
        too_early_on=refund.too_early_on if refund else None,
        refund_message=refund.message if refund else None,
        attempts=_attempts(tx, row),
    )


def _attempts(tx: Transaction, row: OrderRow) -> tuple[Attempt, ...]:
    keys = [key for key in (row.order_no, row.natural_key) if key]
    query = (
        select(IntentRow, RunRow.started_by)
        .join(RunRow, RunRow.id == IntentRow.run_id)
        .where(IntentRow.order_key.in_(keys), IntentRow.is_of(row.account))
        .order_by(IntentRow.id)
    )
    found = list(tx.session.execute(query))
    pictures = _pictures(tx, [intent.id for intent, _ in found])
    return tuple(_attempt(intent, who, pictures.get(intent.id, {})) for intent, who in found)


def _pictures(tx: Transaction, intents: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    rows = select(EvidenceRow).where(EvidenceRow.intent_id.in_(intents)).order_by(EvidenceRow.id)
    for row in tx.session.scalars(rows):
        if row.intent_id is not None:
            own = found.setdefault(row.intent_id, {})
            own[row.role] = own.get(row.role, row.id) if row.role == "before" else row.id
    return found


def _attempt(row: IntentRow, started_by: str, pictures: Mapping[str, int]) -> Attempt:
    return Attempt(
        kind=row.kind,
        begun_at=row.begun_at,
        closed_at=row.closed_at,
        result=row.result,
        sent=row.sent,
        heard=row.heard,
        message=row.message,
        run_id=row.run_id,
        started_by=started_by,
        pictures=pictures,
    )
