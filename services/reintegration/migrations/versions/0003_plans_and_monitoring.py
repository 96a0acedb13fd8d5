"""Assessments, approvals, changes to plans, community projects, follow-ups, reopening, and two more foreign facts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import MoneyColumn, UtcDateTime

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community_project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("goal", sa.String(500), nullable=False),
        sa.Column("activities", JSON, nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("area", sa.String(40), nullable=True),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("shared", MoneyColumn(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'ended')", name=op.f("ck_community_project_status")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_community_project_amount")),
        sa.CheckConstraint("shared >= 0 AND shared <= amount", name=op.f("ck_community_project_shared")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_project")),
        sa.UniqueConstraint("code", name=op.f("uq_community_project_code")),
    )
    op.create_index("ix_community_project_status_id", "community_project", ["status", "id"], unique=False)
    op.create_table(
        "fact_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("duplicate", sa.Uuid(), nullable=False),
        sa.Column("stands", sa.Uuid(), nullable=False),
        sa.Column("standing_case", sa.Uuid(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_link")),
    )
    op.create_index(op.f("ix_fact_link_case_id"), "fact_link", ["case_id"], unique=False)
    op.create_index(op.f("ix_fact_link_standing_case"), "fact_link", ["standing_case"], unique=False)
    op.create_table(
        "fact_return",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("returned_at", UtcDateTime(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('retroactive', 'own_government', 'on_their_own')", name=op.f("ck_fact_return_kind")
        ),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_fact_return_attempt")),
        sa.PrimaryKeyConstraint("case_id", "individual_id", "attempt", name=op.f("pk_fact_return")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("needs", JSON, nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_assessment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index("ix_assessment_case_id_id", "assessment", ["case_id", "id"], unique=False)
    op.create_table(
        "feasibility_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("aspect", sa.String(40), nullable=False),
        sa.Column("option", sa.String(20), nullable=False),
        sa.Column("grid", sa.String(40), nullable=False),
        sa.Column("grid_version", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('suitable', 'not_suitable', 'open')", name=op.f("ck_feasibility_check_verdict")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_feasibility_check_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feasibility_check")),
    )
    op.create_index("ix_feasibility_check_case_id_id", "feasibility_check", ["case_id", "id"], unique=False)
    op.create_table(
        "post_arrival_help",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("help", sa.String(30), nullable=False),
        sa.Column("provider", sa.String(40), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "help IN ('reception', 'onward_transport', 'temporary_lodging', 'medical_support', 'psychosocial_support',"
            " 'food_and_items', 'family_reunion')",
            name=op.f("ck_post_arrival_help_help"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_post_arrival_help_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_arrival_help")),
    )
    op.create_index("ix_post_arrival_help_case_id_id", "post_arrival_help", ["case_id", "id"], unique=False)
    op.create_table(
        "reopening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("closure_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("final_report", sa.String(4000), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.String(120), nullable=False),
        sa.Column("closure_recorded_at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.String(30), nullable=False),
        sa.Column("reopened_by", sa.String(120), nullable=False),
        sa.Column("reopened_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "why IN ('closed_by_mistake', 'reached_again', 'still_owed', 'came_back')", name=op.f("ck_reopening_why")
        ),
        sa.CheckConstraint("reopened_by <> closed_by", name=op.f("ck_reopening_four_eyes")),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_reopening_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
        sa.UniqueConstraint("closure_id", name=op.f("uq_reopening_closure_id")),
    )
    op.create_index("ix_reopening_case_id_id", "reopening", ["case_id", "id"], unique=False)
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_approval_amount")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_approval_round")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_approval_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("subject_id", "round", "by", name=op.f("uq_approval_subject_id_round_by")),
    )
    op.create_index(op.f("ix_approval_plan_id"), "approval", ["plan_id"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("why_lost", sa.String(20), nullable=True),
        sa.Column("settled_by", sa.String(120), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(status = 'lost') = (why_lost IS NOT NULL)", name=op.f("ck_follow_up_lost")),
        sa.CheckConstraint("(status = 'made') = (made_by IS NOT NULL)", name=op.f("ck_follow_up_made")),
        sa.CheckConstraint("kind IN ('visit', 'survey')", name=op.f("ck_follow_up_kind")),
        sa.CheckConstraint("status IN ('open', 'made', 'lost', 'ended')", name=op.f("ck_follow_up_status")),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_follow_up_case_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_follow_up_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("plan_id", "kind", "number", name=op.f("uq_follow_up_plan_id_kind_number")),
    )
    op.create_index("ix_follow_up_case_id_id", "follow_up", ["case_id", "id"], unique=False)
    op.create_index("ix_follow_up_kind_status_due_on_id", "follow_up", ["kind", "status", "due_on", "id"], unique=False)
    op.create_table(
        "plan_amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("goals", JSON, nullable=True),
        sa.Column("activities", JSON, nullable=True),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("total", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("proposed_by", sa.String(120), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(120), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("comment", sa.String(500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'approved' OR decided_by <> proposed_by", name=op.f("ck_plan_amendment_four_eyes")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'approved', 'returned', 'taken_back')", name=op.f("ck_plan_amendment_status")
        ),
        sa.CheckConstraint("total >= 0", name=op.f("ck_plan_amendment_total")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_amendment_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_amendment")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_amendment_plan_id_number")),
    )
    op.create_index(
        "uq_plan_amendment_waiting",
        "plan_amendment",
        ["plan_id"],
        unique=True,
        sqlite_where=sa.text("status = 'proposed'"),
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.create_table(
        "project_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("taken_by", sa.String(120), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("released_by", sa.String(120), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_project_share_amount")),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_project_share_case_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_project_share_plan_id")),
        sa.ForeignKeyConstraint(["project_id"], ["community_project.id"], name=op.f("fk_project_share_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_share")),
    )
    op.create_index("ix_project_share_project_id_id", "project_share", ["project_id", "id"], unique=False)
    op.create_index(
        "uq_project_share_live",
        "project_share",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index(op.f("ix_project_share_plan_id"), "project_share", ["plan_id"], unique=False)
    op.add_column("fact_seat", sa.Column("missed", sa.Integer(), server_default="0", nullable=False))
    op.add_column("plan", sa.Column("submissions", sa.Integer(), server_default="0", nullable=False))
    op.add_column("plan", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    op.drop_column("plan", "revision")
    op.drop_column("plan", "submissions")
    op.drop_column("fact_seat", "missed")
    op.drop_index(
        "uq_project_share_live",
        table_name="project_share",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_index(op.f("ix_project_share_plan_id"), table_name="project_share")
    op.drop_index("ix_project_share_project_id_id", table_name="project_share")
    op.drop_table("project_share")
    op.drop_index(
        "uq_plan_amendment_waiting",
        table_name="plan_amendment",
        sqlite_where=sa.text("status = 'proposed'"),
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.drop_table("plan_amendment")
    op.drop_index("ix_follow_up_kind_status_due_on_id", table_name="follow_up")
    op.drop_index("ix_follow_up_case_id_id", table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_index(op.f("ix_approval_plan_id"), table_name="approval")
    op.drop_table("approval")
    op.drop_index("ix_reopening_case_id_id", table_name="reopening")
    op.drop_table("reopening")
    op.drop_index("ix_post_arrival_help_case_id_id", table_name="post_arrival_help")
    op.drop_table("post_arrival_help")
    op.drop_index("ix_feasibility_check_case_id_id", table_name="feasibility_check")
    op.drop_table("feasibility_check")
    op.drop_index("ix_assessment_case_id_id", table_name="assessment")
    op.drop_table("assessment")
    op.drop_table("fact_return")
    op.drop_index(op.f("ix_fact_link_standing_case"), table_name="fact_link")
    op.drop_index(op.f("ix_fact_link_case_id"), table_name="fact_link")
    op.drop_table("fact_link")
    op.drop_index("ix_community_project_status_id", table_name="community_project")
    op.drop_table("community_project")
