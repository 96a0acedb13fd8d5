"""Relief cards over time: their people change, a lost one gets a new number, and a proxy who collects has a name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "relief_card_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("old_code", sa.String(), nullable=True),
        sa.Column("new_card_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.CheckConstraint("(kind = 'replaced') = (old_code IS NOT NULL)", name=op.f("ck_relief_card_change_replaced")),
        sa.CheckConstraint("(kind = 'split') = (new_card_id IS NOT NULL)", name=op.f("ck_relief_card_change_split")),
        sa.CheckConstraint("kind IN ('people', 'split', 'replaced')", name=op.f("ck_relief_card_change_kind")),
        sa.ForeignKeyConstraint(["card_id"], ["relief_card.id"], name=op.f("fk_relief_card_change_card_id")),
        sa.ForeignKeyConstraint(["new_card_id"], ["relief_card.id"], name=op.f("fk_relief_card_change_new_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief_card_change")),
        sa.UniqueConstraint("old_code", name=op.f("uq_relief_card_change_old_code")),
    )
    op.create_index("ix_relief_card_change_card_id_id", "relief_card_change", ["card_id", "id"], unique=False)
    op.add_column("relief_card", sa.Column("covered_by", JSON, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("relief_card", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column("relief_receipt", sa.Column("proxy_name", sa.String(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
