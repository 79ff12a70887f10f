"""The address under which a user's calendar program asks for due dates."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this revision."""
    op.add_column("users", sa.Column("calendar", sa.String()))
    op.create_index("uq_users_calendar", "users", ["calendar"], unique=True)


def downgrade() -> None:
    """Takes this revision back: the addresses answer no more."""
    op.drop_index("uq_users_calendar", "users")
    op.drop_column("users", "calendar")
