"""Users, sessions and tokens of the console, the audit trail, and where each order stands, worked out beforehand."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_SQLITE = "CREATE TRIGGER audit_no_{0} BEFORE {1} BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
_REFUSALS = {
    "sqlite": [
        _SQLITE.format("update", "UPDATE ON audit"),
        _SQLITE.format("delete", "DELETE ON audit"),
        _SQLITE.format("replace", "INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"),
    ],
    "postgresql": [
        """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
        """CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    ],
}

_INDEXES = {
    "ix_outcomes_outcome_id": ("outcomes", ["outcome", "id"]),
    "ix_outcomes_recorded_at": ("outcomes", ["recorded_at", "platform", "outcome"]),
    "ix_orders_order_no": ("orders", ["order_no"]),
    "ix_intents_order_key": ("intents", ["order_key"]),
}


def upgrade() -> None:
    """Apply this revision."""
    _access()
    _audit()
    _stages()
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)


def _access() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table(
        "console_sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.ForeignKeyConstraint(["user_name"], ["users.name"], name="fk_console_sessions_user_name"),
        sa.PrimaryKeyConstraint("id", name="pk_console_sessions"),
    )
    op.create_index("ix_console_sessions_user_name", "console_sessions", ["user_name"])
    op.create_table(
        "tokens",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_tokens"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
    )
    op.create_table(
        "login_counts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_login_counts"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target", sa.String()),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("address", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_who_id", "audit", ["who", "id"])
    for refusal in _REFUSALS[op.get_bind().dialect.name]:
        op.execute(refusal)


def _stages() -> None:
    op.create_table(
        "order_stages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("order_no", sa.String()),
        sa.Column("ordered_at", _MOMENT, nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("stage_when_due", sa.String()),
        sa.Column("due_on", sa.Date()),
        sa.Column("requested_on", sa.Date()),
        sa.Column("paid_out_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_order_stages"),
    )
    op.create_index("ix_order_stages_merchant_id_platform", "order_stages", ["merchant_id", "platform"])
    op.create_index("ix_order_stages_stage_due_on", "order_stages", ["stage", "due_on", "id"])
    op.create_index("ix_order_stages_order_no", "order_stages", ["order_no"])
    sums = ["platform", "stage", "stage_when_due", "due_on", "currency", "amount"]
    op.create_index("ix_order_stages_sums", "order_stages", sums)
    for day in ("requested_on", "paid_out_on"):
        op.create_index(f"ix_order_stages_{day}", "order_stages", [day, "currency", "amount"])
    op.create_table(
        "cursors",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("history_id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.String()),
        sa.Column("rules", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_cursors"),
    )


def downgrade() -> None:
    """Take this revision back; the audit trail goes with it."""
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table)
    for name in ("cursors", "order_stages", "audit", "login_counts", "tokens", "console_sessions", "users"):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")
