"""The ways through the menus of a site to the pages that are needed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision: no way is known yet."""
    op.create_table(
        "ways",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("login_url", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "edition", "page", name="pk_ways"),
    )


def downgrade() -> None:
    """Take this revision back: the ways are walked anew."""
    op.drop_table("ways")
