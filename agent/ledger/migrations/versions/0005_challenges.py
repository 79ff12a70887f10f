"""Challenges that wait for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "challenges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=True),
        sa.Column("picture", sa.String(), nullable=True),
        sa.Column("first_asked_at", moment, nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("deadline", moment, nullable=True),
        sa.Column("held_until", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("run_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name="fk_challenges_merchant_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_challenges_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_challenges"),
    )
    waiting = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_challenges_open",
        "challenges",
        ["merchant_id", "site"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    """Take this revision back: what was asked is forgotten, and asked again."""
    op.drop_table("challenges")
