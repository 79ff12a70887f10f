"""Payments of the ERP's vendor that were found on bank statements (到账), and the refunds that they are for."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agent.ledger.tables import Base

_ALIVE = text("undone_at IS NULL")


class StatementRow(Base):
    """A statement of which payments were taken; `sha256` is its content's, `undone_at` when it was taken back."""

    __tablename__ = "statements"

    id: Mapped[str] = mapped_column(primary_key=True)
    file: Mapped[str]
    sha256: Mapped[str]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    payments: Mapped[list["PaymentRow"]] = relationship(order_by="PaymentRow.id", cascade="all")


class PaymentRow(Base):
    """One payment. Its `identity` is taken once only; `account_tail` are the last digits of the payee's account."""

    __tablename__ = "payments"
    known_by = ("statement_id", "row")
    __table_args__ = (
        Index("uq_payments_alive", "identity", unique=True, sqlite_where=_ALIVE, postgresql_where=_ALIVE),
        Index("ix_payments_paid_on", "paid_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[str] = mapped_column(ForeignKey("statements.id"), index=True)
    identity: Mapped[str]
    row: Mapped[int]
    paid_on: Mapped[date]
    amount: Mapped[Decimal]
    undone_at: Mapped[datetime | None]
    parts: Mapped[list["PaymentPartRow"]] = relationship(order_by="PaymentPartRow.id", cascade="all")


class PaymentPartRow(Base):
    """How much of a payment is for which refund. The parts of a payment add up to it.

    `platform` is empty if it is not known: the number alone tells the order then.
    """

    __tablename__ = "payment_parts"
    known_by = ("merchant_id", "platform", "order_no")
    __table_args__ = (Index("ix_payment_parts_order_no", "merchant_id", "order_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"))
    platform: Mapped[str] = mapped_column(default="")
    order_no: Mapped[str]
    amount: Mapped[Decimal]
