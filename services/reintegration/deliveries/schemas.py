"""Bodies and answers of deliveries."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.fields import Amount, Answer, Body, BusinessDate, shown

PaperNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")]


class CertificateBody(Body):
    """The handover certificate: its number, and the day it was signed."""

    number: PaperNumber
    signed_on: BusinessDate


class DeliveryBody(Body):
    """Goods or a service handed over, worth `amount` in the line's currency. `provider_code`: who handed them over;
    where the line has an order, it is the order's provider, and may be left out."""

    model_config = shown(
        {
            "line_id": "01890a5d-ac96-774b-bcce-b302099a8200",
            "amount": "1500.00",
            "certificate": {"number": "HC-0042", "signed_on": "2022-01-18"},
            "delivered_on": "2022-01-18",
            "provider_code": "SUP-EBL-07",
        }
    )

    line_id: UUID
    amount: Annotated[Amount, Field(gt=0)]
    certificate: CertificateBody
    delivered_on: BusinessDate
    provider_code: PaperNumber | None = None


class DeliveryAnswer(Answer):
    delivery_id: UUID
    plan_id: UUID
    line_id: UUID
    amount: Decimal
    currency: str
    certificate_number: str
    signed_on: date
    delivered_on: date
    provider_code: str | None
    provider_id: UUID | None
    confirmed_by: str
    recorded_at: datetime
