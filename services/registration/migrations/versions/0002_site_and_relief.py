"""The site and relief."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _site() -> None:
    op.add_column("site", sa.Column("place", sa.String(), nullable=True))
    op.create_table(
        "headcount",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        *_recorded(),
        sa.CheckConstraint(
            "method IN ('count_of_persons', 'count_of_cards', 'sleeping_places', 'estimate', 'told_by_authority')",
            name=op.f("ck_headcount_method"),
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_headcount_people")),
        *_keys("headcount", site_id="site", corrects="headcount"),
        sa.UniqueConstraint("corrects", name=op.f("uq_headcount_corrects")),
    )
    op.create_index("ix_headcount_site_id_id", "headcount", ["site_id", "id"])
    op.create_index("ix_headcount_site_id_occurred_at", "headcount", ["site_id", "occurred_at"])
    op.create_table(
        "site_condition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("covered_m2", sa.Integer(), nullable=True),
        sa.Column("water_litres_per_day", sa.Integer(), nullable=True),
        sa.Column("latrines", sa.Integer(), nullable=True),
        *_recorded(),
        sa.CheckConstraint("covered_m2 IS NULL OR covered_m2 >= 0", name=op.f("ck_site_condition_covered_m2")),
        sa.CheckConstraint(
            "water_litres_per_day IS NULL OR water_litres_per_day >= 0", name=op.f("ck_site_condition_water")
        ),
        sa.CheckConstraint("latrines IS NULL OR latrines >= 0", name=op.f("ck_site_condition_latrines")),
        *_keys("site_condition", site_id="site"),
    )
    op.create_index("ix_site_condition_site_id_occurred_at", "site_condition", ["site_id", "occurred_at"])
    op.create_table(
        "site_movement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("individuals", JSON, nullable=False),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        *_recorded(),
        sa.CheckConstraint(
            "reason IN ('came_in', 'moved_to_hotel', 'left_on_their_own', 'helped_home', 'taken_to_hospital', 'other')",
            name=op.f("ck_site_movement_reason"),
        ),
        sa.CheckConstraint("change <> 0", name=op.f("ck_site_movement_change")),
        *_keys("site_movement", site_id="site", reverses="site_movement"),
        sa.UniqueConstraint("reverses", name=op.f("uq_site_movement_reverses")),
    )
    op.create_index("ix_site_movement_site_id_id", "site_movement", ["site_id", "id"])
    op.create_index("ix_site_movement_site_id_occurred_at", "site_movement", ["site_id", "occurred_at"])


def _recorded() -> list[sa.Column]:
    return [
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("late_reason", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
    ]


def _keys(table: str, **parents: str) -> list[sa.Constraint]:
    foreign = [
        sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, parent in parents.items()
    ]
    return [*foreign, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def upgrade() -> None:
    _site()


def downgrade() -> None:
    for table in ("site_movement", "site_condition", "headcount"):
        op.drop_table(table)
    op.drop_column("site", "place")
