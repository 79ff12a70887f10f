"""Two platforms may give the same order number: refunds, filings and payments tell on which platform theirs is.

Of a merchant's number that one platform lists, that is the platform. Of one that several list, nothing tells whose the
money is: each of the orders keeps its money as it was shown, and a payment stays that of the number alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_LISTED = "FROM orders o WHERE o.merchant_id = {table}.merchant_id AND o.order_no = {table}.order_no"
_FIRST_TOLD = """
UPDATE refunds SET platform = COALESCE((SELECT MIN(o.platform) {listed}), '') WHERE platform IS NULL
"""
_OF_THE_OTHERS = """
INSERT INTO refunds (merchant_id, order_no, platform, label, requested_at, paid_out_at)
SELECT r.merchant_id, r.order_no, o.platform, MIN(o.label), r.requested_at, r.paid_out_at
FROM refunds r JOIN orders o ON o.merchant_id = r.merchant_id AND o.order_no = r.order_no AND o.platform <> r.platform
WHERE r.requested_at IS NOT NULL OR r.paid_out_at IS NOT NULL
GROUP BY r.id, o.platform
"""
_PARTS = """
UPDATE payment_parts SET platform = (SELECT MIN(o.platform) {listed})
WHERE (SELECT COUNT(DISTINCT o.platform) {listed}) = 1
"""


def upgrade() -> None:
    """Applies this revision: every order keeps the money that it was shown with."""
    for table in ("filings", "payment_parts"):
        op.add_column(table, sa.Column("platform", sa.String(), nullable=False, server_default=""))
    op.execute(_FIRST_TOLD.format(listed=_LISTED.format(table="refunds")))
    with op.batch_alter_table("refunds") as batch:
        batch.alter_column("platform", existing_type=sa.String(), nullable=False, server_default="")
        batch.drop_constraint("uq_refunds_merchant_id_order_no", type_="unique")
        batch.create_unique_constraint(
            "uq_refunds_merchant_id_order_no_platform", ["merchant_id", "order_no", "platform"]
        )
    op.execute(_OF_THE_OTHERS)
    op.execute(_PARTS.format(listed=_LISTED.format(table="payment_parts")))


def downgrade() -> None:
    """Refuses: of two platforms' refunds of one number one would be lost."""
    raise NotImplementedError("put back a backup of the ledger instead")
