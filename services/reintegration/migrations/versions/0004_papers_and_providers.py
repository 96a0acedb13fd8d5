"""One supplier's invoice is paid once: papers compared without regard to capitals, and the plan that pays each."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from shared.database import new_id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("provider_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE delivery SET provider_id = (SELECT provider.id FROM provider WHERE provider.code = provider_code)"
        " WHERE provider_code IS NOT NULL"
    )
    op.add_column("payment", sa.Column("evidence_key", sa.String(40), nullable=False, server_default=""))
    op.add_column("payment", sa.Column("provider_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE payment SET evidence_key = lower(evidence_reference)")
    op.drop_index("ix_payment_evidence_reference", table_name="payment")
    op.create_index("ix_payment_evidence_key", "payment", ["evidence_key"], unique=False)
    op.add_column("invoice", sa.Column("number_key", sa.String(81), nullable=False, server_default=""))
    # One that was recorded twice, with other capitals, keeps a key of its own: no number has a `~` in it.
    op.execute(
        "UPDATE invoice SET number_key = lower(number) || CASE WHEN EXISTS (SELECT 1 FROM invoice AS other"
        " WHERE other.provider_id = invoice.provider_id AND lower(other.number) = lower(invoice.number)"
        " AND other.id < invoice.id) THEN '~' || number ELSE '' END"
    )
    op.create_index("uq_invoice_number_key", "invoice", ["number_key", "provider_id"], unique=True)
    op.execute(
        "UPDATE payment SET provider_id = (SELECT invoice.provider_id FROM invoice JOIN purchase_order"
        " ON purchase_order.id = invoice.order_id WHERE purchase_order.line_id = payment.line_id"
        " AND invoice.number_key = payment.evidence_key ORDER BY invoice.id LIMIT 1)"
        " WHERE evidence_kind = 'supplier_invoice'"
    )
    op.create_table(
        "paid_invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number_key", sa.String(40), nullable=False),
        sa.Column("provider", sa.String(36), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_paid_invoice_payment_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_paid_invoice_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paid_invoice")),
        sa.UniqueConstraint("number_key", "provider", name=op.f("uq_paid_invoice_number_key_provider")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_paid_invoice_payment_id")),
    )
    _claim_what_was_paid()


def _claim_what_was_paid() -> None:
    """The first payment on each supplier's invoice that was not reversed has it, as if it had been made today."""
    payment = sa.table(
        "payment",
        sa.column("id", sa.Uuid()),
        sa.column("plan_id", sa.Uuid()),
        sa.column("evidence_kind", sa.String()),
        sa.column("evidence_key", sa.String()),
        sa.column("provider_id", sa.Uuid()),
    )
    reversal = sa.table("payment_reversal", sa.column("payment_id", sa.Uuid()))
    paid = sa.table(
        "paid_invoice",
        sa.column("id", sa.Uuid()),
        sa.column("number_key", sa.String()),
        sa.column("provider", sa.String()),
        sa.column("plan_id", sa.Uuid()),
        sa.column("payment_id", sa.Uuid()),
    )
    taken_back = sa.select(reversal.c.payment_id)
    rows = sa.select(payment.c.id, payment.c.plan_id, payment.c.evidence_key, payment.c.provider_id)
    rows = rows.where(payment.c.evidence_kind == "supplier_invoice", payment.c.id.not_in(taken_back))
    first: dict[tuple[str, str], dict[str, UUID | str]] = {}
    for payment_id, plan_id, key, provider_id in op.get_bind().execute(rows.order_by(payment.c.id)):
        supplier = str(provider_id or "")
        claim = {"id": new_id(), "number_key": key, "provider": supplier, "plan_id": plan_id, "payment_id": payment_id}
        first.setdefault((key, supplier), claim)
    if first:
        op.bulk_insert(paid, list(first.values()))


def downgrade() -> None:
    op.drop_table("paid_invoice")
    op.drop_index("uq_invoice_number_key", table_name="invoice")
    op.drop_column("invoice", "number_key")
    op.drop_index("ix_payment_evidence_key", table_name="payment")
    op.drop_column("payment", "provider_id")
    op.drop_column("payment", "evidence_key")
    op.create_index("ix_payment_evidence_reference", "payment", ["evidence_reference"], unique=False)
    op.drop_column("delivery", "provider_id")
