"""Accounts on platforms that are gone have no user name and no password."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    for name in ("username", "password"):
        _allow_null(name)


def downgrade() -> None:
    """Refuses: accounts without a log-in would be lost."""
    raise NotImplementedError("put back a backup of the ledger instead")


def _allow_null(name: str) -> None:
    # Not by a new table in place of the old one, as SQLite's columns are changed otherwise: orders refer to this one.
    op.add_column("accounts", sa.Column(f"{name}_or_null", sa.String()))
    op.execute(f"UPDATE accounts SET {name}_or_null = {name}")  # noqa: S608 - both names stand above
    op.drop_column("accounts", name)
    op.alter_column("accounts", f"{name}_or_null", new_column_name=name)
