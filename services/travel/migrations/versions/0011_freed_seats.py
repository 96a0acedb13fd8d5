"""Seats that the desk freed are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FREED = sa.text("seats_freed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_flight_seats_freed",
        "flight",
        ["seats_freed_at"],
        unique=False,
        sqlite_where=FREED,
        postgresql_where=FREED,
    )


def downgrade() -> None:
    op.drop_index("ix_flight_seats_freed", table_name="flight", sqlite_where=FREED, postgresql_where=FREED)
