"""What people ask and say, and what is explained to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import UtcDateTime

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("referred_to", sa.String(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("call_back_wanted", sa.Boolean(), nullable=False),
        sa.Column("called_back_at", UtcDateTime(), nullable=True),
        sa.Column("called_back_by", sa.String(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('office_visit', 'phone', 'online', 'outreach_visit', 'referral', 'airport_desk')",
            name=op.f("ck_enquiry_channel"),
        ),
        sa.CheckConstraint(
            "topic IN ('return', 'asylum', 'entry_and_transit', 'relief', 'health', 'family', 'documents', 'safety', 'other')",
            name=op.f("ck_enquiry_topic"),
        ),
        sa.CheckConstraint("urgency IN ('ordinary', 'soon', 'distress')", name=op.f("ck_enquiry_urgency")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_enquiry_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
    )
    op.create_index("ix_enquiry_topic_asked_on", "enquiry", ["topic", "asked_on"], unique=False)
    op.create_index(
        "ix_enquiry_waits",
        "enquiry",
        ["id"],
        unique=False,
        sqlite_where=sa.text("call_back_wanted AND called_back_at IS NULL"),
        postgresql_where=sa.text("call_back_wanted AND called_back_at IS NULL"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("distribution_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "category IN ('thanks', 'information', 'quality', 'exclusion', 'staff_conduct', 'exploitation_and_abuse', 'data', 'other')",
            name=op.f("ck_feedback_category"),
        ),
        sa.CheckConstraint(
            "way IN ('in_person', 'hotline', 'box', 'letter', 'online', 'at_a_distribution')",
            name=op.f("ck_feedback_way"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_feedback_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_protected_id", "feedback", ["protected", "id"], unique=False)
    op.create_table(
        "information_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("attendance", JSON, nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.CheckConstraint("attended >= 0", name=op.f("ck_information_session_attended")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_information_session_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_session")),
    )
    op.create_index("ix_information_session_site_id_id", "information_session", ["site_id", "id"], unique=False)
    op.create_table(
        "outreach_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("people_spoken_to", sa.Integer(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('information', 'counselling', 'relief', 'health', 'protection', 'monitoring')",
            name=op.f("ck_outreach_visit_purpose"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_outreach_visit_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_visit")),
    )
    op.create_index("ix_outreach_visit_site_id_id", "outreach_visit", ["site_id", "id"], unique=False)
    op.create_table(
        "feedback_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_step_feedback_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_step")),
    )
    op.create_index(op.f("ix_feedback_step_feedback_id"), "feedback_step", ["feedback_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_feedback_step_feedback_id"), table_name="feedback_step")
    op.drop_table("feedback_step")
    op.drop_index("ix_outreach_visit_site_id_id", table_name="outreach_visit")
    op.drop_table("outreach_visit")
    op.drop_index("ix_information_session_site_id_id", table_name="information_session")
    op.drop_table("information_session")
    op.drop_index("ix_feedback_protected_id", table_name="feedback")
    op.drop_table("feedback")
    op.drop_index(
        "ix_enquiry_waits",
        table_name="enquiry",
        sqlite_where=sa.text("call_back_wanted AND called_back_at IS NULL"),
        postgresql_where=sa.text("call_back_wanted AND called_back_at IS NULL"),
    )
    op.drop_index("ix_enquiry_topic_asked_on", table_name="enquiry")
    op.drop_table("enquiry")
