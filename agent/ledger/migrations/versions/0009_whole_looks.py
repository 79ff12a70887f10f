"""When each account's list was last read whole."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision: every account's next look is a whole one."""
    op.add_column("schedule", sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("schedule", "whole_at")
