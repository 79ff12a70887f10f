"""Orders: recognised by their number, and by their natural key until they show one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from agent.domain.accounts import AccountKey
from agent.domain.orders import Order, OrderStatus
from agent.ledger.tables import OrderRow
from agent.ledger.transaction import Repository, Transaction


class Orders(Repository):
    """The orders of the platforms."""

    def save(self, account: AccountKey, orders: Sequence[Order]) -> None:
        """Add or update the orders that a page showed. Those that it did not show stay as they are."""
        stored = rows_of(self._tx, account)
        for order, known in _recognised(stored, orders):
            row = known or OrderRow(**OrderRow.columns(account))
            self._tx.session.add(row)
            _put(self._tx, row, order)

    def last_listed(self, account: AccountKey) -> list[Order]:
        """The orders that the last look at an account found."""
        rows = rows_of(self._tx, account)
        newest = max((row.updated_at for row in rows), default=None)
        return [order_of(row) for row in rows if row.updated_at == newest]

    def last_seen_at(self) -> datetime | None:
        """When any order was last seen."""
        return self._tx.session.scalar(select(func.max(OrderRow.updated_at)))


def rows_of(tx: Transaction, account: AccountKey) -> list[OrderRow]:
    """The orders of one account, oldest row first."""
    return list(tx.session.scalars(select(OrderRow).where(OrderRow.is_of(account)).order_by(OrderRow.id)))


def order_of(row: OrderRow) -> Order:
    """The order as it was last seen."""
    return Order(
        order_no=row.order_no,
        ordered_at=row.ordered_at,
        service=row.service,
        service_code=row.service_code,
        ours=row.ours,
        amount=row.amount,
        status=OrderStatus(row.status),
        shop=row.shop,
        expires_at=row.expires_at,
        currency=row.currency,
    )


def _recognised(stored: Sequence[OrderRow], orders: Sequence[Order]) -> Iterable[tuple[Order, OrderRow | None]]:
    """Each order with its row, or None if it is new.

    Several orders can share a natural key (a parent and its child, a double order), so the sure matches go first: equal
    numbers, then those that still hide theirs. Only what is left over can have got its number since, or lost it.
    """
    free = {id(row): row for row in stored}
    found: dict[int, OrderRow] = {}
    distinct = list({order.order_no or id(order): order for order in orders}.values())
    for rule in (_same_number, _both_hidden, _number_appeared, _number_vanished):
        for order in distinct:
            match = None if id(order) in found else next((r for r in free.values() if rule(r, order)), None)
            if match is not None:
                found[id(order)] = free.pop(id(match))
    return [(order, found.get(id(order))) for order in distinct]


def _same_number(row: OrderRow, order: Order) -> bool:
    return order.order_no is not None and row.order_no == order.order_no


def _both_hidden(row: OrderRow, order: Order) -> bool:
    return row.order_no is None and order.order_no is None and row.natural_key == order.natural_key


def _number_appeared(row: OrderRow, order: Order) -> bool:
    return row.order_no is None and order.order_no is not None and row.natural_key == order.natural_key


def _number_vanished(row: OrderRow, order: Order) -> bool:
    return row.order_no is not None and order.order_no is None and row.natural_key == order.natural_key


def _put(tx: Transaction, row: OrderRow, order: Order) -> None:
    row.order_no = order.order_no or row.order_no
    row.natural_key = order.natural_key
    row.ordered_at, row.expires_at = order.ordered_at, order.expires_at
    row.service, row.service_code, row.ours = order.service, order.service_code, order.ours
    row.amount, row.currency = order.amount, order.currency
    row.status, row.shop = order.status.value, order.shop
    row.updated_at, row.run_id = tx.now, tx.run_id or ""
