"""How far down the waiting list freed seats have been offered: a page in each transaction."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("flight", sa.Column("seats_offered_past", sa.String(200), nullable=True))


def downgrade() -> None:
    op.drop_column("flight", "seats_offered_past")
