"""What was told of each account and step, in both languages, and where the evidence of an account's end is."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision: of earlier ends the English sentence alone is known."""
    op.add_column("outcomes", sa.Column("told", sa.JSON(), nullable=True))
    op.add_column("outcomes", sa.Column("evidence", sa.JSON(), nullable=True))
    op.add_column("steps", sa.Column("told", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("steps", "told")
    op.drop_column("outcomes", "evidence")
    op.drop_column("outcomes", "told")
