"""Seats set aside, and offers of seats until a moment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

HELD = sa.text("status = 'held'")


def upgrade() -> None:
    op.add_column(
        "flight",
        sa.Column(
            "seats_aside",
            sa.Integer(),
            sa.CheckConstraint(
                "seats_aside >= 0 AND seats_taken + seats_lost + seats_aside <= seats",
                name=op.f("ck_flight_aside_never_oversold"),
            ),
            nullable=False,
            server_default="0",
        ),
    )
    op.create_table(
        "seat_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("individuals", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.String(120), nullable=False),
        sa.CheckConstraint(
            "status IN ('held', 'taken', 'declined', 'expired', 'ended')", name=op.f("ck_seat_offer_status")
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_seat_offer_seats")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_seat_offer_booking_id")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_seat_offer_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_offer")),
    )
    op.create_index(op.f("ix_seat_offer_case_id"), "seat_offer", ["case_id"], unique=False)
    op.create_index(op.f("ix_seat_offer_flight_id"), "seat_offer", ["flight_id"], unique=False)
    op.create_index(
        "uq_seat_offer_case", "seat_offer", ["case_id"], unique=True, sqlite_where=HELD, postgresql_where=HELD
    )
    op.create_index(
        "ix_seat_offer_due", "seat_offer", ["expires_at", "id"], unique=False, sqlite_where=HELD, postgresql_where=HELD
    )


def downgrade() -> None:
    op.drop_table("seat_offer")
    op.drop_column("flight", "seats_aside")
