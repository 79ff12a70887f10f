"""Accounts may have the secret of an authenticator."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.add_column("accounts", sa.Column("totp", sa.String(), nullable=True))


def downgrade() -> None:
    """Take this revision back: a person is asked for those codes."""
    op.drop_column("accounts", "totp")
