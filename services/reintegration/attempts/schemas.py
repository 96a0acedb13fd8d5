"""Bodies and answers of attempts to reach somebody."""

from datetime import date, datetime
from uuid import UUID

from services.reintegration.attempts.rules import Reached, Way
from shared.fields import Answer, BusinessDate, shown
from shared.occurrence import Occurrence


class AttemptBody(Occurrence):
    """`individual_id`: whom it was meant for; left out, anybody of the case. `next_on`: when to try again."""

    model_config = shown({"way": "phone", "outcome": "no_answer", "next_on": "2022-03-10"})

    individual_id: UUID | None = None
    way: Way
    outcome: Reached
    next_on: BusinessDate | None = None


class AttemptAnswer(Answer):
    attempt_id: UUID
    case_id: UUID
    individual_id: UUID | None
    way: Way
    outcome: Reached
    next_on: date | None
    by: str
    occurred_at: datetime
    recorded_at: datetime


class ContactStandingAnswer(Answer):
    """Whether contact is lost, and since when; `in_vain`: attempts since somebody was last reached."""

    case_id: UUID
    lost: bool
    since: datetime | None
    in_vain: int
    last_reached_at: datetime | None
