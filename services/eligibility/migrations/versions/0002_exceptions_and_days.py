"""Exceptions to rules, changes that come on a day, returns by other means, records that are one person."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ALIVE = sa.text("status IN ('asked', 'approved')")
_WAITING = sa.text("done_at IS NULL")


def upgrade() -> None:
    no, none = sa.false(), sa.text("0")
    op.add_column("standing", sa.Column("excepted", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("member_fact", sa.Column("returned_attempt", sa.Integer(), nullable=False, server_default=none))
    op.add_column("member_fact", sa.Column("returned_kind", sa.String(), nullable=True))
    op.add_column("member_fact", sa.Column("returned_on", sa.Date(), nullable=True))
    op.add_column("member_fact", sa.Column("duplicate_of", sa.Uuid(), nullable=True))
    op.add_column("member_fact", sa.Column("linked", sa.Boolean(), nullable=False, server_default=no))
    op.create_table(
        "link_fact",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("duplicate", sa.Uuid(), nullable=False),
        sa.Column("stands", sa.Uuid(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_link_fact")),
    )
    op.create_index("ix_link_fact_duplicate", "link_fact", ["duplicate"], unique=False)
    op.create_index("ix_link_fact_stands", "link_fact", ["stands"], unique=False)
    op.create_table(
        "rule_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'approved', 'refused', 'withdrawn', 'expired')",
            name=op.f("ck_rule_exception_status"),
        ),
        sa.CheckConstraint(
            "reason IN ('vulnerability', 'family_unity', 'humanitarian', 'mistake_of_authorities', 'donor_agreed')",
            name=op.f("ck_rule_exception_reason"),
        ),
        sa.CheckConstraint(
            "decision_reason IS NULL OR decision_reason IN"
            " ('not_justified', 'other_programme_fits', 'donor_disagrees', 'evidence_lacks')",
            name=op.f("ck_rule_exception_decision_reason"),
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_rule_exception_four_eyes")),
        sa.CheckConstraint(
            "(status <> 'approved') OR (approved_on IS NOT NULL)", name=op.f("ck_rule_exception_approved")
        ),
        sa.CheckConstraint("approved_on IS NULL OR decided_by IS NOT NULL", name=op.f("ck_rule_exception_decided")),
        sa.ForeignKeyConstraint(["case_id"], ["standing.id"], name=op.f("fk_rule_exception_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_exception")),
    )
    op.create_index("ix_rule_exception_case", "rule_exception", ["case_id", "id"], unique=False)
    op.create_index("ix_rule_exception_status", "rule_exception", ["status", "id"], unique=False)
    op.create_index(
        "uq_rule_exception_alive",
        "rule_exception",
        ["case_id", "programme", "rule"],
        unique=True,
        sqlite_where=_ALIVE,
        postgresql_where=_ALIVE,
    )
    op.create_table(
        "coming_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=True),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("announced_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(country IS NOT NULL AND programme_id IS NULL AND case_id IS NULL)"
            " OR (country IS NULL AND programme_id IS NOT NULL AND case_id IS NULL)"
            " OR (country IS NULL AND programme_id IS NULL AND case_id IS NOT NULL)",
            name=op.f("ck_coming_change_about_one"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["standing.id"], name=op.f("fk_coming_change_case_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_coming_change_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coming_change")),
    )
    op.create_index(
        "ix_coming_change_due",
        "coming_change",
        ["due_on", "id"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index(
        "ix_coming_change_waiting",
        "coming_change",
        ["id"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    for table in ("coming_change", "rule_exception", "link_fact"):
        op.drop_table(table)
    for column in ("linked", "duplicate_of", "returned_on", "returned_kind", "returned_attempt"):
        op.drop_column("member_fact", column)
    op.drop_column("standing", "excepted")
