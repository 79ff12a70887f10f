"""When each account is looked at next, and who works on which merchant right now."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision. Accounts that are there already are looked at as soon as something runs."""
    moment = sa.DateTime(timezone=True)
    schedule = op.create_table(
        "schedule",
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=True),
        sa.Column("unchanged_since", moment, nullable=True),
        sa.Column("claimed_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["merchant_id", "platform"], ["accounts.merchant_id", "accounts.platform"], name="fk_schedule_account"
        ),
        sa.PrimaryKeyConstraint("merchant_id", "platform", name="pk_schedule"),
    )
    op.create_index("ix_schedule_due_at", "schedule", ["due_at"])
    op.create_index("ix_schedule_platform_claimed_at", "schedule", ["platform", "claimed_at"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("until", moment, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    accounts = sa.table("accounts", sa.column("merchant_id"), sa.column("platform"))
    given = sa.select(
        accounts.c.merchant_id,
        accounts.c.platform,
        sa.literal(datetime(2026, 1, 1, tzinfo=UTC), moment),
        sa.literal("new"),
        sa.literal(0),
    )
    op.execute(sa.insert(schedule).from_select(["merchant_id", "platform", "due_at", "why", "failures"], given))


def downgrade() -> None:
    """Take this revision back: every account is looked at anew."""
    op.drop_table("leases")
    op.drop_table("schedule")
