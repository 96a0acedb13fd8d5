"""The waiting list, and who goes first."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "priority_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual", sa.String(36), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "individual", name=op.f("pk_priority_fact")),
    )
    op.create_table(
        "waiting_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("destination", sa.String(3), nullable=False),
        sa.Column("individuals", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'seated', 'left')", name=op.f("ck_waiting_entry_status")),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_waiting_entry_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entry")),
    )
    op.create_index(
        "ix_waiting_entry_order", "waiting_entry", ["destination", "status", "level", "since", "id"], unique=False
    )
    op.create_index(
        "uq_waiting_entry_case",
        "waiting_entry",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_waiting_entry_case",
        table_name="waiting_entry",
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.drop_index("ix_waiting_entry_order", table_name="waiting_entry")
    op.drop_table("waiting_entry")
    op.drop_table("priority_fact")
