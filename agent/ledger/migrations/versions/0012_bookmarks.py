"""How far the news were looked through for each channel, and what makes looking for them quick."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "bookmarks",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome_id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_bookmarks"),
    )
    op.drop_index("ix_outcomes_account", "outcomes")
    op.create_index("ix_outcomes_account", "outcomes", ["merchant_id", "platform", "id"])
    sqlite, postgresql = sa.text("lapsed = 1"), sa.text("lapsed")
    op.create_index("ix_sessions_lapsed", "sessions", ["site", "id"], sqlite_where=sqlite, postgresql_where=postgresql)


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_sessions_lapsed", "sessions")
    op.drop_index("ix_outcomes_account", "outcomes")
    op.create_index("ix_outcomes_account", "outcomes", ["merchant_id", "platform"])
    op.drop_table("bookmarks")
