"""Which accounts of a merchant are worked on right now: several may be, under its one lease."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this revision."""
    op.add_column("schedule", sa.Column("lease_token", sa.Integer()))
    op.create_index("ix_schedule_platform_lease_token", "schedule", ["platform", "lease_token"])


def downgrade() -> None:
    """Takes this revision back."""
    op.drop_index("ix_schedule_platform_lease_token", "schedule")
    op.drop_column("schedule", "lease_token")
