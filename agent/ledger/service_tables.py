"""The tables of the service: what is due when, who works on it, and who was told what."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from agent.ledger.tables import ACCOUNT, PASSING, Base, OfAccount, account_key


class NoticeRow(Base):
    """What a channel was told (通知), by the notice's key."""

    __tablename__ = "notices"
    known_by = ("channel", "key")

    channel: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    told_at: Mapped[datetime] = mapped_column(info=PASSING)


class ChannelRow(Base):
    """How often in a row a channel took no message."""

    __tablename__ = "channels"
    known_by = ("channel",)

    channel: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(info=PASSING)
    failed_at: Mapped[datetime] = mapped_column(info=PASSING)
    failing_since: Mapped[datetime | None] = mapped_column(info=PASSING)


class BookmarkRow(Base):
    """Up to which outcome, and up to which of the merchants in turn, the news were looked through for a channel."""

    __tablename__ = "bookmarks"
    known_by = ("channel",)

    channel: Mapped[str] = mapped_column(info=PASSING, primary_key=True)
    outcome_id: Mapped[int] = mapped_column(info=PASSING)
    merchant_id: Mapped[str] = mapped_column(info=PASSING)


class ScheduleRow(OfAccount, Base):
    """When an account is looked at next (排程), and why. `fingerprint` tells whether what it shows has changed.

    `claimed_at` is when it was last taken up, `whole_at` when its whole list was last read. It is worked on right now
    if `lease_token` is the token of its merchant's lease, and that is in force.
    """

    __tablename__ = "schedule"
    known_by = ACCOUNT
    __table_args__ = (
        account_key("schedule"),
        Index("ix_schedule_platform_claimed_at", "platform", "claimed_at"),
        Index("ix_schedule_claimed_at", "claimed_at"),
        Index("ix_schedule_platform_lease_token", "platform", "lease_token"),
    )

    merchant_id: Mapped[str] = mapped_column(info=PASSING, primary_key=True)
    platform: Mapped[str] = mapped_column(info=PASSING, primary_key=True)
    label: Mapped[str] = mapped_column(info=PASSING, primary_key=True, default="")
    due_at: Mapped[datetime] = mapped_column(info=PASSING, index=True)
    why: Mapped[str] = mapped_column(info=PASSING)
    failures: Mapped[int] = mapped_column(info=PASSING, default=0)
    fingerprint: Mapped[str | None] = mapped_column("mark", info=PASSING)
    unchanged_since: Mapped[datetime | None] = mapped_column(info=PASSING)
    claimed_at: Mapped[datetime | None] = mapped_column(info=PASSING)
    whole_at: Mapped[datetime | None] = mapped_column(info=PASSING)
    lease_token: Mapped[int | None] = mapped_column(info=PASSING)


class LeaseRow(Base):
    """Who works on something right now, such as a merchant. `token` grows with each holder; `until` None: nobody.

    `taken_at` is since when, `taken_over_at` when it was last taken from a holder that had not given it back.
    """

    __tablename__ = "leases"
    known_by = ("name",)

    name: Mapped[str] = mapped_column(info=PASSING, primary_key=True)
    holder: Mapped[str] = mapped_column(info=PASSING)
    token: Mapped[int] = mapped_column(info=PASSING)
    platform: Mapped[str | None] = mapped_column(info=PASSING)
    label: Mapped[str] = mapped_column(info=PASSING, default="")
    until: Mapped[datetime | None] = mapped_column(info=PASSING)
    taken_at: Mapped[datetime | None] = mapped_column(info=PASSING)
    taken_over_at: Mapped[datetime | None] = mapped_column(info=PASSING)


class WorkerRow(Base):
    """A process that takes up what is due, for `slots` accounts at a time; a lease's `holder` is its name."""

    __tablename__ = "workers"
    known_by = ("name",)

    name: Mapped[str] = mapped_column(info=PASSING, primary_key=True)
    kind: Mapped[str] = mapped_column(info=PASSING)
    host: Mapped[str] = mapped_column(info=PASSING)
    pid: Mapped[int] = mapped_column(info=PASSING)
    slots: Mapped[int] = mapped_column(info=PASSING)
    started_at: Mapped[datetime] = mapped_column(info=PASSING)
    seen_at: Mapped[datetime] = mapped_column(info=PASSING)
