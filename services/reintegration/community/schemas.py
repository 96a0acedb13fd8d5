"""Bodies and answers of community projects."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.fields import Amount, Answer, Body, CountryCode, CurrencyCode, minor_units, refused, shown
from shared.offers import OfferedAction
from shared.text import Text

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")]
Sentence = Annotated[str, Text(500)]


class ProjectBody(Body):
    """`amount`: what it costs, above zero. No names."""

    model_config = shown(
        {
            "code": "EBL-WELL-1",
            "goal": "Water for the street on which eight families came back.",
            "activities": ["Dig a well."],
            "country": "IRQ",
            "area": "IQ-AR",
            "amount": "9000.00",
            "currency": "EUR",
        }
    )

    code: Code
    goal: Sentence
    activities: list[Sentence] = Field(min_length=1, max_length=20)
    country: CountryCode
    area: Code | None = None
    amount: Amount
    currency: CurrencyCode

    @model_validator(mode="after")
    def _costs_something(self) -> Self:
        exponent = self.amount.as_tuple().exponent
        if not self.amount or (isinstance(exponent, int) and -exponent > minor_units(self.currency)):
            raise refused("amount", "must be above zero, with no more decimals than the currency has")
        return self


class ShareBody(Body):
    """`line_id`: a line of an approved plan, in kind, a service or a voucher; `amount`: what it gives."""

    model_config = shown(
        {
            "plan_id": "01890a5d-ac96-774b-bcce-b302099a8210",
            "line_id": "01890a5d-ac96-774b-bcce-b302099a8200",
            "amount": "250.00",
        }
    )

    plan_id: UUID
    line_id: UUID
    amount: Amount

    @model_validator(mode="after")
    def _gives_something(self) -> Self:
        if not self.amount:
            raise refused("amount", "must be above zero")
        return self


class ShareAnswer(Answer):
    share_id: UUID
    project_id: UUID
    case_id: UUID
    plan_id: UUID
    line_id: UUID
    amount: Decimal
    currency: str
    status: str
    taken_by: str
    taken_at: datetime
    released_at: datetime | None
    actions: list[OfferedAction]


class ProjectAnswer(Answer):
    """`left`: what the project still needs."""

    project_id: UUID
    code: str
    goal: str
    activities: list[str]
    country: str
    area: str | None
    amount: Decimal
    currency: str
    shared: Decimal
    left: Decimal
    status: str
    made_at: datetime
    version: int
    actions: list[OfferedAction]
