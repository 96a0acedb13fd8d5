"""Fares with what the airline keeps, and the ledger of what became of each seat's, from what is known so far."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import MoneyColumn, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SO_FAR = """
INSERT INTO fare_entry (id, passenger_id, number, flight_id, case_id, outcome, seats, fare, refunded, lost, currency,
                        project_code, budget_line, at, recorded_at)
SELECT p.id, p.id, 1, f.id, p.case_id,
       CASE WHEN p.status IN ('departed', 'in_transit', 'arrived', 'not_admitted') THEN 'flown'
            WHEN p.status = 'no_show' THEN 'no_show'
            WHEN p.status = 'offloaded' THEN 'offloaded'
            WHEN f.status = 'cancelled' THEN 'flight_cancelled'
            ELSE 'cancelled' END,
       1, f.fare,
       CASE WHEN p.seat = 'freed' THEN f.fare ELSE 0 END,
       CASE WHEN p.seat = 'lost' THEN f.fare ELSE 0 END,
       f.currency, f.project_code, f.budget_line,
       COALESCE(p.departed_at, p.taken_off_at, f.departs_at), COALESCE(p.departed_at, p.taken_off_at, f.departs_at)
  FROM passenger AS p JOIN flight AS f ON f.id = p.flight_id
 WHERE p.status IN ('departed', 'in_transit', 'arrived', 'not_admitted', 'no_show', 'offloaded', 'cancelled')
"""


def upgrade() -> None:
    op.create_table(
        "fare",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("for_whom", sa.String(10), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("steps", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("no_show_fee", MoneyColumn(), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("budget_line", sa.String(40), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("for_whom IN ('adult', 'child', 'anybody')", name=op.f("ck_fare_for_whom")),
        sa.CheckConstraint("amount >= 0 AND no_show_fee >= 0", name=op.f("ck_fare_amounts")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_fare_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fare")),
    )
    op.create_index(op.f("ix_fare_flight_id"), "fare", ["flight_id"], unique=False)
    op.create_table(
        "fare_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("passenger_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("fare_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("fare", MoneyColumn(), nullable=False),
        sa.Column("refunded", MoneyColumn(), nullable=False),
        sa.Column("lost", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("budget_line", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('flown', 'cancelled', 'changed_mind', 'no_show', 'offloaded', 'flight_cancelled', 'reversed')",
            name=op.f("ck_fare_entry_outcome"),
        ),
        sa.CheckConstraint(
            "outcome = 'reversed' OR (fare >= 0 AND refunded >= 0 AND lost >= 0)", name=op.f("ck_fare_entry_signs")
        ),
        sa.ForeignKeyConstraint(["fare_id"], ["fare.id"], name=op.f("fk_fare_entry_fare_id")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_fare_entry_flight_id")),
        sa.ForeignKeyConstraint(["passenger_id"], ["passenger.id"], name=op.f("fk_fare_entry_passenger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fare_entry")),
        sa.UniqueConstraint("passenger_id", "number", name=op.f("uq_fare_entry_passenger_id_number")),
    )
    op.create_index(op.f("ix_fare_entry_at"), "fare_entry", ["at"], unique=False)
    op.create_index(op.f("ix_fare_entry_flight_id"), "fare_entry", ["flight_id"], unique=False)
    op.add_column("passenger", sa.Column("fare_refunded", MoneyColumn(), nullable=True))
    op.add_column("passenger", sa.Column("fare_lost", MoneyColumn(), nullable=True))
    op.add_column("passenger", sa.Column("fare_currency", sa.String(3), nullable=True))
    op.execute(SO_FAR)


def downgrade() -> None:
    for column in ("fare_currency", "fare_lost", "fare_refunded"):
        op.drop_column("passenger", column)
    op.drop_table("fare_entry")
    op.drop_table("fare")
