"""The tables of runs (运行): how each ended, its steps, its evidence."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agent.ledger.tables import ACCOUNT, Base, OfAccount, account_key


class RunRow(Base):
    """One `fankuan sync` or `fankuan reauthorize`."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    dry_run: Mapped[bool]
    started_by: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class OutcomeRow(OfAccount, Base):
    """How a run ended for one account. `told` is the sentence and its cure in each language, see `sentences.py`."""

    __tablename__ = "outcomes"
    known_by = ("run_id", *ACCOUNT)
    __table_args__ = (
        account_key("outcomes"),
        UniqueConstraint("run_id", *ACCOUNT),
        Index("ix_outcomes_account", *ACCOUNT, "id"),
        Index("ix_outcomes_outcome_id", "outcome", "id"),
        Index("ix_outcomes_recorded_at", "recorded_at", "platform", "outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"))
    outcome: Mapped[str]
    reason: Mapped[str | None]
    message: Mapped[str | None] = mapped_column("said")
    told: Mapped[dict[str, str] | None]
    evidence: Mapped[list[str] | None]
    recorded_at: Mapped[datetime]
    steps: Mapped[list["StepRow"]] = relationship(order_by="StepRow.id", cascade="all")


class StepRow(Base):
    """One action of an account's report."""

    __tablename__ = "steps"
    known_by = ("kind", "order_no")

    id: Mapped[int] = mapped_column(primary_key=True)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcomes.id"), index=True)
    kind: Mapped[str]
    order_no: Mapped[str | None]
    result: Mapped[str]
    due_on: Mapped[date | None]
    reason: Mapped[str | None]
    message: Mapped[str | None] = mapped_column("said")
    told: Mapped[dict[str, str] | None]
    evidence: Mapped[list[str]]


class EvidenceRow(Base):
    """A picture, and the sum that shows whether it was changed since."""

    __tablename__ = "evidence"
    known_by = ("run_id", "path")

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), index=True)
    intent_id: Mapped[int | None] = mapped_column(ForeignKey("intents.id"), index=True)
    role: Mapped[str]
    path: Mapped[str]
    sha256: Mapped[str]
    address: Mapped[str]
    added_at: Mapped[datetime]
