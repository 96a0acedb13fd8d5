"""What a card stands for is found by the card, whatever was given at how many distributions."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_relief_receipt_card_id", "relief_receipt", ["card_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_relief_receipt_card_id", table_name="relief_receipt")
