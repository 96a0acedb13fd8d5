"""Transport to the airport, and nights near it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import MoneyColumn, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HELD = sa.text("status = 'held'")


def upgrade() -> None:
    op.create_table(
        "transport_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle", sa.String(10), nullable=False),
        sa.Column("pickup_place", sa.String(200), nullable=False),
        sa.Column("pickup_at", UtcDateTime(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("places_taken", sa.Integer(), nullable=False),
        sa.Column("wheelchair_places", sa.Integer(), nullable=False),
        sa.Column("wheelchair_taken", sa.Integer(), nullable=False),
        sa.Column("cost", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("budget_line", sa.String(40), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('planned', 'cancelled')", name=op.f("ck_transport_run_status")),
        sa.CheckConstraint(
            "vehicle IN ('car', 'minibus', 'coach', 'ambulance')", name=op.f("ck_transport_run_vehicle")
        ),
        sa.CheckConstraint(
            "places_taken >= 0 AND places_taken <= places", name=op.f("ck_transport_run_never_overfull")
        ),
        sa.CheckConstraint(
            "wheelchair_taken >= 0 AND wheelchair_taken <= wheelchair_places",
            name=op.f("ck_transport_run_wheelchairs_never_overfull"),
        ),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_transport_run_cost")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_transport_run_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transport_run")),
    )
    op.create_index(op.f("ix_transport_run_flight_id"), "transport_run", ["flight_id"], unique=False)
    op.create_table(
        "transport_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("passenger_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(10), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('held', 'given_back')", name=op.f("ck_transport_place_status")),
        sa.CheckConstraint("place IN ('ordinary', 'wheelchair', 'stretcher')", name=op.f("ck_transport_place_place")),
        sa.ForeignKeyConstraint(["passenger_id"], ["passenger.id"], name=op.f("fk_transport_place_passenger_id")),
        sa.ForeignKeyConstraint(["run_id"], ["transport_run.id"], name=op.f("fk_transport_place_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transport_place")),
    )
    op.create_index(op.f("ix_transport_place_run_id"), "transport_place", ["run_id"], unique=False)
    op.create_index(
        "uq_transport_place_held",
        "transport_place",
        ["passenger_id"],
        unique=True,
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    op.create_table(
        "hotel_stay",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("individuals", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("house", sa.String(200), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("rooms", sa.Integer(), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=False),
        sa.Column("night_price", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("free_until", UtcDateTime(), nullable=True),
        sa.Column("cost", MoneyColumn(), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("budget_line", sa.String(40), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('booked', 'cancelled')", name=op.f("ck_hotel_stay_status")),
        sa.CheckConstraint("until > first_night", name=op.f("ck_hotel_stay_nights")),
        sa.CheckConstraint(
            "rooms > 0 AND beds > 0 AND night_price >= 0 AND cost >= 0", name=op.f("ck_hotel_stay_amounts")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_hotel_stay_booking_id")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_hotel_stay_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotel_stay")),
    )
    for column in ("booking_id", "case_id", "flight_id"):
        op.create_index(op.f(f"ix_hotel_stay_{column}"), "hotel_stay", [column], unique=False)


def downgrade() -> None:
    op.drop_table("hotel_stay")
    op.drop_table("transport_place")
    op.drop_table("transport_run")
