"""The tables of the engine that hands out what is due, on PostgreSQL alone: Procrastinate's own, as it makes them."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this revision."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    from procrastinate.schema import SchemaManager

    cursor = connection.connection.cursor()  # past SQLAlchemy, for which a percent sign would be a parameter
    cursor.execute(SchemaManager.get_schema())
    cursor.close()


def downgrade() -> None:
    """Refuses: what is handed out right now would be lost."""
    raise NotImplementedError("put back a backup of the ledger instead")
