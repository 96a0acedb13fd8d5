"""What became of the fares of seats beside the passengers' own: of escorts, and second seats no longer needed."""

import sqlalchemy as sa
from alembic import op

from shared.database import MoneyColumn, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fare_entry_beside",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("escort_id", sa.Uuid(), nullable=True),
        sa.Column("passenger_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("seat", sa.String(10), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("fare", MoneyColumn(), nullable=False),
        sa.Column("refunded", MoneyColumn(), nullable=False),
        sa.Column("lost", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("budget_line", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(escort_id IS NULL) <> (passenger_id IS NULL)", name=op.f("ck_fare_entry_beside_of_one")),
        sa.CheckConstraint(
            "outcome IN ('flown', 'cancelled', 'flight_cancelled')", name=op.f("ck_fare_entry_beside_outcome")
        ),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_fare_entry_beside_flight_id")),
        sa.ForeignKeyConstraint(["escort_id"], ["escort.id"], name=op.f("fk_fare_entry_beside_escort_id")),
        sa.ForeignKeyConstraint(["passenger_id"], ["passenger.id"], name=op.f("fk_fare_entry_beside_passenger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fare_entry_beside")),
    )
    op.create_index(op.f("ix_fare_entry_beside_at"), "fare_entry_beside", ["at"], unique=False)
    op.create_index(op.f("ix_fare_entry_beside_flight_id"), "fare_entry_beside", ["flight_id"], unique=False)


def downgrade() -> None:
    op.drop_table("fare_entry_beside")
