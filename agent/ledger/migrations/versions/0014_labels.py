"""A merchant may have several accounts on one platform: `label` tells them apart."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ACCOUNT = ["merchant_id", "platform", "label"]
_SITE = ["merchant_id", "site", "label"]
_OPEN, _ALIVE = sa.text("result IS NULL"), sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Apply this revision: every account that is there is the one without a label."""
    for table in ("refunds", "leases", "sessions", "challenges"):
        op.add_column(table, _label())
    children = ("authorizations", "schedule", "orders", "intents", "outcomes")
    if op.get_bind().dialect.name == "postgresql":
        # A key that is referred to cannot be dropped. SQLite makes these tables anew, and checks the references then.
        for table in children:
            op.drop_constraint(f"fk_{table}_account", table, type_="foreignkey")
    _label_key("accounts", _ACCOUNT)
    _label_key("refused_logins", _SITE)
    _refer("authorizations", key=_ACCOUNT)
    _refer("schedule", key=_ACCOUNT)
    _refer("orders", unique=([], ["order_no"]))
    _refer("intents")
    _refer("outcomes", unique=(["run_id"], []))
    _index("orders", "ix_orders_birth_key", [*_ACCOUNT, "birth_key"])
    _index("outcomes", "ix_outcomes_account", [*_ACCOUNT, "id"])
    _index("intents", "uq_intents_open", [*_ACCOUNT, "kind", "order_key"], unique_where=_OPEN)
    _index("sessions", "uq_sessions_alive", _SITE, unique_where=_ALIVE)
    _index("challenges", "uq_challenges_open", _SITE, unique_where=_ALIVE)


def downgrade() -> None:
    """Refuses: of two accounts on one platform one would be lost."""
    raise NotImplementedError("put back a backup of the ledger instead")


def _label() -> sa.Column[str]:
    return sa.Column("label", sa.String(), nullable=False, server_default="")


def _label_key(table: str, columns: list[str]) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(_label())
        batch.drop_constraint(f"pk_{table}", type_="primary")
        batch.create_primary_key(f"pk_{table}", columns)


def _refer(
    table: str, *, key: list[str] | None = None, unique: tuple[Sequence[str], Sequence[str]] | None = None
) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(_label())
        if op.get_bind().dialect.name != "postgresql":
            batch.drop_constraint(f"fk_{table}_account", type_="foreignkey")
        if key is not None:
            batch.drop_constraint(f"pk_{table}", type_="primary")
            batch.create_primary_key(f"pk_{table}", key)
        if unique is not None:
            first, last = unique
            batch.drop_constraint("_".join(["uq", table, *first, "merchant_id", "platform", *last]), type_="unique")
            batch.create_unique_constraint(
                "_".join(["uq", table, *first, *_ACCOUNT, *last]), [*first, *_ACCOUNT, *last]
            )
        batch.create_foreign_key(f"fk_{table}_account", "accounts", _ACCOUNT, _ACCOUNT)


def _index(table: str, name: str, columns: list[str], unique_where: sa.TextClause | None = None) -> None:
    op.drop_index(name, table)
    unique = unique_where is not None
    op.create_index(name, table, columns, unique=unique, sqlite_where=unique_where, postgresql_where=unique_where)
