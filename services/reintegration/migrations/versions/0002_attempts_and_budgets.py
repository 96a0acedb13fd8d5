"""Attempts to reach somebody, budgets and their ledger, and what is bought."""

import sqlalchemy as sa
from alembic import op

from shared.database import MoneyColumn, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("budget_line", sa.String(40), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("donor", sa.String(200), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("committed", MoneyColumn(), nullable=False),
        sa.Column("paid", MoneyColumn(), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("committed >= 0 AND committed <= amount", name=op.f("ck_budget_committed")),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_budget_paid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint(
            "project_code", "budget_line", "currency", name=op.f("uq_budget_project_code_budget_line_currency")
        ),
    )
    op.create_table(
        "budget_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("budget_line", sa.String(40), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("movement", sa.String(10), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "movement IN ('committed', 'released', 'paid', 'reversed', 'delivered')",
            name=op.f("ck_budget_entry_movement"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_budget_entry_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_entry")),
        sa.UniqueConstraint("event_id", "line_id", "movement", name=op.f("uq_budget_entry_event_id_line_id_movement")),
    )
    op.create_index("ix_budget_entry_project_code_moved_on", "budget_entry", ["project_code", "moved_on"], unique=False)
    op.create_table(
        "provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('supplier', 'trainer', 'clinic', 'landlord', 'reintegration_partner')",
            name=op.f("ck_provider_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("code", name=op.f("uq_provider_code")),
    )
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=True),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('reached', 'no_answer', 'number_wrong', 'not_there', 'wants_no_contact')",
            name=op.f("ck_contact_attempt_outcome"),
        ),
        sa.CheckConstraint(
            "way IN ('phone', 'message', 'visit', 'through_family', 'through_partner')",
            name=op.f("ck_contact_attempt_way"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_contact_attempt_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index("ix_contact_attempt_case_id_id", "contact_attempt", ["case_id", "id"], unique=False)
    op.create_table(
        "lost_contact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("declared_by", sa.String(120), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["assisted_case.id"], name=op.f("fk_lost_contact_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_lost_contact")),
    )
    op.create_table(
        "quotation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("quoted_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_quotation_amount")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_quotation_plan_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_quotation_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation")),
        sa.UniqueConstraint(
            "line_id", "provider_id", "reference", name=op.f("uq_quotation_line_id_provider_id_reference")
        ),
    )
    op.create_index(op.f("ix_quotation_line_id"), "quotation", ["line_id"], unique=False)
    op.create_table(
        "purchase_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("quotation_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("charged", MoneyColumn(), nullable=False),
        sa.Column("why_not_cheapest", sa.String(40), nullable=True),
        sa.Column("ordered_by", sa.String(120), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_by", sa.String(120), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("charged >= 0 AND charged <= amount", name=op.f("ck_purchase_order_charged")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_purchase_order_plan_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_purchase_order_provider_id")),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotation.id"], name=op.f("fk_purchase_order_quotation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order")),
    )
    op.create_index("ix_purchase_order_plan_id_id", "purchase_order", ["plan_id", "id"], unique=False)
    op.create_index(
        "uq_purchase_order_live",
        "purchase_order",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_invoice_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["purchase_order.id"], name=op.f("fk_invoice_order_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_invoice_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("provider_id", "number", name=op.f("uq_invoice_provider_id_number")),
    )
    op.create_index(op.f("ix_invoice_order_id"), "invoice", ["order_id"], unique=False)
    op.create_index(
        "ix_fact_seat_expected_at", "fact_seat", ["expected_at", "booking_id", "individual_id"], unique=False
    )
    op.create_index("ix_payment_evidence_reference", "payment", ["evidence_reference"], unique=False)
    op.create_index("ix_plan_status_id", "plan", ["status", "id"], unique=False)
    op.create_index("ix_plan_line_project_code", "plan_line", ["project_code"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_plan_line_project_code", table_name="plan_line")
    op.drop_index("ix_plan_status_id", table_name="plan")
    op.drop_index("ix_payment_evidence_reference", table_name="payment")
    op.drop_index("ix_fact_seat_expected_at", table_name="fact_seat")
    op.drop_index(op.f("ix_invoice_order_id"), table_name="invoice")
    op.drop_table("invoice")
    op.drop_index(
        "uq_purchase_order_live",
        table_name="purchase_order",
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_index("ix_purchase_order_plan_id_id", table_name="purchase_order")
    op.drop_table("purchase_order")
    op.drop_index(op.f("ix_quotation_line_id"), table_name="quotation")
    op.drop_table("quotation")
    op.drop_table("lost_contact")
    op.drop_index("ix_contact_attempt_case_id_id", table_name="contact_attempt")
    op.drop_table("contact_attempt")
    op.drop_table("provider")
    op.drop_index("ix_budget_entry_project_code_moved_on", table_name="budget_entry")
    op.drop_table("budget_entry")
    op.drop_table("budget")
