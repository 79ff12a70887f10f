"""What the ledger knows of every order, joined from orders, filings, refunds and open intents."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from sqlalchemy import select

from agent.domain.merchants import Edition, Registration
from agent.domain.orders import SHANGHAI, FilingStatus, Order
from agent.domain.stage import Stage, stage
from agent.ledger.filings import Filings, filing_of, furthest_of
from agent.ledger.intents import Intents
from agent.ledger.order_names import OrderName
from agent.ledger.orders import order_of
from agent.ledger.refunds import Refunds
from agent.ledger.tables import AccountRow, FilingRow, MerchantRow, OrderRow, RefundRow
from agent.ledger.transaction import Transaction
from agent.ledger.values import KnownOrder

# From the platform's id and the subscription's date in Asia/Shanghai to the day from which a refund may be requested.
DueOn = Callable[[str, date], date | None]
# Whether members with that edition apply for their refunds without a filing.
Direct = Callable[[Edition], bool]


def never_published(platform: str, ordered_on: date) -> date | None:
    """The answer if no period is known."""
    return None


def everyone_files(edition: Edition) -> bool:
    """The answer if it is not known which editions apply without a filing."""
    return False


def known_orders(tx: Transaction, due_on: DueOn, direct: Direct, merchants: Collection[str]) -> list[KnownOrder]:
    """Every order of these merchants, by account and time."""
    query = select(OrderRow).where(OrderRow.merchant_id.in_(merchants))
    rows = query.order_by(OrderRow.merchant_id, OrderRow.platform, OrderRow.label, OrderRow.ordered_at, OrderRow.id)
    view = _View(tx, due_on, direct, merchants)
    return [view.known(row) for row in tx.session.scalars(rows)]


def known_of(tx: Transaction, due_on: DueOn, direct: Direct, rows: Sequence[OrderRow]) -> list[KnownOrder]:
    """What is known of the orders in these rows, in their order."""
    view = _View(tx, due_on, direct, {row.merchant_id for row in rows})
    return [view.known(row) for row in rows]


class _View:
    """What orders are joined with: asked for once for all the merchants."""

    def __init__(self, tx: Transaction, due_on: DueOn, direct: Direct, merchants: Collection[str]) -> None:
        self._today, self._due_on, self._direct = tx.today, due_on, direct
        named = select(MerchantRow).where(MerchantRow.id.in_(merchants))
        self._merchants = {row.id: row for row in tx.session.scalars(named)}
        self._filings = Filings(tx).furthest(merchants)
        self._refunds = Refunds(tx).by_order(merchants)
        self._doubts = Intents(tx).in_doubt(merchants)
        gone = select(AccountRow).where(
            AccountRow.merchant_id.in_(merchants), AccountRow.state == Registration.REMOVED.value
        )
        self._removed = {row.account for row in tx.session.scalars(gone)}

    def known(self, row: OrderRow) -> KnownOrder:
        order = order_of(row)
        filed, refund = self._filed(row), self._refund(row)
        due = self._due_on(row.platform, order.ordered_at.astimezone(SHANGHAI).date()) if order.ours else None
        return KnownOrder(
            account=row.account,
            order=order,
            stage=self._stage(row, order, due, self._today),
            due_on=due,
            filed_on=_filed_on(filed, refund),
            filing_status=FilingStatus(filed.status) if filed else None,
            requested_at=refund.requested_at if refund else None,
            paid_out_at=refund.paid_out_at if refund else None,
            updated_at=row.updated_at,
            stage_when_due=self._stage(row, order, due, max(due or self._today, self._today)),
            removed=row.account in self._removed,
        )

    def _stage(self, row: OrderRow, order: Order, due: date | None, day: date) -> Stage:
        merchant = self._merchants[row.merchant_id]
        filed, refund = self._filed(row), self._refund(row)
        keys = (row.order_no, row.natural_key)
        return stage(
            order,
            filing_of(filed) if filed else None,
            in_doubt=any((row.account, key) in self._doubts for key in keys if key),
            # That of one who left was erased, and nobody is to add it.
            has_payee=merchant.payee_account is not None or row.account in self._removed,
            is_due=due is None or due <= day,
            direct=self._direct(Edition(merchant.edition)),
            paid=refund is not None and refund.paid_out_at is not None,
        )

    def _filed(self, row: OrderRow) -> FilingRow | None:
        return furthest_of(_name(row), self._filings)

    def _refund(self, row: OrderRow) -> RefundRow | None:
        name = _name(row)
        return self._refunds.get(name) or self._refunds.get(name.also)


def _name(row: OrderRow) -> OrderName:
    return OrderName(row.merchant_id, row.platform, row.order_no or "")


def _filed_on(filed: FilingRow | None, refund: RefundRow | None) -> date | None:
    """The day on which the filing was first seen; None if its refund was requested by then, for it is older."""
    if filed is None or (refund and refund.requested_at and refund.requested_at <= filed.first_seen_at):
        return None
    return filed.first_seen_at.date()
