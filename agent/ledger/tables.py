"""The tables of the ledger (台账). Columns marked `sealed` hold the vault's tokens; `passing` ones make no history."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from agent.domain.accounts import AccountKey
from agent.ledger.types import Moment, Money

SEALED = {"sealed": True}
PASSING = {"passing": True}
ACCOUNT = ("merchant_id", "platform", "label")
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share. `known_by` names the columns that a person would tell a row by."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        Decimal: Money(),
        dict[str, str]: JSON(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[list[str]]: JSON(),
    }
    known_by: ClassVar[tuple[str, ...]] = ("id",)


class OfAccount:
    """What rows share that are about one account."""

    merchant_id: Mapped[str]
    platform: Mapped[str]
    label: Mapped[str] = mapped_column(default="")

    @property
    def account(self) -> AccountKey:
        """The account that the row is about."""
        return AccountKey(self.merchant_id, self.platform, self.label)

    @staticmethod
    def columns(account: AccountKey) -> dict[str, str]:
        """Return the values of the columns that name `account`."""
        return {"merchant_id": account.merchant_id, "platform": account.platform, "label": account.label}

    @classmethod
    def is_of(cls, account: AccountKey) -> ColumnElement[bool]:
        """Return the condition for the rows of `account`."""
        named = cls.merchant_id == account.merchant_id, cls.platform == account.platform
        return and_(*named, cls.label == account.label)


class MerchantRow(Base):
    """A merchant with its back office log-in and its payee."""

    __tablename__ = "merchants"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    edition: Mapped[str]
    backoffice_username: Mapped[str]
    backoffice_password: Mapped[str] = mapped_column(info=SEALED)
    payee_bank: Mapped[str | None]
    payee_holder: Mapped[str | None]
    payee_account: Mapped[str | None] = mapped_column(info=SEALED)
    file_as: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active", server_default="active")
    accounts: Mapped[list["AccountRow"]] = relationship(order_by="AccountRow.platform, AccountRow.label")


class AccountRow(OfAccount, Base):
    """A merchant's account on one platform; without a log-in where that is gone."""

    __tablename__ = "accounts"
    known_by = ACCOUNT

    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    platform: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True, default="")
    username: Mapped[str | None]
    password: Mapped[str | None] = mapped_column(info=SEALED)
    totp: Mapped[str | None] = mapped_column(info=SEALED)
    shop: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active", server_default="active")


def account_key(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(ACCOUNT, [f"accounts.{name}" for name in ACCOUNT], name=f"fk_{table}_account")


class AuthorizationRow(OfAccount, Base):
    """Until when an account's platform lets the ERP in (授权), as its page last said."""

    __tablename__ = "authorizations"
    known_by = ACCOUNT
    __table_args__ = (account_key("authorizations"),)

    merchant_id: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True, default="")
    authorized_until: Mapped[date]
    read_at: Mapped[datetime] = mapped_column(info=PASSING)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), info=PASSING)


class WayRow(Base):
    """How a page is reached: at an address that holds nothing of an account, or by menu entries from the log-in on."""

    __tablename__ = "ways"
    known_by = ("site", "edition", "page")

    site: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    login_url: Mapped[str]
    address: Mapped[str | None]
    steps: Mapped[list[list[str]]]
    found_at: Mapped[datetime] = mapped_column(info=PASSING)


class PageShapeRow(Base):
    """What a page of a site is known to look like, and what was different when it was `changed_at`."""

    __tablename__ = "page_shapes"
    known_by = ("site", "page")

    site: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    shape: Mapped[dict[str, Any]] = mapped_column(info=PASSING)
    seen_at: Mapped[datetime] = mapped_column(info=PASSING)
    looks: Mapped[int] = mapped_column(info=PASSING)
    changed: Mapped[list[list[str]]] = mapped_column(info=PASSING)
    changed_at: Mapped[datetime | None]


class OrderRow(OfAccount, Base):
    """An order as its platform last showed it. Several without a number may share a natural key."""

    __tablename__ = "orders"
    known_by = (*ACCOUNT, "order_no", "natural_key")
    __table_args__ = (
        account_key("orders"),
        UniqueConstraint(*ACCOUNT, "order_no"),
        Index("ix_orders_birth_key", *ACCOUNT, "birth_key"),
        Index("ix_orders_order_no", "order_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_no: Mapped[str | None]
    natural_key: Mapped[str] = mapped_column("birth_key")
    ordered_at: Mapped[datetime]
    service: Mapped[str]
    service_code: Mapped[str | None]
    ours: Mapped[bool]
    amount: Mapped[Decimal]
    currency: Mapped[str]
    status: Mapped[str]
    shop: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(info=PASSING)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), info=PASSING)


class FilingRow(Base):
    """A filing as the back office last showed it. It accepts one order twice, so an order may have several.

    `platform_name` is what the back office calls the platform, `platform` its id, empty if that is not known.
    """

    __tablename__ = "filings"
    known_by = ("merchant_id", "order_no", "platform_name")
    __table_args__ = (Index("ix_filings_order_no", "merchant_id", "order_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"))
    order_no: Mapped[str]
    platform_name: Mapped[str | None]
    platform: Mapped[str] = mapped_column(default="")
    shop: Mapped[str | None]
    ordered_on: Mapped[date | None]
    amount: Mapped[Decimal | None]
    status: Mapped[str]
    offered: Mapped[bool]
    first_seen_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(info=PASSING)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), info=PASSING)


class RefundRow(Base):
    """What is known of an order's refund: when it was refused as too early, requested, paid out.

    `platform` is empty if it is not known: the number alone tells the order then.
    """

    __tablename__ = "refunds"
    known_by = ("merchant_id", "platform", "order_no")
    __table_args__ = (UniqueConstraint("merchant_id", "order_no", "platform"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"))
    order_no: Mapped[str]
    platform: Mapped[str] = mapped_column(default="")
    label: Mapped[str] = mapped_column(default="")
    too_early_on: Mapped[date | None]
    message: Mapped[str | None] = mapped_column("said")
    requested_at: Mapped[datetime | None]
    paid_out_at: Mapped[datetime | None]


class IntentRow(OfAccount, Base):
    """A consequential click that was begun; open until `result` says what the page showed afterwards.

    `heard` is what the site answered, `wire_agrees` whether what was sent is what was planned (None: not known),
    `missing_since` the first look afterwards that showed it as not done.
    """

    __tablename__ = "intents"
    known_by = (*ACCOUNT, "kind", "order_key")
    __table_args__ = (
        account_key("intents"),
        Index(
            "uq_intents_open",
            *(*ACCOUNT, "kind", "order_key"),
            unique=True,
            sqlite_where=text("result IS NULL"),
            postgresql_where=text("result IS NULL"),
        ),
        Index("ix_intents_order_key", "order_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"))
    kind: Mapped[str]
    order_key: Mapped[str]
    sent: Mapped[dict[str, str]]
    begun_at: Mapped[datetime]
    heard: Mapped[str | None]
    heard_at: Mapped[datetime | None]
    wire_agrees: Mapped[bool | None]
    missing_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    result: Mapped[str | None]
    message: Mapped[str | None] = mapped_column("said")


class HistoryRow(Base):
    """What changed, when and in which run. The database itself refuses to change or delete these rows."""

    __tablename__ = "history"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    run_id: Mapped[str | None]
    entity: Mapped[str] = mapped_column(index=True)
    entity_key: Mapped[str]
    event: Mapped[str]
    changes: Mapped[dict[str, Any]]
