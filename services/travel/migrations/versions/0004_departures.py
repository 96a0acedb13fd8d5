"""The ledger of departures, and what is counted of a person."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("departed_on", sa.Date(), nullable=False),
        sa.Column("nationality", sa.String(3), nullable=True),
        sa.Column("sex", sa.String(10), nullable=True),
        sa.Column("age_group", sa.String(10), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("destination", sa.String(3), nullable=False),
        sa.Column("flight_kind", sa.String(20), nullable=False),
        sa.Column("from_airport", sa.String(3), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sa.UniqueConstraint("event_id", name=op.f("uq_departure_event_id")),
    )
    op.create_index("ix_departure_departed_on", "departure", ["departed_on"], unique=False)
    op.create_index(op.f("ix_departure_individual_id"), "departure", ["individual_id"], unique=False)
    op.create_table(
        "departure_undone",
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["departure_id"], ["departure.id"], name=op.f("fk_departure_undone_departure_id")),
        sa.PrimaryKeyConstraint("departure_id", name=op.f("pk_departure_undone")),
        sa.UniqueConstraint("event_id", name=op.f("uq_departure_undone_event_id")),
    )
    op.add_column("case_fact", sa.Column("site_id", sa.Uuid(), nullable=True))
    op.add_column("member_fact", sa.Column("sex", sa.String(10), nullable=True))
    op.add_column("member_fact", sa.Column("age_group", sa.String(10), nullable=True))


def downgrade() -> None:
    op.drop_column("member_fact", "age_group")
    op.drop_column("member_fact", "sex")
    op.drop_column("case_fact", "site_id")
    op.drop_table("departure_undone")
    op.drop_index(op.f("ix_departure_individual_id"), table_name="departure")
    op.drop_index("ix_departure_departed_on", table_name="departure")
    op.drop_table("departure")
