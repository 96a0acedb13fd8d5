"""Pocket money that came back before it was paid again counts no more."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fact_allowance", sa.Column("given_back", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("fact_allowance", "given_back")
