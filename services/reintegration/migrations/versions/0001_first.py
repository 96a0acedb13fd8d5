"""The first schema: folded facts, cases, plans, money moved, visits, surveys, closures, and the standing tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import MoneyColumn, UtcDateTime

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assisted_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("told_withdrawn", JSON, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('expected', 'arrived', 'planning', 'submitted', 'sent_back', 'approved', 'in_delivery',"
            " 'closed', 'cancelled')",
            name=op.f("ck_assisted_case_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assisted_case")),
    )
    op.create_index("ix_assisted_case_status_id", "assisted_case", ["status", "id"], unique=False)
    op.create_table(
        "case_turn",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_turn")),
    )
    op.create_table(
        "fact_allowance",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.String(200), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_fact_allowance_amount")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_fact_allowance")),
    )
    op.create_index(op.f("ix_fact_allowance_case_id"), "fact_allowance", ["case_id"], unique=False)
    op.create_table(
        "fact_case",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("host_country", sa.String(3), nullable=True),
        sa.Column("destination_country", sa.String(3), nullable=True),
        sa.Column("closed_reason", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_fact_case")),
    )
    op.create_table(
        "fact_decision",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("attempts", JSON, nullable=False),
        sa.Column("package", JSON, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_fact_decision")),
    )
    op.create_index("ix_fact_decision_case_id_sequence", "fact_decision", ["case_id", "sequence"], unique=False)
    op.create_table(
        "fact_late_statement",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("stated_at", UtcDateTime(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_fact_late_statement")),
    )
    op.create_index(op.f("ix_fact_late_statement_case_id"), "fact_late_statement", ["case_id"], unique=False)
    op.create_table(
        "fact_member",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(40), nullable=False),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_fact_member_attempt")),
        sa.PrimaryKeyConstraint("case_id", "individual_id", name=op.f("pk_fact_member")),
    )
    op.create_table(
        "fact_seat",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("expected_at", UtcDateTime(), nullable=True),
        sa.Column("met_by", sa.String(40), nullable=True),
        sa.Column("country", sa.String(3), nullable=True),
        sa.CheckConstraint(
            "standing IN ('booked', 'cancelled', 'no_show', 'offloaded', 'departed', 'in_transit', 'arrived',"
            " 'not_admitted')",
            name=op.f("ck_fact_seat_standing"),
        ),
        sa.PrimaryKeyConstraint("booking_id", "individual_id", name=op.f("pk_fact_seat")),
    )
    op.create_index(op.f("ix_fact_seat_case_id"), "fact_seat", ["case_id"], unique=False)
    op.create_table(
        "fact_withdrawal",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "individual_id", "attempt", name=op.f("pk_fact_withdrawal")),
    )
    op.create_table(
        "survey_scheme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("source", sa.String(500), nullable=False),
        sa.Column("minimum_share", sa.String(10), nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("option_sets", JSON, nullable=False),
        sa.Column("bands", JSON, nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('provisional', 'official')", name=op.f("ck_survey_scheme_status")),
        sa.CheckConstraint("scheme_version >= 1", name=op.f("ck_survey_scheme_scheme_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_scheme")),
        sa.UniqueConstraint("scheme", "scheme_version", name=op.f("uq_survey_scheme_scheme_scheme_version")),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("final_report", sa.String(4000), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('completed', 'budget_expired', 'withdrawn_after_return', 'lost_contact', 'died',"
            " 'migrated_again')",
            name=op.f("ck_closure_reason"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_closure_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("case_id", name=op.f("uq_closure_case_id")),
    )
    op.create_table(
        "counselling_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individuals", JSON, nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("held_by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_counselling_session_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counselling_session")),
    )
    op.create_index("ix_counselling_session_case_id_id", "counselling_session", ["case_id", "id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("goals", JSON, nullable=False),
        sa.Column("activities", JSON, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("attempts", JSON, nullable=False),
        sa.Column("drafted_by", sa.String(120), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_by", sa.String(120), nullable=True),
        sa.Column("approved_by", sa.String(120), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("arrived", JSON, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'sent_back', 'approved', 'closed', 'cancelled')",
            name=op.f("ck_plan_status"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR (approved_by <> drafted_by AND approved_by <> submitted_by)",
            name=op.f("ck_plan_four_eyes"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_plan_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index("ix_plan_case_id_id", "plan", ["case_id", "id"], unique=False)
    op.create_index(
        "uq_plan_live",
        "plan",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'cancelled'"),
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("interviewed_on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("scores", JSON, nullable=False),
        sa.Column("band", sa.String(40), nullable=False),
        sa.Column("recorded_by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("round >= 1", name=op.f("ck_survey_round")),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_survey_case_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["survey_scheme.id"], name=op.f("fk_survey_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("case_id", "individual_id", "round", name=op.f("uq_survey_case_id_individual_id_round")),
    )
    op.create_index("ix_survey_case_id_id", "survey", ["case_id", "id"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("individuals", JSON, nullable=False),
        sa.Column("findings", sa.String(4000), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("next_due IS NULL OR next_due > made_on", name=op.f("ck_visit_next_due")),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_visit_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_case_id_id", "visit", ["case_id", "id"], unique=False)
    op.create_table(
        "plan_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("modality", sa.String(10), nullable=False),
        sa.Column("package_line", sa.String(200), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=True),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("budget_line", sa.String(40), nullable=False),
        sa.Column("delivered", MoneyColumn(), nullable=False),
        sa.Column("released_reason", sa.String(40), nullable=True),
        sa.Column("released_by", sa.String(120), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("modality <> 'cash' OR delivered = 0", name=op.f("ck_plan_line_cash_is_paid")),
        sa.CheckConstraint("modality IN ('cash', 'in_kind', 'service', 'voucher')", name=op.f("ck_plan_line_modality")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_line_amount")),
        sa.CheckConstraint("delivered >= 0 AND delivered <= amount", name=op.f("ck_plan_line_delivered")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_line_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_plan_line_plan_id_code")),
    )
    op.create_table(
        "plan_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("comment", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_step_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
    )
    op.create_index(op.f("ix_plan_step_plan_id"), "plan_step", ["plan_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("certificate_number", sa.String(40), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("provider_code", sa.String(40), nullable=True),
        sa.Column("confirmed_by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_delivery_amount")),
        sa.CheckConstraint("signed_on >= delivered_on", name=op.f("ck_delivery_certificate")),
        sa.ForeignKeyConstraint(["line_id"], ["plan_line.id"], name=op.f("fk_delivery_line_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_delivery_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("line_id", "certificate_number", name=op.f("uq_delivery_line_id_certificate_number")),
    )
    op.create_index("ix_delivery_plan_id_id", "delivery", ["plan_id", "id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("instalment", sa.Integer(), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("rate_date", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("evidence_kind", sa.String(40), nullable=False),
        sa.Column("evidence_reference", sa.String(40), nullable=False),
        sa.Column("late_reason", sa.String(40), nullable=True),
        sa.Column("paid_by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(["line_id"], ["plan_line.id"], name=op.f("fk_payment_line_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_payment_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index("ix_payment_plan_id_id", "payment", ["plan_id", "id"], unique=False)
    op.create_table(
        "plan_instalment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("due_from", sa.Date(), nullable=False),
        sa.Column("due_until", sa.Date(), nullable=False),
        sa.Column("paid", MoneyColumn(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_instalment_amount")),
        sa.CheckConstraint("due_from <= due_until", name=op.f("ck_plan_instalment_window")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_plan_instalment_number")),
        sa.CheckConstraint("paid >= 0 AND paid <= amount", name=op.f("ck_plan_instalment_paid")),
        sa.ForeignKeyConstraint(["line_id"], ["plan_line.id"], name=op.f("fk_plan_instalment_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_instalment")),
        sa.UniqueConstraint("line_id", "number", name=op.f("uq_plan_instalment_line_id_number")),
    )
    op.create_table(
        "payment_reversal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("reversed_by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_reversal_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_reversal")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_reversal_payment_id")),
    )
    op.create_table(
        "audit",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("machine", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("ids", JSON, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("correlation", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "inbox",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_inbox_sequence")),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_inbox")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("occurred", UtcDateTime(), nullable=False),
        sa.Column("recorded", UtcDateTime(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("event_id", name=op.f("uq_outbox_event_id")),
        sa.UniqueConstraint("key", "sequence", name=op.f("uq_outbox_key_sequence")),
        sa.UniqueConstraint("position", name=op.f("uq_outbox_position")),
    )
    op.create_index(
        "ix_outbox_unplaced",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["position"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "parked",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("parked_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_how", sa.String(length=40), nullable=True),
        sa.Column("settled_by", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked")),
        sa.UniqueConstraint("topic", "partition", "offset", name=op.f("uq_parked_topic_partition_offset")),
    )
    op.create_index(
        "ix_parked_waiting",
        "parked",
        ["source", "key"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "request_key",
        sa.Column("client", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", JSON, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("client", "key", name=op.f("pk_request_key")),
    )
    op.create_table(
        "stream",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("recorded", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stream")),
    )


def downgrade() -> None:
    op.drop_table("stream")
    op.drop_table("request_key")
    op.drop_index(
        "ix_parked_waiting",
        table_name="parked",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_table("parked")
    op.drop_index(
        "ix_outbox_unsent",
        table_name="outbox",
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.drop_index(
        "ix_outbox_unplaced",
        table_name="outbox",
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )
    op.drop_table("outbox")
    op.drop_table("inbox")
    op.drop_table("audit")
    op.drop_table("payment_reversal")
    op.drop_table("plan_instalment")
    op.drop_index("ix_payment_plan_id_id", table_name="payment")
    op.drop_table("payment")
    op.drop_index("ix_delivery_plan_id_id", table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("ix_plan_step_plan_id"), table_name="plan_step")
    op.drop_table("plan_step")
    op.drop_table("plan_line")
    op.drop_index("ix_visit_case_id_id", table_name="visit")
    op.drop_table("visit")
    op.drop_index("ix_survey_case_id_id", table_name="survey")
    op.drop_table("survey")
    op.drop_index(
        "uq_plan_live",
        table_name="plan",
        sqlite_where=sa.text("status <> 'cancelled'"),
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.drop_index("ix_plan_case_id_id", table_name="plan")
    op.drop_table("plan")
    op.drop_index("ix_counselling_session_case_id_id", table_name="counselling_session")
    op.drop_table("counselling_session")
    op.drop_table("closure")
    op.drop_table("survey_scheme")
    op.drop_table("fact_withdrawal")
    op.drop_index(op.f("ix_fact_seat_case_id"), table_name="fact_seat")
    op.drop_table("fact_seat")
    op.drop_table("fact_member")
    op.drop_index(op.f("ix_fact_late_statement_case_id"), table_name="fact_late_statement")
    op.drop_table("fact_late_statement")
    op.drop_index("ix_fact_decision_case_id_sequence", table_name="fact_decision")
    op.drop_table("fact_decision")
    op.drop_table("fact_case")
    op.drop_index(op.f("ix_fact_allowance_case_id"), table_name="fact_allowance")
    op.drop_table("fact_allowance")
    op.drop_table("case_turn")
    op.drop_index("ix_assisted_case_status_id", table_name="assisted_case")
    op.drop_table("assisted_case")
