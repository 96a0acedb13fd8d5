"""Stock, relief cards, distributions and receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import UtcDateTime

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relief_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.CheckConstraint("unit IN ('kilogram', 'litre', 'piece')", name=op.f("ck_relief_item_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief_item")),
        sa.UniqueConstraint("code", name=op.f("uq_relief_item_code")),
    )
    op.create_table(
        "distribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("takes_place_at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("to_bring", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("announced_at", UtcDateTime(), nullable=False),
        sa.Column("announced_by", sa.String(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('announced', 'open', 'closed')", name=op.f("ck_distribution_status")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_distribution_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution")),
    )
    op.create_index("ix_distribution_site_id_id", "distribution", ["site_id", "id"], unique=False)
    op.create_table(
        "relief_card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("infants", sa.Integer(), nullable=False),
        sa.Column("needs", JSON, nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.CheckConstraint("adults + children + infants > 0", name=op.f("ck_relief_card_somebody")),
        sa.CheckConstraint("adults >= 0 AND children >= 0 AND infants >= 0", name=op.f("ck_relief_card_people")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_relief_card_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief_card")),
        sa.UniqueConstraint("code", name=op.f("uq_relief_card_code")),
        sa.UniqueConstraint("household_id", name=op.f("uq_relief_card_household_id")),
    )
    op.create_table(
        "stock_level",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_level_on_hand")),
        sa.ForeignKeyConstraint(["item_id"], ["relief_item.id"], name=op.f("fk_stock_level_item_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_stock_level_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_level")),
        sa.UniqueConstraint("site_id", "item_id", name=op.f("uq_stock_level_site_id_item_id")),
    )
    op.create_table(
        "stock_movement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("distribution_id", sa.Uuid(), nullable=True),
        sa.Column("paper", sa.String(), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "move IN ('received', 'moved_in', 'moved_out', 'lost', 'damaged', 'handed_out', 'brought_back')",
            name=op.f("ck_stock_movement_move"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_movement_quantity")),
        sa.ForeignKeyConstraint(["item_id"], ["relief_item.id"], name=op.f("fk_stock_movement_item_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_stock_movement_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
    )
    op.create_index("ix_stock_movement_site_id_id", "stock_movement", ["site_id", "id"], unique=False)
    op.create_table(
        "distributed_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("distribution_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("per_household", sa.BigInteger(), nullable=False),
        sa.Column("per_person", sa.BigInteger(), nullable=False),
        sa.Column("per_child", sa.BigInteger(), nullable=False),
        sa.Column("per_infant", sa.BigInteger(), nullable=False),
        sa.Column("only_for", sa.String(), nullable=True),
        sa.Column("planned", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("lost", sa.BigInteger(), nullable=False),
        sa.Column("damaged", sa.BigInteger(), nullable=False),
        sa.Column("back", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "issued + lost + damaged + back <= taken", name=op.f("ck_distributed_item_never_more_than_taken")
        ),
        sa.CheckConstraint(
            "issued >= 0 AND lost >= 0 AND damaged >= 0 AND back >= 0", name=op.f("ck_distributed_item_quantities")
        ),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distributed_item_distribution_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["relief_item.id"], name=op.f("fk_distributed_item_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distributed_item")),
        sa.UniqueConstraint("distribution_id", "item_id", name=op.f("uq_distributed_item_distribution_id_item_id")),
    )
    op.create_table(
        "relief_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("distribution_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("given", JSON, nullable=False),
        sa.Column("collected_by", sa.String(), nullable=False),
        sa.Column("proxy_reason", sa.String(), nullable=True),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.CheckConstraint("collected_by IN ('household', 'proxy')", name=op.f("ck_relief_receipt_collected_by")),
        sa.ForeignKeyConstraint(["card_id"], ["relief_card.id"], name=op.f("fk_relief_receipt_card_id")),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_relief_receipt_distribution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief_receipt")),
        sa.UniqueConstraint("distribution_id", "card_id", name=op.f("uq_relief_receipt_distribution_id_card_id")),
    )
    op.create_table(
        "relief_second_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("distribution_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seen_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_relief_second_attempt_distribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["relief_receipt.id"], name=op.f("fk_relief_second_attempt_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief_second_attempt")),
    )
    op.create_index(
        op.f("ix_relief_second_attempt_distribution_id"), "relief_second_attempt", ["distribution_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_relief_second_attempt_distribution_id"), table_name="relief_second_attempt")
    op.drop_table("relief_second_attempt")
    op.drop_table("relief_receipt")
    op.drop_table("distributed_item")
    op.drop_index("ix_stock_movement_site_id_id", table_name="stock_movement")
    op.drop_table("stock_movement")
    op.drop_table("stock_level")
    op.drop_table("relief_card")
    op.drop_index("ix_distribution_site_id_id", table_name="distribution")
    op.drop_table("distribution")
    op.drop_table("relief_item")
