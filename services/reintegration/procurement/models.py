"""Tables of providers, quotations, orders and invoices."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.reintegration.procurement.rules import ProviderKind
from services.reintegration.tables import Base
from shared.checks import one_of
from shared.database import MoneyColumn, UtcDateTime, versioned

LIVE = text("cancelled_at IS NULL")


class Provider(Base, table=True):
    """A firm or an organisation, never a person: `name` is that of the firm."""

    __tablename__ = "provider"
    __table_args__ = (one_of("kind", ProviderKind),)

    id: UUID = Field(primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=30)
    country: str = Field(max_length=3)
    made_by: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class Quotation(Base, table=True):
    """What a provider asks for the goods or the service of a line."""

    __tablename__ = "quotation"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("line_id", "provider_id", "reference"),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id")
    line_id: UUID = Field(index=True)
    provider_id: UUID = Field(foreign_key="provider.id")
    reference: str = Field(max_length=40)
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    quoted_on: date
    recorded_by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


@versioned
class PurchaseOrder(Base, table=True):
    """An order on a quotation; a line has one that is not cancelled. `charged`: the sum of its invoices."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        CheckConstraint("charged >= 0 AND charged <= amount", name="charged"),
        Index("uq_purchase_order_live", "line_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_purchase_order_line_id", "line_id"),
        Index("ix_purchase_order_plan_id_id", "plan_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id")
    line_id: UUID
    quotation_id: UUID = Field(foreign_key="quotation.id")
    provider_id: UUID = Field(foreign_key="provider.id")
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    charged: Decimal = Field(default=Decimal("0.00"), sa_type=MoneyColumn)
    why_not_cheapest: str | None = Field(default=None, max_length=40)
    ordered_by: str = Field(max_length=120)
    ordered_at: datetime = Field(sa_type=UtcDateTime)
    cancelled_by: str | None = Field(default=None, max_length=120)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class Invoice(Base, table=True):
    """A provider's invoice, counted once, whatever the plan. `number_key`: its number as papers are compared."""

    __tablename__ = "invoice"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("provider_id", "number"),
        Index("uq_invoice_number_key", "number_key", "provider_id", unique=True),
    )

    id: UUID = Field(primary_key=True)
    order_id: UUID = Field(foreign_key="purchase_order.id", index=True)
    provider_id: UUID = Field(foreign_key="provider.id")
    number: str = Field(max_length=40)
    number_key: str = Field(max_length=81)
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    invoiced_on: date
    recorded_by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
