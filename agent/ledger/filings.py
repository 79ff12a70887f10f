"""Filings (报备) of the back office, and what follows from them for the refunds."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select

from agent.domain.orders import Filing, FilingStatus
from agent.ledger.refunds import Refunds
from agent.ledger.tables import FilingRow, OrderRow
from agent.ledger.transaction import Repository, Transaction


class Filings(Repository):
    """What the back office lists."""

    def save(self, merchant_id: str, filings: Sequence[Filing]) -> None:
        """Add or update the filings that the back office showed, and what follows from them for the refunds."""
        free = list(self._tx.session.scalars(_of(merchant_id).order_by(FilingRow.id)))
        for filing in filings:
            row = next((r for r in free if _is_same(r, filing)), None)
            if row is None:
                row = FilingRow(merchant_id=merchant_id, order_no=filing.order_no, first_seen_at=self._tx.now)
                self._tx.session.add(row)
            else:
                free.remove(row)
            _put(self._tx, row, filing)
            _follow(self._tx, merchant_id, filing)

    def seen(self, merchant_id: str) -> list[Filing]:
        """All that were ever listed, as they were seen last."""
        return [filing_of(row) for row in self._tx.session.scalars(_of(merchant_id).order_by(FilingRow.id))]

    def seen_before(self, merchant_id: str, moment: datetime) -> list[Filing]:
        """Those that were first listed before `moment`, as they were seen last."""
        query = _of(merchant_id).where(FilingRow.first_seen_at < moment).order_by(FilingRow.id)
        return [filing_of(row) for row in self._tx.session.scalars(query)]

    def furthest(self, merchants: Collection[str]) -> dict[tuple[str, str], FilingRow]:
        """By merchant and order number the filing that got furthest."""
        rows = self._tx.session.scalars(select(FilingRow).where(FilingRow.merchant_id.in_(merchants)))
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


def _follow(tx: Transaction, merchant_id: str, filing: Filing) -> None:
    if filing.status not in {FilingStatus.REQUESTED, FilingStatus.PAID_OUT}:
        return
    ordered = select(OrderRow).where(OrderRow.merchant_id == merchant_id, OrderRow.order_no == filing.order_no)
    order = tx.session.scalars(ordered.order_by(OrderRow.id)).first()
    account, paid = order.account if order else None, filing.status is FilingStatus.PAID_OUT
    Refunds(tx).note_seen(merchant_id, filing.order_no, account, paid=paid)


def _is_same(row: FilingRow, filing: Filing) -> bool:
    # A list without a platform column says nothing against a match.
    platforms = {row.platform_name, filing.platform} - {None}
    return row.order_no == filing.order_no and len(platforms) <= 1


def _of(merchant_id: str) -> Select[FilingRow]:
    return select(FilingRow).where(FilingRow.merchant_id == merchant_id)


def _put(tx: Transaction, row: FilingRow, filing: Filing) -> None:
    row.platform_name = filing.platform or row.platform_name
    row.shop, row.ordered_on, row.amount = filing.shop, filing.ordered_on, filing.amount
    row.status, row.offered = filing.status.value, filing.offered
    row.updated_at, row.run_id = tx.now, tx.run_id or ""
