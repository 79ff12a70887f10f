"""Payments that were found on bank statements, and the refunds that they are for."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    moment, alive = sa.DateTime(timezone=True), sa.text("undone_at IS NULL")
    op.create_table(
        "statements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("undone_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_statements"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", moment),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name="fk_payments_statement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payments"),
    )
    op.create_index(
        "uq_payments_alive", "payments", ["identity"], unique=True, sqlite_where=alive, postgresql_where=alive
    )
    op.create_index("ix_payments_paid_on", "payments", ["paid_on"])
    op.create_index("ix_payments_statement_id", "payments", ["statement_id"])
    op.create_table(
        "payment_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("order_no", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name="fk_payment_parts_payment_id"),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name="fk_payment_parts_merchant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payment_parts"),
    )
    op.create_index("ix_payment_parts_order_no", "payment_parts", ["merchant_id", "order_no"])
    op.create_index("ix_payment_parts_payment_id", "payment_parts", ["payment_id"])


def downgrade() -> None:
    """Take this revision back: what a statement showed as paid stays paid, and can no longer be taken back."""
    for table in ("payment_parts", "payments", "statements"):
        op.drop_table(table)
