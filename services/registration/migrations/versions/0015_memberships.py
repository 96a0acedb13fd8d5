"""Who joins a case that is there already, and who leaves it."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HOW = "'born', 'found', 'came_back', 'other', 'another_case', 'gone', 'died', 'entered_by_mistake'"


def upgrade() -> None:
    op.create_table(
        "membership_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("late_reason", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.CheckConstraint("change IN ('joined', 'left')", name=op.f("ck_membership_change_change")),
        sa.CheckConstraint(f"how IN ({HOW})", name=op.f("ck_membership_change_how")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_membership_change_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_membership_change_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_change")),
    )
    op.create_index("ix_membership_change_case_id_id", "membership_change", ["case_id", "id"], unique=False)
    op.add_column("case_member", sa.Column("left_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
