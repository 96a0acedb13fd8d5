"""Pocket money of an attempt in which nobody flew is paid again only against a receipt for what came back."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("allowance_payment", sa.Column("given_back_receipt", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("allowance_payment", "given_back_receipt")
