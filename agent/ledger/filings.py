"""Filings (报备) of the back office, and what follows from them for the refunds."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, select

from agent.domain.orders import Filing, FilingStatus
from agent.domain.text import fold
from agent.ledger.order_names import UNKNOWN, OrderName
from agent.ledger.refunds import Refunds
from agent.ledger.tables import AccountRow, FilingRow, OrderRow
from agent.ledger.transaction import Repository, Transaction


class Filings(Repository):
    """What the back office lists."""

    def save(
        self, merchant_id: str, filings: Sequence[Filing], called: Mapping[str, Collection[str]] | None = None
    ) -> None:
        """Add or update the filings that the back office showed, and what follows from them for the refunds.

        `called` gives, by what the back office calls platforms (folded), the ids of those that may be meant.
        """
        registered = self._platforms(merchant_id)
        free = list(self._tx.session.scalars(_of(merchant_id).order_by(FilingRow.id)))
        for filing in filings:
            row = next((r for r in free if _is_same(r, filing)), None)
            if row is None:
                row = FilingRow(merchant_id=merchant_id, order_no=filing.order_no, first_seen_at=self._tx.now)
                self._tx.session.add(row)
            else:
                free.remove(row)
            _put(self._tx, row, filing)
            row.platform = _platform(filing, called or {}, registered) or row.platform
            _follow(self._tx, row)

    def seen(self, merchant_id: str) -> list[Filing]:
        """All that were ever listed, as they were seen last."""
        return [filing_of(row) for row in self._tx.session.scalars(_of(merchant_id).order_by(FilingRow.id))]

    def seen_before(self, merchant_id: str, moment: datetime) -> list[Filing]:
        """Those that were first listed before `moment`, as they were seen last."""
        query = _of(merchant_id).where(FilingRow.first_seen_at < moment).order_by(FilingRow.id)
        return [filing_of(row) for row in self._tx.session.scalars(query)]

    def furthest(self, merchants: Collection[str]) -> dict[OrderName, FilingRow]:
        """By order the filing that got furthest; see furthest_of()."""
        rows = self._tx.session.scalars(select(FilingRow).where(FilingRow.merchant_id.in_(merchants)))
        return {OrderName(row.merchant_id, row.platform, row.order_no): row for row in sorted(rows, key=_progress)}

    def _platforms(self, merchant_id: str) -> set[str]:
        return {*self._tx.session.scalars(select(AccountRow.platform).where(AccountRow.merchant_id == merchant_id))}


def furthest_of(name: OrderName, furthest: Mapping[OrderName, FilingRow]) -> FilingRow | None:
    """Return the furthest filing that is the order's, or that may be, because nothing has told its platform."""
    found = (furthest.get(each) for each in (name.also, name))
    return max((row for row in found if row is not None), key=_progress, default=None)


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


def _follow(tx: Transaction, filing: FilingRow) -> None:
    if filing.status not in {FilingStatus.REQUESTED.value, FilingStatus.PAID_OUT.value}:
        return
    query = select(OrderRow).where(OrderRow.merchant_id == filing.merchant_id, OrderRow.order_no == filing.order_no)
    orders = list(tx.session.scalars(query.order_by(OrderRow.id)))
    own = [order for order in orders if filing.platform in {UNKNOWN, order.platform}]
    sure = len({order.platform for order in own}) == 1
    name = OrderName(filing.merchant_id, filing.platform, filing.order_no)
    paid = filing.status == FilingStatus.PAID_OUT.value
    Refunds(tx).note_seen(name, own[0].account if sure else None, paid=paid)


def _platform(filing: Filing, called: Mapping[str, Collection[str]], registered: Collection[str]) -> str:
    """The platform of a filing, UNKNOWN if it is not sure: one that the merchant has an account on goes first."""
    meant = {*called.get(fold(filing.platform or ""), ())}
    likely = meant.intersection(registered) or meant
    return likely.pop() if len(likely) == 1 else UNKNOWN


def _progress(row: FilingRow) -> int:
    return FilingStatus(row.status).progress


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
