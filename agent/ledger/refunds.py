"""Refunds (返款): refused as too early, requested, paid out."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.ledger.tables import RefundRow
from agent.ledger.transaction import Repository, Transaction
from agent.ledger.unsealing import scrubber


class Refunds(Repository):
    """What is known of refunds: refused as too early, requested, paid out."""

    def by_order(self, merchants: Collection[str]) -> dict[tuple[str, str], RefundRow]:
        """By merchant and order number what is known of its refund."""
        rows = self._tx.session.scalars(select(RefundRow).where(RefundRow.merchant_id.in_(merchants)))
        return {(row.merchant_id, row.order_no): row for row in rows}

    def waits(self, account: AccountKey) -> dict[str, date]:
        """By order number the day on which the back office last said that it is too early; requested ones aside."""
        waiting = select(RefundRow).where(
            RefundRow.merchant_id == account.merchant_id,
            RefundRow.platform == account.platform,
            RefundRow.label == account.label,
            RefundRow.too_early_on.is_not(None),
            RefundRow.requested_at.is_(None),
        )
        return {r.order_no: r.too_early_on for r in self._tx.session.scalars(waiting) if r.too_early_on is not None}

    def note_too_early(self, account: AccountKey, order_no: str, text: str) -> None:
        """Keep that the back office refused the request today, and its words."""
        shown = scrubber(self._tx, account.merchant_id).clean(text)
        row = _refund(self._tx, account.merchant_id, order_no, account)
        row.too_early_on, row.message = self._tx.today, shown

    def note_requested(self, account: AccountKey, order_no: str) -> None:
        """Keep that the refund has been requested by now."""
        row = _refund(self._tx, account.merchant_id, order_no, account)
        row.requested_at = row.requested_at or self._tx.now

    def note_seen(self, merchant_id: str, order_no: str, account: AccountKey | None, *, paid: bool) -> None:
        """Keep that the back office lists the refund as requested, or as `paid` out; `account` if it is known."""
        row = _refund(self._tx, merchant_id, order_no, account)
        row.requested_at = row.requested_at or self._tx.now
        if paid:
            row.paid_out_at = row.paid_out_at or self._tx.now


def _refund(tx: Transaction, merchant_id: str, order_no: str, account: AccountKey | None) -> RefundRow:
    query = select(RefundRow).where(RefundRow.merchant_id == merchant_id, RefundRow.order_no == order_no)
    row = tx.session.scalar(query)
    if row is None:
        row = RefundRow(merchant_id=merchant_id, order_no=order_no)
        tx.session.add(row)
    if account is not None:
        row.platform, row.label = account.platform, account.label
    return row
