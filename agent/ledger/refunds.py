"""Refunds (返款): refused as too early, requested, paid out."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.ledger.order_names import UNKNOWN, OrderName
from agent.ledger.tables import RefundRow
from agent.ledger.transaction import Repository
from agent.ledger.unsealing import scrubber


class Refunds(Repository):
    """What is known of refunds: refused as too early, requested, paid out."""

    def by_order(self, merchants: Collection[str]) -> dict[OrderName, RefundRow]:
        """By order what is known of its refund."""
        rows = self._tx.session.scalars(select(RefundRow).where(RefundRow.merchant_id.in_(merchants)))
        return {OrderName(row.merchant_id, row.platform, row.order_no): row for row in rows}

    def of_number(self, merchant_id: str, order_no: str) -> dict[str, RefundRow]:
        """By platform what is known of the refunds of a merchant's orders of that number."""
        query = select(RefundRow).where(RefundRow.merchant_id == merchant_id, RefundRow.order_no == order_no)
        return {row.platform: row for row in self._tx.session.scalars(query)}

    def of(self, name: OrderName) -> RefundRow:
        """Return the row of an order's refund, a new one if there is none.

        What was kept when nothing had told its platform is that of the first platform that is named.
        """
        rows = self.of_number(name.merchant_id, name.order_no)
        row = rows.get(name.platform) or rows.get(UNKNOWN)
        if row is None and name.platform == UNKNOWN and len(rows) == 1:
            return next(iter(rows.values()))
        if row is None:
            row = RefundRow(merchant_id=name.merchant_id, platform=name.platform, order_no=name.order_no)
            self._tx.session.add(row)
        row.platform = name.platform or row.platform
        return row

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
        row = self._of_account(account, order_no)
        row.too_early_on, row.message = self._tx.today, shown

    def note_requested(self, account: AccountKey, order_no: str) -> None:
        """Keep that the refund has been requested by now."""
        row = self._of_account(account, order_no)
        row.requested_at = row.requested_at or self._tx.now

    def note_seen(self, name: OrderName, account: AccountKey | None, *, paid: bool) -> None:
        """Keep that the back office lists the refund as requested, or as `paid` out; `account` if it is known."""
        row = self.of(name) if account is None else self._of_account(account, name.order_no)
        row.requested_at = row.requested_at or self._tx.now
        if paid:
            row.paid_out_at = row.paid_out_at or self._tx.now

    def _of_account(self, account: AccountKey, order_no: str) -> RefundRow:
        row = self.of(OrderName(account.merchant_id, account.platform, order_no))
        row.label = account.label
        return row
