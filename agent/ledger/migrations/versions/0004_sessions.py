"""Sessions, kept sealed between runs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name="fk_sessions_merchant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    alive = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_sessions_alive",
        "sessions",
        ["merchant_id", "site"],
        unique=True,
        sqlite_where=alive,
        postgresql_where=alive,
    )


def downgrade() -> None:
    """Take this revision back: everyone logs in once more."""
    op.drop_table("sessions")
