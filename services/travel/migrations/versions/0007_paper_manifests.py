"""Flights that were worked on paper; baggage, what was counted at departure, and seats the desk freed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "paper_manifest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("departed_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("worked_by", sa.String(120), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("differs", JSON, nullable=False),
        sa.Column("evidence", sa.String(200), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("resolution", sa.String(20), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(120), nullable=True),
        sa.CheckConstraint("status IN ('entered', 'contradicts', 'resolved')", name=op.f("ck_paper_manifest_status")),
        sa.CheckConstraint(
            "resolution IS NULL OR resolution IN ('record_stands', 'departed_too')",
            name=op.f("ck_paper_manifest_resolution"),
        ),
        sa.CheckConstraint("(status = 'resolved') = (resolution IS NOT NULL)", name=op.f("ck_paper_manifest_resolved")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_paper_manifest_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_manifest")),
        sa.UniqueConstraint("flight_id", "digest", name=op.f("uq_paper_manifest_flight_id_digest")),
    )
    op.add_column(
        "passenger",
        sa.Column("bags", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column(
        "passenger",
        sa.Column(
            "bags_taken_off",
            sa.Integer(),
            sa.CheckConstraint("bags >= 0 AND bags_taken_off >= 0", name=op.f("ck_passenger_bags")),
            nullable=False,
            server_default="0",
        ),
    )
    op.add_column("flight", sa.Column("counted_persons", sa.Integer(), nullable=True))
    op.add_column("flight", sa.Column("counted_pieces", sa.Integer(), nullable=True))
    op.add_column("flight", sa.Column("seats_freed_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("flight", "seats_freed_at")
    op.drop_column("flight", "counted_pieces")
    op.drop_column("flight", "counted_persons")
    op.drop_column("passenger", "bags_taken_off")
    op.drop_column("passenger", "bags")
    op.drop_table("paper_manifest")
