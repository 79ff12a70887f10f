"""Payments that were found on bank statements: what was recorded, and how a statement is taken back."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import func, select

from agent.domain.errors import UsageError
from agent.domain.orders import SHANGHAI, FilingStatus
from agent.domain.payments import Allocation, Claim, Payment
from agent.domain.text import Text
from agent.ledger.filings import Filings, furthest_of
from agent.ledger.order_names import UNKNOWN, OrderName
from agent.ledger.payment_tables import PaymentPartRow, PaymentRow, StatementRow
from agent.ledger.refunds import Refunds
from agent.ledger.transaction import Transaction


@dataclass(frozen=True, slots=True)
class KnownStatement:
    """A statement that was recorded: how many payments it had and how much they were; `undone_at`: taken back then."""

    batch: str
    file: str
    made_at: datetime
    undone_at: datetime | None
    payments: int
    amount: Decimal


def statements(tx: Transaction, limit: int) -> list[KnownStatement]:
    """Return the newest statements."""
    query = (
        select(StatementRow, func.count(PaymentRow.id), func.sum(PaymentRow.amount))
        .join(PaymentRow, PaymentRow.statement_id == StatementRow.id)
        .where(StatementRow.id.in_(select(StatementRow.id).order_by(StatementRow.id.desc()).limit(limit)))
        .group_by(StatementRow.id)
        .order_by(StatementRow.id.desc())
    )
    return [
        KnownStatement(row.id, row.file, row.made_at, row.undone_at, count, amount)
        for row, count, amount in tx.session.execute(query)
    ]


def identities(tx: Transaction, days: Collection[date]) -> set[str]:
    """Return the identities of the payments of these days that are recorded and were not taken back."""
    query = select(PaymentRow.identity).where(PaymentRow.undone_at.is_(None), PaymentRow.paid_on.in_(days))
    return {*tx.session.scalars(query)}


def record(tx: Transaction, file: str, sha256: str, parts: Sequence[Allocation]) -> str:
    """Keep what a statement paid, mark the refunds as paid out, and return the batch's id, which sorts by time.

    Raise UsageError if one of them was paid out or recorded meanwhile; nothing is kept then.
    """
    batch = f"{tx.now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    of: dict[Payment, list[Allocation]] = defaultdict(list)
    for part in parts:
        of[part.payment].append(part)
    if {payment.identity for payment in of} & identities(tx, {payment.paid_on for payment in of}):
        raise _changed()
    payments = [_payment(payment, of[payment]) for payment in of]
    tx.session.add(StatementRow(id=batch, file=file, sha256=sha256, made_at=tx.now, payments=payments))
    latest: dict[OrderName, date] = {}
    for part in parts:
        name = _name(part.claim)
        latest[name] = max(latest.get(name, date.min), part.payment.paid_on)
    for name, day in latest.items():
        _pay(tx, name, datetime.combine(day, time(), SHANGHAI))
    return batch


def may_take_back(tx: Transaction, back: Payment) -> bool:
    """True if a payment is recorded that `back`, whose amount is negative, may have taken back."""
    query = select(PaymentRow.id).join(PaymentPartRow, PaymentPartRow.payment_id == PaymentRow.id)
    alike = (PaymentRow.amount == -back.amount, PaymentRow.paid_on <= back.paid_on, PaymentRow.undone_at.is_(None))
    return tx.session.scalar(query.where(*alike, PaymentPartRow.merchant_id.in_(back.merchants)).limit(1)) is not None


def undo(tx: Transaction, batch: str) -> int:
    """Take back all that a statement paid, and return the number of payments. Raise UsageError for an unknown batch."""
    row = tx.session.get(StatementRow, batch)
    if row is None or row.undone_at is not None:
        raise _no_batch(tx, batch)
    row.undone_at = tx.now
    for payment in row.payments:
        payment.undone_at = tx.now
    tx.session.flush()
    parts = (part for payment in row.payments for part in payment.parts)
    for name in {OrderName(part.merchant_id, part.platform, part.order_no) for part in parts}:
        _take_back(tx, name)
    return len(row.payments)


def paid(tx: Transaction, merchant_id: str, platform: str) -> set[str]:
    """Return the orders of a merchant on a platform that a statement shows as paid, or that may be those shown."""
    part = PaymentPartRow
    query = select(part.order_no).join(PaymentRow, PaymentRow.id == part.payment_id)
    own = (part.merchant_id == merchant_id, part.platform.in_((platform, UNKNOWN)))
    return {*tx.session.scalars(query.where(*own, PaymentRow.undone_at.is_(None)))}


def _name(claim: Claim) -> OrderName:
    return OrderName(claim.merchant, claim.platform, claim.order_no)


def _payment(payment: Payment, parts: Sequence[Allocation]) -> PaymentRow:
    return PaymentRow(
        identity=payment.identity,
        row=payment.row,
        paid_on=payment.paid_on,
        amount=payment.amount,
        parts=[PaymentPartRow(**_name(part.claim)._asdict(), amount=part.amount) for part in parts],
    )


def _pay(tx: Transaction, name: OrderName, moment: datetime) -> None:
    row = Refunds(tx).of(name)
    if row.paid_out_at is not None:
        raise _changed()
    row.paid_out_at = moment


def _take_back(tx: Transaction, name: OrderName) -> None:
    """Let the refund be unpaid again, all of that number if the platform is not known."""
    filings = Filings(tx).furthest([name.merchant_id])
    for platform, refund in Refunds(tx).of_number(name.merchant_id, name.order_no).items():
        filed = furthest_of(name._replace(platform=platform), filings)
        told = filed is not None and filed.status == FilingStatus.PAID_OUT  # the back office says so itself
        if name.platform in {UNKNOWN, platform} and not told:
            refund.paid_out_at = None


def _changed() -> UsageError:
    return UsageError(
        Text(
            "One of these refunds was recorded as paid meanwhile. Nothing was recorded: run it again.",
            "其中有返款已被登记为到账。本次未登记任何内容，请重新运行。",
        )
    )


def _no_batch(tx: Transaction, batch: str) -> UsageError:
    query = select(StatementRow).where(StatementRow.undone_at.is_(None)).order_by(StatementRow.id.desc()).limit(10)
    known = ", ".join(f"{row.id} ({row.file})" for row in tx.session.scalars(query)) or "-"
    return UsageError(
        Text(
            f"There is no batch {batch} that could be taken back. The newest are: {known}.",
            f"没有可撤销的批次 {batch}。最近的批次：{known}。",
        )
    )
