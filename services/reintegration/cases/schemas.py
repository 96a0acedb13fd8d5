"""Answers about cases."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.fields import Answer
from shared.offers import OfferedAction


class CaseStatus(StrEnum):
    EXPECTED = "expected"
    ARRIVED = "arrived"
    PLANNING = "planning"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    IN_DELIVERY = "in_delivery"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class TravellerAnswer(Answer):
    """One individual as they stand in their present try to return. `since`: since when they are there; `missed`: how
    often a flight left without them; `home_by`: how they came home without a departure of ours (`retroactive`, ...)."""

    individual_id: UUID
    adult: bool
    attempt: int
    position: str
    since: datetime | None
    expected_at: datetime | None
    met_by: str | None
    missed: int
    home_by: str | None


class MarkAnswer(Answer):
    """Something a person should look at. `open` false: it resolved itself."""

    code: str
    individual_id: UUID | None = None
    stated_at: datetime | None = None
    entered_at: datetime | None = None
    open: bool = True


class PackageLineAnswer(Answer):
    """One line of the package for after the return: what it gives, and what of that is planned, committed, spent, left.
    `individual_id` null: the case's. The days are the decision's, where it names any: the first on which it is paid,
    the last one without a reason, the last one at all; null before the arrival that they are counted from, too."""

    package_line: str
    code: str
    modality: str
    individual_id: UUID | None
    amount: Decimal
    planned: Decimal
    committed: Decimal
    spent: Decimal
    left: Decimal
    payable_from: date | None
    payable_until: date | None
    expires_on: date | None


class MoneyAnswer(Answer):
    """`ceiling`: the package for after the return. `planned`: in the plan that stands; of a closed one what was spent.
    `committed`: approved and not yet moved; nothing once the assistance is closed. `paid` and `delivered`: by payments
    and by certificates; `spent` counts the larger of both where they speak of the same goods. `left`: ceiling less
    committed and spent."""

    currency: str
    ceiling: Decimal
    planned: Decimal
    committed: Decimal
    paid: Decimal
    delivered: Decimal
    spent: Decimal
    left: Decimal
    lines: list[PackageLineAnswer]


class SpentBeforeAnswer(Answer):
    """Pocket money and the like, paid by travel before departure."""

    currency: str
    amount: Decimal


class CaseLineAnswer(Answer):
    case_id: UUID
    status: str
    opened_at: datetime


class CaseAnswer(Answer):
    """`eligible`: whether the current decision is positive for the try in which they came. `money` null: no decision
    with a package has been told yet. `plan_id`: the plan that is not cancelled."""

    case_id: UUID
    status: str
    opened_at: datetime
    individuals: list[TravellerAnswer]
    eligible: bool
    decision_id: UUID | None
    money: MoneyAnswer | None
    spent_before_departure: list[SpentBeforeAnswer]
    plan_id: UUID | None
    marks: list[MarkAnswer]
    closed_reason: str | None
    closed_on: date | None
    version: int
    actions: list[OfferedAction]
