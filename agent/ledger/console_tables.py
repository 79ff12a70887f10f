"""The tables behind the console: who may look, who did what, and sums that would take too long to make anew."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from agent.ledger.tables import PASSING, Base, OfAccount


class UserRow(Base):
    """A person who may log in to the console. `password` is what Argon2 made of it, `calendar` the SHA-256 of what the
    address of the person's calendar holds.
    """

    __tablename__ = "users"
    known_by = ("name",)
    __table_args__ = (Index("uq_users_calendar", "calendar", unique=True),)

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    password: Mapped[str] = mapped_column(info=PASSING)
    calendar: Mapped[str | None] = mapped_column(info=PASSING)
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ConsoleSessionRow(Base):
    """A log-in to the console. `id` is the SHA-256 of what the browser keeps."""

    __tablename__ = "console_sessions"

    id: Mapped[str] = mapped_column(info=PASSING, primary_key=True)
    user_name: Mapped[str] = mapped_column(ForeignKey("users.name"), info=PASSING, index=True)
    begun_at: Mapped[datetime] = mapped_column(info=PASSING)
    seen_at: Mapped[datetime] = mapped_column(info=PASSING)
    ended_at: Mapped[datetime | None] = mapped_column(info=PASSING)


class TokenRow(Base):
    """What a program shows instead of a password; `hash` is the SHA-256 of it."""

    __tablename__ = "tokens"
    known_by = ("name",)

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    hash: Mapped[str] = mapped_column(info=PASSING, unique=True)
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LoginCountRow(Base):
    """How often a log-in was tried with a name, or from an address, since `since`."""

    __tablename__ = "login_counts"

    key: Mapped[str] = mapped_column(info=PASSING, primary_key=True)
    tries: Mapped[int] = mapped_column(info=PASSING)
    since: Mapped[datetime] = mapped_column(info=PASSING)


class AuditRow(Base):
    """Who did what (操作记录). The database itself refuses to change or delete these rows."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_who_id", "who", "id"),)

    id: Mapped[int] = mapped_column(info=PASSING, primary_key=True)
    at: Mapped[datetime] = mapped_column(info=PASSING)
    who: Mapped[str] = mapped_column(info=PASSING)
    action: Mapped[str] = mapped_column(info=PASSING)
    target: Mapped[str | None] = mapped_column(info=PASSING)
    details: Mapped[dict[str, Any]] = mapped_column(info=PASSING)
    address: Mapped[str | None] = mapped_column(info=PASSING)


class OrderStageRow(OfAccount, Base):
    """Where an order of ours stands, worked out beforehand; `stage_when_due` from `due_on` on, if that differs."""

    __tablename__ = "order_stages"
    __table_args__ = (
        Index("ix_order_stages_merchant_id_platform", "merchant_id", "platform"),
        Index("ix_order_stages_stage_due_on", "stage", "due_on", "id"),
        Index("ix_order_stages_order_no", "order_no"),
        Index("ix_order_stages_sums", "platform", "stage", "stage_when_due", "due_on", "currency", "amount"),
        Index("ix_order_stages_requested_on", "requested_on", "currency", "amount"),
        Index("ix_order_stages_paid_out_on", "paid_out_on", "currency", "amount"),
    )

    id: Mapped[int] = mapped_column(info=PASSING, primary_key=True)
    merchant_id: Mapped[str] = mapped_column(info=PASSING)
    platform: Mapped[str] = mapped_column(info=PASSING)
    label: Mapped[str] = mapped_column(info=PASSING)
    order_no: Mapped[str | None] = mapped_column(info=PASSING)
    ordered_at: Mapped[datetime] = mapped_column(info=PASSING)
    service: Mapped[str] = mapped_column(info=PASSING)
    amount: Mapped[Decimal] = mapped_column(info=PASSING)
    currency: Mapped[str] = mapped_column(info=PASSING)
    stage: Mapped[str] = mapped_column(info=PASSING)
    stage_when_due: Mapped[str | None] = mapped_column(info=PASSING)
    due_on: Mapped[date | None] = mapped_column(info=PASSING)
    requested_on: Mapped[date | None] = mapped_column(info=PASSING)
    paid_out_on: Mapped[date | None] = mapped_column(info=PASSING)


class CursorRow(Base):
    """Up to which row of the history something was worked out, and with which rules.

    `merchant_id` is the last one that was, until all have been once; None from then on.
    """

    __tablename__ = "cursors"

    name: Mapped[str] = mapped_column(info=PASSING, primary_key=True)
    history_id: Mapped[int] = mapped_column(info=PASSING)
    merchant_id: Mapped[str | None] = mapped_column(info=PASSING)
    rules: Mapped[str] = mapped_column(info=PASSING)
