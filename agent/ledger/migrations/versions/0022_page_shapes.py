"""What the pages of sites look like, and what was different."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this revision: no page was looked at yet."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "page_shapes",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("changed_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("site", "page", name="pk_page_shapes"),
    )


def downgrade() -> None:
    """Takes this revision back: what the pages look like is noted anew."""
    op.drop_table("page_shapes")
