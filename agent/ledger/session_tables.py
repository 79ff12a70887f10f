"""The tables of sessions and log-ins: what is kept of them, what was refused, what a person is asked for."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from agent.domain.accounts import AccountKey
from agent.ledger.tables import PASSING, SEALED, Base

SITE = ("merchant_id", "site", "label")
_ALIVE = text("ended_at IS NULL")


class OfSite:
    """What rows share that are about an account of a merchant on a site: a platform, or the back office."""

    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"))
    site: Mapped[str]
    label: Mapped[str] = mapped_column(default="")

    @property
    def account(self) -> AccountKey:
        """The account that the row is about."""
        return AccountKey(self.merchant_id, self.site, self.label)

    @staticmethod
    def columns(account: AccountKey) -> dict[str, str]:
        """Return the values of the columns that name `account`."""
        return {"merchant_id": account.merchant_id, "site": account.platform, "label": account.label}

    @classmethod
    def is_of(cls, account: AccountKey) -> ColumnElement[bool]:
        """Return the condition for the rows of `account`."""
        named = cls.merchant_id == account.merchant_id, cls.site == account.platform
        return and_(*named, cls.label == account.label)


class SessionRow(OfSite, Base):
    """A session of a merchant on a site (登录态), of which one at most is alive. `lapsed`: it was found dead."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("uq_sessions_alive", *SITE, unique=True, sqlite_where=_ALIVE, postgresql_where=_ALIVE),
        Index("ix_sessions_lapsed", "site", "id", sqlite_where=text("lapsed = 1"), postgresql_where=text("lapsed")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str | None] = mapped_column(info=SEALED | PASSING)
    issued_at: Mapped[datetime]
    proven_at: Mapped[datetime] = mapped_column(info=PASSING)
    ended_at: Mapped[datetime | None]
    lapsed: Mapped[bool] = mapped_column(default=False)


class ChallengeRow(OfSite, Base):
    """What a person is asked for (人工验证); of each merchant and site one at most waits for an answer."""

    __tablename__ = "challenges"
    __table_args__ = (Index("uq_challenges_open", *SITE, unique=True, sqlite_where=_ALIVE, postgresql_where=_ALIVE),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    message: Mapped[str | None] = mapped_column("said")
    picture: Mapped[str | None] = mapped_column(info=PASSING)
    first_asked_at: Mapped[datetime]
    asked_at: Mapped[datetime] = mapped_column(info=PASSING)
    deadline: Mapped[datetime | None] = mapped_column(info=PASSING)
    held_until: Mapped[datetime | None] = mapped_column(info=PASSING)
    attempts: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str | None] = mapped_column(info=SEALED | PASSING)
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("runs.id"), info=PASSING)


class RefusedLoginRow(OfSite, Base):
    """A user name and password that a site refused, by a fingerprint of both; `message` is the site's sentence."""

    __tablename__ = "refused_logins"
    known_by = SITE

    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    site: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True, default="")
    fingerprint: Mapped[str] = mapped_column("mark", info=SEALED | PASSING)
    reason: Mapped[str]
    message: Mapped[str] = mapped_column("said")
    refused_at: Mapped[datetime]
