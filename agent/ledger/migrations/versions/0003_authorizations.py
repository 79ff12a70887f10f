"""Until when each account's platform lets the ERP in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "authorizations",
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("authorized_until", sa.Date(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "platform"],
            ["accounts.merchant_id", "accounts.platform"],
            name="fk_authorizations_account",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_authorizations_run_id"),
        sa.PrimaryKeyConstraint("merchant_id", "platform", name="pk_authorizations"),
    )


def downgrade() -> None:
    """Take this revision back: the dates can be read from the pages again."""
    op.drop_table("authorizations")
