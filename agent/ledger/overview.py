"""What the ledger knows of every order, joined from orders, filings, refunds and open intents."""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import select

from agent.domain.merchants import Edition
from agent.domain.orders import SHANGHAI, FilingStatus, Order
from agent.domain.stage import Stage, stage
from agent.ledger import filings, intents, orders
from agent.ledger.tables import FilingRow, MerchantRow, OrderRow
from agent.ledger.values import KnownOrder
from agent.ledger.work import Work

# From the platform's id and the subscription's date in Asia/Shanghai to the day from which a refund may be requested.
DueOn = Callable[[str, date], date | None]
# Whether members with that edition apply for their refunds without a filing.
Direct = Callable[[Edition], bool]


def never_published(platform: str, ordered_on: date) -> date | None:
    """The answer where no period is known."""
    return None


def everyone_files(edition: Edition) -> bool:
    """The answer where it is not known which editions apply without a filing."""
    return False


def known_orders(work: Work, merchant_id: str | None, due_on: DueOn, direct: Direct) -> Iterator[KnownOrder]:
    """Every order of one merchant or of all, by merchant, platform and time."""
    query = select(MerchantRow).order_by(MerchantRow.id)
    for merchant in work.session.scalars(query if merchant_id is None else query.where(MerchantRow.id == merchant_id)):
        view = _View(work, merchant, due_on, direct)
        for account in merchant.accounts:
            yield from view.orders(account.platform)


class _View:
    """One merchant's filings and refunds, by order number, to join its orders with."""

    def __init__(self, work: Work, merchant: MerchantRow, due_on: DueOn, direct: Direct) -> None:
        self._work, self._merchant, self._due_on = work, merchant, due_on
        self._direct = direct(Edition(merchant.edition))
        self._filings = filings.furthest(work, merchant.id)
        self._refunds = filings.refunds(work, merchant.id)

    def orders(self, platform: str) -> Iterator[KnownOrder]:
        doubts = {i.order_key for i in intents.open_of(self._work, self._merchant.id, platform)}
        rows = orders.rows_of(self._work, self._merchant.id, platform)
        for row in sorted(rows, key=lambda r: r.ordered_at):
            yield self._known(row, in_doubt=not doubts.isdisjoint({row.order_no, row.birth_key}))

    def _known(self, row: OrderRow, *, in_doubt: bool) -> KnownOrder:
        order, filed = orders.order_of(row), self._filings.get(row.order_no or "")
        refund = self._refunds.get(row.order_no or "")
        due = self._due_on(row.platform, order.ordered_at.astimezone(SHANGHAI).date()) if order.ours else None
        return KnownOrder(
            merchant=row.merchant_id,
            platform=row.platform,
            order=order,
            stage=self._stage(order, filed, due, in_doubt=in_doubt),
            due_on=due,
            filed_on=filed.first_seen_at.date() if filed else None,
            filing_status=FilingStatus(filed.status) if filed else None,
            requested_at=refund.requested_at if refund else None,
            paid_out_at=refund.paid_out_at if refund else None,
            updated_at=row.updated_at,
        )

    def _stage(self, order: Order, filed: FilingRow | None, due: date | None, *, in_doubt: bool) -> Stage:
        return stage(
            order,
            filings.filing_of(filed) if filed else None,
            in_doubt=in_doubt,
            has_payee=self._merchant.payee_account is not None,
            due_on=due,
            today=self._work.today,
            direct=self._direct,
        )
