"""What support codes and checks ask for, as dated rules; second seats; escorts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import MoneyColumn, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BOOKED = sa.text("status = 'booked'")


def upgrade() -> None:
    op.add_column(
        "passenger",
        sa.Column(
            "extra_seats",
            sa.Integer(),
            sa.CheckConstraint("extra_seats >= 0", name=op.f("ck_passenger_extra_seats")),
            nullable=False,
            server_default="0",
        ),
    )
    op.create_table(
        "support_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("extra_seats", sa.Integer(), nullable=False),
        sa.Column("escorts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "code IN ('medical_escort', 'escort', 'wheelchair', 'oxygen', 'stretcher', 'extra_seat')",
            name=op.f("ck_support_rule_code"),
        ),
        sa.CheckConstraint("extra_seats BETWEEN 0 AND 20", name=op.f("ck_support_rule_extra_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_rule")),
    )
    op.create_table(
        "check_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("good_for_hours", sa.Integer(), nullable=False),
        sa.Column("repeat_after_cancellation", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("outcome IN ('fit', 'fit_with_support', 'waived')", name=op.f("ck_check_rule_outcome")),
        sa.CheckConstraint("good_for_hours BETWEEN 1 AND 8784", name=op.f("ck_check_rule_good_for_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_rule")),
    )
    op.create_table(
        "escort",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("individuals", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("fare", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("budget_line", sa.String(40), nullable=False),
        sa.Column("seat", sa.String(10), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('booked', 'cancelled')", name=op.f("ck_escort_status")),
        sa.CheckConstraint("kind IN ('medical', 'operational', 'family')", name=op.f("ck_escort_kind")),
        sa.CheckConstraint("fare >= 0", name=op.f("ck_escort_fare")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_escort_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escort")),
    )
    op.create_index(op.f("ix_escort_flight_id"), "escort", ["flight_id"], unique=False)
    op.create_index(
        "uq_escort_reference",
        "escort",
        ["flight_id", "reference"],
        unique=True,
        sqlite_where=BOOKED,
        postgresql_where=BOOKED,
    )


def downgrade() -> None:
    op.drop_table("escort")
    op.drop_table("check_rule")
    op.drop_table("support_rule")
    op.drop_column("passenger", "extra_seats")
