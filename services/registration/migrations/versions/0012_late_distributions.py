"""A distribution that has taken place may be entered late: why, and what shows it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("distribution", sa.Column("late_reason", sa.String(), nullable=True))
    op.add_column("distribution", sa.Column("evidence", sa.String(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
