"""What was answered to each step, and since when a list that should show it does not."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision: of the steps that are open nobody knows what was answered."""
    moment = sa.DateTime(timezone=True)
    op.add_column("intents", sa.Column("heard", sa.String(), nullable=True))
    op.add_column("intents", sa.Column("heard_at", moment, nullable=True))
    op.add_column("intents", sa.Column("wire_agrees", sa.Boolean(), nullable=True))
    op.add_column("intents", sa.Column("missing_since", moment, nullable=True))


def downgrade() -> None:
    """Take this revision back. What was accepted and is not listed may then be sent again."""
    for name in ("heard", "heard_at", "wire_agrees", "missing_since"):
        op.drop_column("intents", name)
