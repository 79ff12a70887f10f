"""Filings of the back office, and what is known of refunds: refused as too early, requested, paid out."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Select, select

from agent.domain.accounts import AccountKey
from agent.domain.orders import Filing, FilingStatus
from agent.ledger.merchants import scrubber
from agent.ledger.tables import FilingRow, OrderRow, RefundRow
from agent.ledger.work import UnitOfWork


def save(work: UnitOfWork, merchant_id: str, filings: Sequence[Filing]) -> None:
    """Adds or updates the filings that the back office showed, and what follows from them for the refunds."""
    free = list(work.session.scalars(_of(merchant_id).order_by(FilingRow.id)))
    for filing in filings:
        row = next((r for r in free if _is_same(r, filing)), None)
        if row is None:
            row = FilingRow(merchant_id=merchant_id, order_no=filing.order_no, first_seen_at=work.now)
            work.session.add(row)
        else:
            free.remove(row)
        _put(work, row, filing)
        _follow(work, merchant_id, filing)


def seen(work: UnitOfWork, merchant_id: str) -> list[Filing]:
    """All that were ever listed, as they were seen last."""
    return [filing_of(row) for row in work.session.scalars(_of(merchant_id).order_by(FilingRow.id))]


def seen_before(work: UnitOfWork, merchant_id: str, moment: datetime) -> list[Filing]:
    """Those that were first listed before `moment`, as they were seen last."""
    query = _of(merchant_id).where(FilingRow.first_seen_at < moment).order_by(FilingRow.id)
    return [filing_of(row) for row in work.session.scalars(query)]


def furthest(work: UnitOfWork, merchants: Collection[str]) -> dict[tuple[str, str], FilingRow]:
    """By merchant and order number the filing that got furthest."""
    rows = work.session.scalars(select(FilingRow).where(FilingRow.merchant_id.in_(merchants)))
    ahead = sorted(rows, key=lambda r: FilingStatus(r.status).progress)
    return {(row.merchant_id, row.order_no): row for row in ahead}


def filing_of(row: FilingRow) -> Filing:
    """The filing as it was last seen."""
    return Filing(
        order_no=row.order_no,
        platform=row.platform_name,
        shop=row.shop,
        ordered_on=row.ordered_on,
        amount=row.amount,
        status=FilingStatus(row.status),
        offered=row.offered,
    )


def refunds(work: UnitOfWork, merchants: Collection[str]) -> dict[tuple[str, str], RefundRow]:
    """By merchant and order number what is known of its refund."""
    rows = work.session.scalars(select(RefundRow).where(RefundRow.merchant_id.in_(merchants)))
    return {(row.merchant_id, row.order_no): row for row in rows}


def waits(work: UnitOfWork, account: AccountKey) -> dict[str, date]:
    """By order number the day on which the back office last said that it is too early; requested ones aside."""
    waiting = select(RefundRow).where(
        RefundRow.merchant_id == account.merchant_id,
        RefundRow.platform == account.platform,
        RefundRow.label == account.label,
        RefundRow.too_early_on.is_not(None),
        RefundRow.requested_at.is_(None),
    )
    return {r.order_no: r.too_early_on for r in work.session.scalars(waiting) if r.too_early_on is not None}


def note_too_early(work: UnitOfWork, account: AccountKey, order_no: str, said: str) -> None:
    """Keeps that the back office refused the request today, and its words."""
    shown = scrubber(work, account.merchant_id).clean(said)
    row = _refund(work, account.merchant_id, order_no, account)
    row.too_early_on, row.said = work.today, shown


def note_requested(work: UnitOfWork, account: AccountKey, order_no: str) -> None:
    """Keeps that the refund has been requested by now."""
    row = _refund(work, account.merchant_id, order_no, account)
    row.requested_at = row.requested_at or work.now


def _follow(work: UnitOfWork, merchant_id: str, filing: Filing) -> None:
    if filing.status not in {FilingStatus.REQUESTED, FilingStatus.PAID_OUT}:
        return
    ordered = select(OrderRow).where(OrderRow.merchant_id == merchant_id, OrderRow.order_no == filing.order_no)
    order = work.session.scalars(ordered.order_by(OrderRow.id)).first()
    row = _refund(work, merchant_id, filing.order_no, order.account if order else None)
    row.requested_at = row.requested_at or work.now
    if filing.status is FilingStatus.PAID_OUT:
        row.paid_out_at = row.paid_out_at or work.now


def _refund(work: UnitOfWork, merchant_id: str, order_no: str, account: AccountKey | None) -> RefundRow:
    query = select(RefundRow).where(RefundRow.merchant_id == merchant_id, RefundRow.order_no == order_no)
    row = work.session.scalar(query)
    if row is None:
        row = RefundRow(merchant_id=merchant_id, order_no=order_no)
        work.session.add(row)
    if account is not None:
        row.platform, row.label = account.platform, account.label
    return row


def _is_same(row: FilingRow, filing: Filing) -> bool:
    # A list without a platform column says nothing against a match.
    platforms = {row.platform_name, filing.platform} - {None}
    return row.order_no == filing.order_no and len(platforms) <= 1


def _of(merchant_id: str) -> Select[FilingRow]:
    return select(FilingRow).where(FilingRow.merchant_id == merchant_id)


def _put(work: UnitOfWork, row: FilingRow, filing: Filing) -> None:
    row.platform_name = filing.platform or row.platform_name
    row.shop, row.ordered_on, row.amount = filing.shop, filing.ordered_on, filing.amount
    row.status, row.offered = filing.status.value, filing.offered
    row.updated_at, row.run_id = work.now, work.run_id or ""
