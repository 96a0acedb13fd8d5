"""Who is shown to protection to be responsible for a child."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SHOWING = "'court_order', 'appointment_of_guardian', 'birth_certificate', 'family_register', 'interview_by_protection'"


def upgrade() -> None:
    op.create_table(
        "guardianship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("showing", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"showing IN ({SHOWING})", name=op.f("ck_guardianship_showing")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_guardianship_ended_by_someone")),
        sa.CheckConstraint("individual_id <> guardian_id", name=op.f("ck_guardianship_of_another")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_guardianship_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_guardianship_individual_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["individual.id"], name=op.f("fk_guardianship_guardian_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
    )
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_guardianship_live",
        "guardianship",
        ["case_id", "individual_id", "guardian_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("ix_guardianship_case_id_id", "guardianship", ["case_id", "id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
