"""The first tables, and what keeps the history from being changed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE = "CREATE TRIGGER history_no_{0} BEFORE {1} BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
_REFUSALS = {
    "sqlite": [
        _SQLITE.format("update", "UPDATE ON history"),
        _SQLITE.format("delete", "DELETE ON history"),
        # INSERT OR REPLACE deletes without meeting the trigger above, unless recursive triggers are on.
        _SQLITE.format("replace", "INSERT ON history WHEN EXISTS (SELECT 1 FROM history WHERE id = NEW.id)"),
    ],
    "postgresql": [
        """CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$""",
        """CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()""",
    ],
}


def upgrade() -> None:
    """Apply this revision."""
    _history()
    _merchants()
    _runs()
    _accounts()
    _filings()
    _refunds()
    _intents()
    _orders()
    _outcomes()
    _evidence()
    _steps()
    for statement in _REFUSALS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Refuses: nothing lies before the first revision, and dropping it would lose every order."""
    raise NotImplementedError("put back a backup of the ledger instead")


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String()),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_key", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
    )
    op.create_index("ix_history_entity", "history", ["entity"])


def _merchants() -> None:
    op.create_table(
        "merchants",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("backoffice_username", sa.String(), nullable=False),
        sa.Column("backoffice_password", sa.String(), nullable=False),
        sa.Column("payee_bank", sa.String()),
        sa.Column("payee_holder", sa.String()),
        sa.Column("payee_account", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_merchants"),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("shop", sa.String()),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name="fk_accounts_merchant_id"),
        sa.PrimaryKeyConstraint("merchant_id", "platform", name="pk_accounts"),
    )


def _filings() -> None:
    op.create_table(
        "filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("order_no", sa.String(), nullable=False),
        sa.Column("platform_name", sa.String()),
        sa.Column("shop", sa.String()),
        sa.Column("ordered_on", sa.Date()),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name="fk_filings_merchant_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_filings_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_filings"),
    )
    op.create_index("ix_filings_order_no", "filings", ["merchant_id", "order_no"])


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("order_no", sa.String(), nullable=False),
        sa.Column("platform", sa.String()),
        sa.Column("too_early_on", sa.Date()),
        sa.Column("said", sa.String()),
        sa.Column("requested_at", sa.DateTime(timezone=True)),
        sa.Column("paid_out_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name="fk_refunds_merchant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_refunds"),
        sa.UniqueConstraint("merchant_id", "order_no", name="uq_refunds_merchant_id_order_no"),
    )


def _intents() -> None:
    op.create_table(
        "intents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("order_key", sa.String(), nullable=False),
        sa.Column("sent", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("result", sa.String()),
        sa.Column("said", sa.String()),
        sa.ForeignKeyConstraint(
            ["merchant_id", "platform"], ["accounts.merchant_id", "accounts.platform"], name="fk_intents_account"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_intents_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_intents"),
    )
    op.create_index(
        "uq_intents_open",
        "intents",
        ["merchant_id", "platform", "kind", "order_key"],
        unique=True,
        sqlite_where=sa.text("result IS NULL"),
        postgresql_where=sa.text("result IS NULL"),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("order_no", sa.String()),
        sa.Column("birth_key", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("service_code", sa.String()),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("shop", sa.String()),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "platform"], ["accounts.merchant_id", "accounts.platform"], name="fk_orders_account"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_orders_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("merchant_id", "platform", "order_no", name="uq_orders_merchant_id_platform_order_no"),
    )
    op.create_index("ix_orders_birth_key", "orders", ["merchant_id", "platform", "birth_key"])


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("said", sa.String()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "platform"], ["accounts.merchant_id", "accounts.platform"], name="fk_outcomes_account"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_outcomes_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes"),
        sa.UniqueConstraint("run_id", "merchant_id", "platform", name="uq_outcomes_run_id_merchant_id_platform"),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("intent_id", sa.Integer()),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["intent_id"], ["intents.id"], name="fk_evidence_intent_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_evidence_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_intent_id", "evidence", ["intent_id"])
    op.create_index("ix_evidence_run_id", "evidence", ["run_id"])


def _steps() -> None:
    op.create_table(
        "steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outcome_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("order_no", sa.String()),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("reason", sa.String()),
        sa.Column("said", sa.String()),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcomes.id"], name="fk_steps_outcome_id"),
        sa.PrimaryKeyConstraint("id", name="pk_steps"),
    )
    op.create_index("ix_steps_outcome_id", "steps", ["outcome_id"])
