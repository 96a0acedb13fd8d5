"""Bodies and answers of budgets."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.reintegration.budgets.rules import AccountCode
from shared.fields import Amount, Answer, Body, CurrencyCode, Line, shown
from shared.offers import OfferedAction


class BudgetBody(Body):
    """What a project may spend on one of its budget lines."""

    model_config = shown(
        {
            "project_code": "AVRR-BLR-21",
            "budget_line": "REINT-CASH",
            "currency": "EUR",
            "donor": "ours",
            "amount": "120000.00",
        }
    )

    project_code: AccountCode
    budget_line: AccountCode
    currency: CurrencyCode
    donor: Line
    amount: Annotated[Amount, Field(gt=0)]


class BudgetAmountBody(Body):
    model_config = shown({"amount": "150000.00"})

    amount: Annotated[Amount, Field(gt=0)]


class BudgetAnswer(Answer):
    """`planned`: in plans that nobody approved yet; `committed`: approved, paid or not; `left`: not committed."""

    budget_id: UUID
    project_code: str
    budget_line: str
    currency: str
    donor: str
    amount: Decimal
    planned: Decimal
    committed: Decimal
    paid: Decimal
    left: Decimal
    made_at: datetime
    version: int
    actions: list[OfferedAction]
