"""Merchants and accounts that are paused or removed, and the shop that a merchant files under."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision: whoever is registered is active."""
    for table in ("merchants", "accounts"):
        op.add_column(table, sa.Column("state", sa.String(), nullable=False, server_default="active"))
    op.add_column("merchants", sa.Column("file_as", sa.String(), nullable=True))


def downgrade() -> None:
    """Refuses: whoever was paused would be worked on again."""
    raise NotImplementedError("put back a backup of the ledger instead")
