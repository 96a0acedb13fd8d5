"""Bookings on hold; who is home already; who is one person."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("held_for", sa.String(40), nullable=True))
    op.add_column("booking", sa.Column("held_at", UtcDateTime(), nullable=True))
    op.add_column("booking", sa.Column("held_from", sa.Date(), nullable=True))
    op.add_column("booking", sa.Column("held_source", sa.String(400), nullable=True))
    op.create_table(
        "return_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "individual_id", "attempt", name=op.f("pk_return_fact")),
    )
    op.create_table(
        "link_fact",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("duplicate", sa.Uuid(), nullable=False),
        sa.Column("stands", sa.Uuid(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_link_fact")),
    )
    op.create_index(op.f("ix_link_fact_case_id"), "link_fact", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_link_fact_case_id"), table_name="link_fact")
    op.drop_table("link_fact")
    op.drop_table("return_fact")
    for column in ("held_source", "held_from", "held_at", "held_for"):
        op.drop_column("booking", column)
