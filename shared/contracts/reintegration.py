"""What reintegration tells: plans, what was delivered and paid, visits, surveys, closure. Key: the case."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.registration import Part
from shared.events import Event


class PlanLine(Part):
    """`package_line`: the line of the decision's package that it spends."""

    line: UUID
    code: str
    modality: str
    package_line: str
    amount: Decimal
    currency: str
    instalments: int


class PlanFacts(Event):
    """`revision`: 1, and one more with each change that was approved since."""

    plan: UUID
    decision: UUID
    lines: tuple[PlanLine, ...]
    total: Decimal
    currency: str
    revision: int = 1


class PlanApproved(PlanFacts):
    type: ClassVar[str] = "homeward.reintegration.plan.approved.v1"


class PlanChanged(PlanFacts):
    type: ClassVar[str] = "homeward.reintegration.plan.changed.v1"


class DeliveryConfirmed(Event):
    """Subject: the delivery. Goods or a service handed over against a certificate."""

    type: ClassVar[str] = "homeward.reintegration.delivery.confirmed.v1"
    delivery: UUID
    plan: UUID
    line: UUID
    amount: Decimal
    currency: str
    delivered_on: date


class InstalmentPaid(Event):
    """Subject: the payment."""

    type: ClassVar[str] = "homeward.reintegration.instalment.paid.v1"
    payment: UUID
    plan: UUID
    line: UUID
    instalment: int
    amount: Decimal
    currency: str
    rate_date: date
    paid_on: date


class PaymentReversed(Event):
    type: ClassVar[str] = "homeward.reintegration.payment.reversed.v1"
    payment: UUID
    plan: UUID
    line: UUID
    amount: Decimal
    currency: str


class VisitMade(Event):
    """Subject: the visit."""

    type: ClassVar[str] = "homeward.reintegration.visit.made.v1"
    visit: UUID
    made_on: date


class CounsellingHeld(Event):
    """Subject: the talk. About the time after the return; of what, is told nobody."""

    type: ClassVar[str] = "homeward.reintegration.counselling.held.v1"
    session: UUID
    held_on: date


class HelpGiven(Event):
    """Subject: the help, right after the arrival. Which it was is told nobody: it may speak of somebody's health."""

    type: ClassVar[str] = "homeward.reintegration.help.given.v1"
    help: UUID
    given_on: date


class SurveyScored(Event):
    """Subject: the survey. `provisional`: the scheme's weights are not official ones."""

    type: ClassVar[str] = "homeward.reintegration.survey.scored.v1"
    survey: UUID
    round: int
    scheme: str
    scheme_version: int
    provisional: bool
    band: str


class ContactLost(Event):
    type: ClassVar[str] = "homeward.reintegration.contact.lost.v1"
    since: datetime


class ContactRegained(Event):
    """Somebody of the case was reached again after contact had been lost."""

    type: ClassVar[str] = "homeward.reintegration.contact.regained.v1"
    at: datetime


class AssistanceClosureReason(StrEnum):
    COMPLETED = "completed"
    BUDGET_EXPIRED = "budget_expired"
    WITHDRAWN_AFTER_RETURN = "withdrawn_after_return"
    WITHDRAWN_BEFORE_DEPARTURE = "withdrawn_before_departure"
    LOST_CONTACT = "lost_contact"
    DIED = "died"
    MIGRATED_AGAIN = "migrated_again"


class AssistanceClosed(Event):
    """`attempts`: the try of each individual that this ends. One of them may have begun another try since: then the
    case goes on, and `withdrawn_before_departure` closes nothing."""

    type: ClassVar[str] = "homeward.reintegration.assistance.closed.v1"
    reason: AssistanceClosureReason
    closed_on: date
    attempts: dict[UUID, int] = Field(default_factory=dict)


class ReopeningReason(StrEnum):
    CLOSED_BY_MISTAKE = "closed_by_mistake"
    REACHED_AGAIN = "reached_again"
    STILL_OWED = "still_owed"
    CAME_BACK = "came_back"


class AssistanceReopened(Event):
    """The closure with that reason counts no more. `attempts` as in `assistance.closed`."""

    type: ClassVar[str] = "homeward.reintegration.assistance.reopened.v1"
    reason: ReopeningReason
    reopened_on: date
    attempts: dict[UUID, int] = Field(default_factory=dict)
