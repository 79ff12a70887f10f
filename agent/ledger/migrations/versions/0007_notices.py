"""What people were told, the channels that took no message, and the log-ins that were refused."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "notices",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "key", name="pk_notices"),
    )
    op.create_table(
        "channels",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_channels"),
    )
    op.create_table(
        "refused_logins",
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name="fk_refused_logins_merchant_id"),
        sa.PrimaryKeyConstraint("merchant_id", "site", name="pk_refused_logins"),
    )


def downgrade() -> None:
    """Take this revision back: everyone is told everything anew."""
    op.drop_table("refused_logins")
    op.drop_table("channels")
    op.drop_table("notices")
