"""Which workers run, since when a lease is held, and when it was last taken over from one that died."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "workers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_workers"),
    )
    op.add_column("leases", sa.Column("taken_at", moment))
    op.add_column("leases", sa.Column("taken_over_at", moment))
    op.create_index("ix_schedule_claimed_at", "schedule", ["claimed_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_schedule_claimed_at", "schedule")
    for name in ("taken_over_at", "taken_at"):
        op.drop_column("leases", name)
    op.drop_table("workers")
