"""Orders, refunds, accounts and questions a page at a time, by keys that do not move when something is added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_

from agent.domain.accounts import AccountKey
from agent.ledger.account_states import AccountState, is_kept, states_of
from agent.ledger.challenges import known_challenge
from agent.ledger.order_names import OrderName
from agent.ledger.session_tables import ChallengeRow
from agent.ledger.session_values import KnownChallenge
from agent.ledger.tables import AccountRow, OrderRow, RefundRow
from agent.ledger.transaction import Transaction


@dataclass(frozen=True, slots=True)
class KnownRefund:
    """What is known of one refund. `order` is the row of its order, None if no list has shown it."""

    id: int
    merchant: str
    order_no: str
    order: OrderRow | None
    too_early_on: date | None
    requested_at: datetime | None
    paid_out_at: datetime | None


def orders(tx: Transaction, limit: int, after: int) -> Sequence[OrderRow]:
    """Return the orders with an id above `after`."""
    query = select(OrderRow).where(OrderRow.id > after).order_by(OrderRow.id).limit(limit)
    return list(tx.session.scalars(query))


def refunds(tx: Transaction, limit: int, after: int) -> list[KnownRefund]:
    """Return the refunds with an id above `after`."""
    query = select(RefundRow).where(RefundRow.id > after).order_by(RefundRow.id).limit(limit)
    rows = list(tx.session.scalars(query))
    names = [(row.merchant_id, row.order_no) for row in rows]
    listed = select(OrderRow).where(tuple_(OrderRow.merchant_id, OrderRow.order_no).in_(names))
    found: dict[OrderName, OrderRow] = {}
    for order in tx.session.scalars(listed):
        name = OrderName(order.merchant_id, order.platform, order.order_no or "")
        found |= {name: order, name.also: order}
    return [
        KnownRefund(
            row.id,
            row.merchant_id,
            row.order_no,
            found.get(OrderName(row.merchant_id, row.platform, row.order_no)),
            row.too_early_on,
            row.requested_at,
            row.paid_out_at,
        )
        for row in rows
    ]


def accounts(tx: Transaction, limit: int, after: AccountKey | None) -> list[AccountState]:
    """Return the accounts behind `after`, by merchant, platform and label; none that was removed."""
    key = tuple_(AccountRow.merchant_id, AccountRow.platform, AccountRow.label)
    query = (
        select(AccountRow)
        .where(is_kept(AccountRow))
        .order_by(AccountRow.merchant_id, AccountRow.platform, AccountRow.label)
        .limit(limit)
    )
    if after is not None:
        query = query.where(key > (after.merchant_id, after.platform, after.label))
    return states_of(tx, list(tx.session.scalars(query)))


def challenges(tx: Transaction, limit: int, after: int) -> list[KnownChallenge]:
    """Return what waits for a person, with an id above `after`."""
    query = select(ChallengeRow).where(ChallengeRow.ended_at.is_(None), ChallengeRow.id > after)
    return [known_challenge(row) for row in tx.session.scalars(query.order_by(ChallengeRow.id).limit(limit))]
