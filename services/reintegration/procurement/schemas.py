"""Bodies and answers of buying."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.reintegration.budgets.rules import AccountCode
from services.reintegration.procurement.rules import ProviderKind, WhyNotCheapest
from shared.fields import Amount, Answer, Body, BusinessDate, CountryCode, Line, shown
from shared.offers import OfferedAction

Price = Annotated[Amount, Field(gt=0)]


class ProviderBody(Body):
    """A firm or an organisation. `name` is the firm's, never a person's."""

    model_config = shown(
        {"code": "SUP-EBL-07", "name": "Kitchen supplies, Erbil", "kind": "supplier", "country": "IRQ"}
    )

    code: AccountCode
    name: Line
    kind: ProviderKind
    country: CountryCode


class ProviderAnswer(Answer):
    provider_id: UUID
    code: str
    name: str
    kind: ProviderKind
    country: str


class QuotationBody(Body):
    """In the line's currency. `provider`: its code."""

    model_config = shown(
        {"provider": "SUP-EBL-07", "reference": "Q-2022-11", "amount": "1500.00", "quoted_on": "2022-01-08"}
    )

    provider: AccountCode
    reference: AccountCode
    amount: Price
    quoted_on: BusinessDate


class QuotationAnswer(Answer):
    quotation_id: UUID
    line_id: UUID
    provider_id: UUID
    reference: str
    amount: Decimal
    currency: str
    quoted_on: date
    recorded_by: str


class OrderBody(Body):
    model_config = shown(
        {"quotation_id": "01890a5d-ac96-774b-bcce-b302099a8220"},
        {"quotation_id": "01890a5d-ac96-774b-bcce-b302099a8220", "why_not_cheapest": "delivers_sooner"},
    )

    quotation_id: UUID
    why_not_cheapest: WhyNotCheapest | None = None


class InvoiceBody(Body):
    model_config = shown({"number": "INV-42", "amount": "1500.00", "invoiced_on": "2022-01-18"})

    number: AccountCode
    amount: Price
    invoiced_on: BusinessDate


class InvoiceAnswer(Answer):
    invoice_id: UUID
    number: str
    amount: Decimal
    invoiced_on: date
    recorded_by: str


class OrderAnswer(Answer):
    """`delivered`: what certificates show of the line; `matched`: everything charged was delivered."""

    order_id: UUID
    plan_id: UUID
    line_id: UUID
    provider_id: UUID
    quotation_id: UUID
    amount: Decimal
    currency: str
    charged: Decimal
    delivered: Decimal
    matched: bool
    status: str
    ordered_by: str
    ordered_at: datetime
    invoices: list[InvoiceAnswer]
    version: int
    actions: list[OfferedAction]
