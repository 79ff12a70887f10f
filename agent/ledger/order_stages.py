"""Where each order of ours stands, worked out beforehand and kept, so that sums over all of them take no time.

The history says which merchants' facts have changed since; what is worked out of those is made anew. It is a copy: all
of it can be thrown away at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, case, delete, func, insert, select, union_all

from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI, YUAN
from agent.domain.stage import Stage
from agent.ledger.console_tables import CursorRow, OrderStageRow
from agent.ledger.overview import Direct, DueOn, known_orders
from agent.ledger.tables import HistoryRow, MerchantRow
from agent.ledger.transaction import Repository, Transaction
from agent.ledger.values import KnownOrder

_NAME = "order_stages"
# What decides where an order stands; each of them is known by its merchant first.
_FACTS = ("merchants", "accounts", "orders", "filings", "refunds", "intents")
_AHEAD = [each.value for each in (Stage.AWAITING_CONFIRMATION, Stage.CONFIRMED, Stage.FILED, Stage.REFUNDABLE)]
# Where no day is known: after all others.
_NEVER = date(9999, 12, 31)
_HISTORY_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Total:
    """How many orders stand somewhere on a platform, and how much money that is."""

    platform: str
    stage: Stage
    currency: str
    orders: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class StagedOrder:
    """An order of ours and where it stands on the day that was asked for."""

    id: int
    account: AccountKey
    order_no: str | None
    ordered_at: date
    service: str
    amount: Decimal
    currency: str
    stage: Stage
    due_on: date | None
    requested_on: date | None = None


@dataclass(frozen=True, slots=True)
class Risks:
    """Numbers of orders and yuan: due long ago and not requested, and paid long ago and not confirmed."""

    overdue: tuple[int, Decimal]
    unconfirmed: tuple[int, Decimal]


class OrderStages(Repository):
    """Where each order stands, with its money, as it was last worked out."""

    def catch_up(self, due_on: DueOn, direct: Direct, rules: str, most: int) -> bool:
        """Work out anew what has changed, of at most so many merchants; return True once nothing is left to do.

        `rules` stands for what `due_on` and `direct` follow: if it differs from the last time, all is worked out anew.
        """
        cursor = self._tx.session.get(CursorRow, _NAME)
        if cursor is None or cursor.rules != rules:
            newest = self._tx.session.scalar(select(func.max(HistoryRow.id))) or 0
            cursor = self._tx.session.merge(CursorRow(name=_NAME, history_id=newest, merchant_id="", rules=rules))
        step = _first_time if cursor.merchant_id is not None else _changed
        names, done = step(self._tx, cursor, most)
        if names:
            _renew(self._tx, names, known_orders(self._tx, due_on, direct, names))
        return done

    def state(self, rules: str) -> tuple[int, bool]:
        """Return a number that grows with every change of a fact, and whether all were worked out by `rules`."""
        newest = union_all(*(select(func.max(HistoryRow.id).label("id")).where(HistoryRow.entity == e) for e in _FACTS))
        version = self._tx.session.scalar(select(func.max(newest.subquery().c.id))) or 0
        cursor = self._tx.session.get(CursorRow, _NAME)
        whole = cursor is not None and cursor.rules == rules and cursor.merchant_id is None
        return version, whole and cursor is not None and version <= cursor.history_id

    def totals(self) -> list[Total]:
        """Return the sums by platform, stage and currency, as of the transaction's day."""
        # As the index for it is sorted: what the database has to sort first takes it four times as long.
        row = OrderStageRow
        key = row.platform, row.stage, row.stage_when_due, row.due_on, row.currency
        counts: dict[tuple[str, Stage, str], tuple[int, Decimal]] = {}
        query = select(*key, func.count(), func.sum(row.amount)).group_by(*key)
        for platform, stage, when_due, due_on, currency, count, amount in self._tx.session.execute(query):
            name = platform, _stage_at(stage, when_due, due_on, self._tx.today), currency
            before, sum_before = counts.get(name, (0, Decimal(0)))
            counts[name] = before + count, sum_before + amount
        return [Total(*name, count, amount) for name, (count, amount) in counts.items()]

    def staged(
        self, stage: Stage, platform: str | None, limit: int, after: tuple[date, int] | None
    ) -> list[StagedOrder]:
        """Return orders that stand at `stage` today, those due first, from the one after `after` on (due date, id)."""
        row, due = OrderStageRow, func.coalesce(OrderStageRow.due_on, _NEVER)
        query = _at(stage, self._tx.today).order_by(due, row.id).limit(limit)
        if platform:
            query = query.where(row.platform == platform)
        if after:
            query = query.where((due > after[0]) | ((due == after[0]) & (row.id > after[1])))
        return [_staged(each, self._tx.today) for each in self._tx.session.scalars(query)]

    def months(self, since: date) -> dict[str, list[tuple[date, Decimal]]]:
        """Return what was requested, and what was paid out, on each day since then, in yuan."""
        found = {}
        for name, column in (("requested", OrderStageRow.requested_on), ("paid_out", OrderStageRow.paid_out_on)):
            query = select(column, func.sum(OrderStageRow.amount)).where(
                column >= since, OrderStageRow.currency == YUAN
            )
            found[name] = [(day, amount) for day, amount in self._tx.session.execute(query.group_by(column)) if day]
        return found

    def staged_of(self, merchants: Sequence[str]) -> list[StagedOrder]:
        """Return all orders of ours of these merchants, as they stand today, the newest first."""
        query = select(OrderStageRow).where(OrderStageRow.merchant_id.in_(merchants))
        found = self._tx.session.scalars(query.order_by(OrderStageRow.ordered_at.desc(), OrderStageRow.id))
        return [_staged(each, self._tx.today) for each in found]

    def requested(self) -> list[StagedOrder]:
        """Return all orders whose refund was requested and is not known to be paid."""
        row = OrderStageRow
        # No order gets there merely by falling due. Rows are read as they are: there may be tens of thousands.
        query = select(row.__table__).where(row.stage == Stage.REQUESTED.value)
        return [
            StagedOrder(
                id=each.id,
                account=AccountKey(each.merchant_id, each.platform, each.label),
                order_no=each.order_no,
                ordered_at=each.ordered_at.date(),
                service=each.service,
                amount=each.amount,
                currency=each.currency,
                stage=Stage.REQUESTED,
                due_on=each.due_on,
                requested_on=each.requested_on,
            )
            for each in self._tx.session.execute(query)
        ]

    def risks(self, due_before: date, ordered_before: datetime) -> Risks:
        """Return the money that is in danger of being forgotten."""
        row, stage = OrderStageRow, _stage_on(self._tx.today)
        late = (stage.in_([Stage.REFUNDABLE.value, Stage.NEEDS_PERSON.value]), row.due_on < due_before)
        open_ = (row.stage == Stage.AWAITING_CONFIRMATION.value, row.ordered_at < ordered_before)
        return Risks(_sum(self._tx, *late), _sum(self._tx, *open_))

    def due_days(self, first: date, last: date) -> list[tuple[date, int, Decimal]]:
        """Return for each day of the span how many unrequested orders fall due, and how much that is in yuan."""
        row = OrderStageRow
        query = (
            select(row.due_on, func.count(), func.sum(row.amount))
            .where(
                row.stage.in_(_AHEAD), row.due_on.between(first, last), row.currency == YUAN, row.amount > Decimal(0)
            )
            .group_by(row.due_on)
            .order_by(row.due_on)
        )
        return [(day, count, amount) for day, count, amount in self._tx.session.execute(query) if day is not None]


def _sum(tx: Transaction, *where: ColumnElement[bool]) -> tuple[int, Decimal]:
    query = select(func.count(), func.sum(OrderStageRow.amount)).where(*where, OrderStageRow.currency == YUAN)
    count, amount = tx.session.execute(query).one()
    return count, amount or Decimal(0)


def _first_time(tx: Transaction, cursor: CursorRow, most: int) -> tuple[list[str], bool]:
    """The merchants that are next when all are worked out once; never the end, for there may be changes since."""
    query = select(MerchantRow.id).where(MerchantRow.id > cursor.merchant_id).order_by(MerchantRow.id).limit(most)
    names = list(tx.session.scalars(query))
    cursor.merchant_id = names[-1] if names else None
    return names, False


def _changed(tx: Transaction, cursor: CursorRow, most: int) -> tuple[list[str], bool]:
    """Some of the merchants whose facts have changed since, and whether those are all."""
    row = HistoryRow
    query = select(row.id, row.entity, row.entity_key).where(row.id > cursor.history_id).order_by(row.id)
    names: dict[str, None] = {}
    read = 0
    for number, entity, key in tx.session.execute(query.limit(_HISTORY_AT_ONCE)):
        name = key.partition("/")[0]
        if entity in _FACTS and name not in names and len(names) == most:
            return list(names), False
        if entity in _FACTS:
            names[name] = None
        cursor.history_id, read = number, read + 1
    return list(names), read < _HISTORY_AT_ONCE


def _renew(tx: Transaction, merchants: Sequence[str], known: Sequence[KnownOrder]) -> None:
    tx.session.execute(delete(OrderStageRow).where(OrderStageRow.merchant_id.in_(merchants)))
    if rows := [_row(each) for each in known if each.order.ours]:
        tx.session.execute(insert(OrderStageRow), rows)


def _row(known: KnownOrder) -> dict[str, object]:
    order = known.order
    return {
        **OrderStageRow.columns(known.account),
        "order_no": order.order_no,
        "ordered_at": order.ordered_at,
        "service": order.service,
        "amount": order.amount,
        "currency": order.currency,
        "stage": known.stage.value,
        "stage_when_due": known.stage_when_due.value if known.stage_when_due is not known.stage else None,
        "due_on": known.due_on,
        "requested_on": known.requested_at.astimezone(SHANGHAI).date() if known.requested_at else None,
        "paid_out_on": known.paid_out_at.astimezone(SHANGHAI).date() if known.paid_out_at else None,
    }


def _stage_on(day: date) -> ColumnElement[str]:
    row = OrderStageRow
    return case(
        (row.stage_when_due.is_not(None) & (row.due_on <= day), row.stage_when_due),
        else_=row.stage,
    )


def _stage_at(stage: str, when_due: str | None, due_on: date | None, day: date) -> Stage:
    turned = when_due is not None and due_on is not None and due_on <= day
    return Stage(when_due if turned and when_due else stage)


def _at(stage: Stage, day: date) -> Select[OrderStageRow]:
    return select(OrderStageRow).where(_stage_on(day) == stage.value)


def _staged(row: OrderStageRow, day: date) -> StagedOrder:
    return StagedOrder(
        id=row.id,
        account=row.account,
        order_no=row.order_no,
        ordered_at=row.ordered_at.date(),
        service=row.service,
        amount=row.amount,
        currency=row.currency,
        stage=_stage_at(row.stage, row.stage_when_due, row.due_on, day),
        due_on=row.due_on,
        requested_on=row.requested_on,
    )
