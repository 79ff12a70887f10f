"""Finds the outcomes of one account, of which there is one more with every look."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_index("ix_outcomes_account", "outcomes", ["merchant_id", "platform"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_outcomes_account", "outcomes")
