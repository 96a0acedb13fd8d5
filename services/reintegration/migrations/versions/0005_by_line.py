"""Who bought and who was paid for one line of a plan is found by the line, however many plans there are."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_payment_line_id", "payment", ["line_id"], unique=False)
    op.create_index("ix_purchase_order_line_id", "purchase_order", ["line_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_purchase_order_line_id", table_name="purchase_order")
    op.drop_index("ix_payment_line_id", table_name="payment")
