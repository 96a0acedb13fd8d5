"""A return that was recorded by mistake is undone, and may be recorded again."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ONCE = "uq_recorded_return_case_id_individual_id_attempt"


def _as_it_was() -> sa.Table:
    """SQLite makes a table anew where one of its constraints goes, and does not tell what its CHECKs were."""
    return sa.Table(
        "recorded_return",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('retroactive', 'own_government', 'on_their_own')", name=op.f("ck_recorded_return_kind")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_recorded_return_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_recorded_return_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_return")),
        sa.UniqueConstraint("case_id", "individual_id", "attempt", name=op.f(ONCE)),
    )


def upgrade() -> None:
    with op.batch_alter_table("recorded_return", copy_from=_as_it_was()) as table:
        table.add_column(sa.Column("stood", sa.String(), nullable=True))
        table.add_column(sa.Column("undone_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("undone_by", sa.String(), nullable=True))
        table.add_column(sa.Column("undone_because", sa.String(), nullable=True))
        table.add_column(sa.Column("undone_note", sa.String(), nullable=True))
        table.drop_constraint(op.f(ONCE), type_="unique")
        table.create_check_constraint(
            op.f("ck_recorded_return_undone_because"),
            "undone_because IS NULL OR undone_because IN ('wrong_person', 'misinformed', 'typing_error')",
        )
        table.create_check_constraint(
            op.f("ck_recorded_return_undone_by_someone"),
            "(undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undone_because IS NULL)",
        )
    op.create_index("ix_recorded_return_case_id", "recorded_return", ["case_id", "id"], unique=False)
    op.create_index(
        "uq_recorded_return_stands",
        "recorded_return",
        ["case_id", "individual_id", "attempt"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
