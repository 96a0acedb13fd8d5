"""Groups that travel together, with seats allotted to them."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "travel_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_left", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_travel_group_status")),
        sa.CheckConstraint("seats_left >= 0 AND seats_left <= seats", name=op.f("ck_travel_group_seats")),
        sa.CheckConstraint("status = 'open' OR seats_left = 0", name=op.f("ck_travel_group_closed_holds_none")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_travel_group_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_group")),
    )
    op.create_index(op.f("ix_travel_group_flight_id"), "travel_group", ["flight_id"], unique=False)
    op.create_table(
        "group_case",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_group_case_booking_id")),
        sa.ForeignKeyConstraint(["group_id"], ["travel_group.id"], name=op.f("fk_group_case_group_id")),
        sa.PrimaryKeyConstraint("group_id", "case_id", name=op.f("pk_group_case")),
    )
    op.create_index(op.f("ix_group_case_booking_id"), "group_case", ["booking_id"], unique=False)


def downgrade() -> None:
    op.drop_table("group_case")
    op.drop_table("travel_group")
