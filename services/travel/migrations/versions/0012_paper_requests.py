"""Papers asked of embassies and authorities, and reminders of them."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WAITS = sa.text("status IN ('requested', 'appointed')")


def upgrade() -> None:
    op.create_table(
        "paper_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(30), nullable=False),
        sa.Column("asked_of", sa.String(3), nullable=False),
        sa.Column("for_country", sa.String(3), nullable=True),
        sa.Column("office", sa.String(120), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("appointment_at", UtcDateTime(), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=False),
        sa.Column("remind_every_days", sa.Integer(), nullable=False),
        sa.Column("reminders_sent", sa.Integer(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('requested', 'appointed', 'collected', 'refused', 'abandoned')",
            name=op.f("ck_paper_request_status"),
        ),
        sa.CheckConstraint(
            "document IN ('passport', 'emergency_travel_document', 'laissez_passer', 'exit_permit', 'visa', "
            "'transit_visa')",
            name=op.f("ck_paper_request_document"),
        ),
        sa.CheckConstraint("due_on >= requested_on", name=op.f("ck_paper_request_dates")),
        sa.CheckConstraint("remind_every_days > 0 AND reminders_sent >= 0", name=op.f("ck_paper_request_reminders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_request")),
    )
    op.create_index(op.f("ix_paper_request_case_id"), "paper_request", ["case_id"], unique=False)
    op.create_index(op.f("ix_paper_request_individual_id"), "paper_request", ["individual_id"], unique=False)
    op.create_index(
        "uq_paper_request_open",
        "paper_request",
        ["individual_id", "document", "asked_of"],
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    for name, column in (("due", "due_on"), ("remind", "remind_on")):
        op.create_index(
            f"ix_paper_request_{name}",
            "paper_request",
            [column, "id"],
            unique=False,
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        )
    op.create_table(
        "paper_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["paper_request.id"], name=op.f("fk_paper_reminder_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_reminder")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_paper_reminder_request_id_number")),
    )


def downgrade() -> None:
    op.drop_table("paper_reminder")
    op.drop_table("paper_request")
