"""Bodies and answers of payments."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.fields import Amount, Answer, Body, BusinessDate, CurrencyCode, shown
from shared.offers import OfferedAction

PaperNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")]


class EvidenceKind(StrEnum):
    SIGNED_RECEIPT = "signed_receipt"
    BANK_TRANSFER = "bank_transfer"
    CASH_DISTRIBUTION_REPORT = "cash_distribution_report"
    SUPPLIER_INVOICE = "supplier_invoice"
    VOUCHER_LIST = "voucher_list"


class LatePayment(StrEnum):
    RETURNEE_NOT_REACHED = "returnee_not_reached"
    PAPERS_MISSING = "papers_missing"
    BANK_DELAY = "bank_delay"
    PROCUREMENT_DELAY = "procurement_delay"
    APPROVED_LATE = "approved_late"


class ReversalReason(StrEnum):
    ENTERED_TWICE = "entered_twice"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_LINE = "wrong_line"
    RETURNED_BY_BANK = "returned_by_bank"
    NOT_RECEIVED = "not_received"


class EvidenceBody(Body):
    """The paper that shows the payment, by its reference; never an account or a name. `provider`: the code of the
    supplier whose invoice it is; where the line has an order, it is the order's, and may be left out."""

    kind: EvidenceKind
    reference: PaperNumber
    provider: PaperNumber | None = None


class PaymentBody(Body):
    """Money paid on one instalment of one line. `late_reason` where it is paid after its window."""

    model_config = shown(
        {
            "line_id": "01890a5d-ac96-774b-bcce-b302099a8200",
            "instalment": 1,
            "amount": "300.00",
            "currency": "EUR",
            "rate_date": "2022-01-05",
            "paid_on": "2022-01-06",
            "evidence": {"kind": "signed_receipt", "reference": "EBL-P-1001"},
        },
        {
            "line_id": "01890a5d-ac96-774b-bcce-b302099a8201",
            "instalment": 1,
            "amount": "1500.00",
            "currency": "EUR",
            "rate_date": "2022-01-05",
            "paid_on": "2022-01-18",
            "evidence": {"kind": "supplier_invoice", "reference": "INV-42", "provider": "SUP-EBL-07"},
        },
    )

    line_id: UUID
    instalment: int = Field(ge=1, le=24)
    amount: Annotated[Amount, Field(gt=0)]
    currency: CurrencyCode
    rate_date: BusinessDate
    paid_on: BusinessDate
    evidence: EvidenceBody
    late_reason: LatePayment | None = None


class ReversalBody(Body):
    model_config = shown({"reason": "entered_twice"})

    reason: ReversalReason


class ReversalAnswer(Answer):
    reversal_id: UUID
    reason: str
    reversed_by: str
    recorded_at: datetime


class PaymentAnswer(Answer):
    """`status`: paid or reversed."""

    payment_id: UUID
    plan_id: UUID
    line_id: UUID
    instalment: int
    amount: Decimal
    currency: str
    rate_date: date
    paid_on: date
    evidence_kind: str
    evidence_reference: str
    provider_id: UUID | None
    late_reason: str | None
    paid_by: str
    recorded_at: datetime
    status: str
    reversal: ReversalAnswer | None
    actions: list[OfferedAction]
