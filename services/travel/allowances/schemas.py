"""Pocket money as it is sent and shown."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from shared.fields import Amount, Answer, AwareTime, CurrencyCode, Text, minor_units, refused, shown
from shared.occurrence import Occurrence

ReceiptNumber = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9/.-]{0,29}$")]


class AllowanceBody(Occurrence):
    """`line`: of the decision's package. `receipt_number`: of the receipt the person signed; a code, never a name.
    `given_back_receipt`: only where they did not fly in an earlier attempt, of what came back of its money."""

    model_config = shown(
        {
            "line": "pocket_money:01890a5d-ac96-774b-bcce-b302099a8057",
            "amount": "60.00",
            "currency": "EUR",
            "receipt_number": "MSQ-0412",
        }
    )

    line: Annotated[str, Text(120)]
    amount: Amount
    currency: CurrencyCode
    receipt_number: ReceiptNumber
    given_back_receipt: ReceiptNumber | None = None

    @model_validator(mode="after")
    def _is_money(self) -> "AllowanceBody":
        exponent = self.amount.as_tuple().exponent
        if self.amount == 0:
            raise refused("amount", "must be more than nothing")
        if isinstance(exponent, int) and -exponent > minor_units(self.currency):
            raise refused("amount", "has more decimals than its currency")
        return self


class AllowanceAnswer(Answer):
    id: UUID
    case_id: UUID
    individual_id: UUID
    attempt: int
    decision_id: UUID
    line: str
    amount: Decimal
    currency: str
    receipt_number: str
    given_back_receipt: str | None
    paid_at: AwareTime
    recorded_at: AwareTime


class AllowancesAnswer(Answer):
    """What was paid to one passenger."""

    items: list[AllowanceAnswer]
