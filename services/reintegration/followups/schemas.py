"""Bodies and answers of follow-ups."""

from datetime import date, datetime
from uuid import UUID

from services.reintegration.followups.rules import WhyLost
from shared.fields import Answer, Body, shown
from shared.offers import OfferedAction


class LossBody(Body):
    """Why it will not be made."""

    model_config = shown({"reason": "moved_away"})

    reason: WhyLost


class FollowUpAnswer(Answer):
    """`standing` on the business day of the request; `number` of a survey is its round. `provisional`: the schedule."""

    follow_up_id: UUID
    case_id: UUID
    plan_id: UUID
    kind: str
    number: int
    due_on: date
    standing: str
    made_by: UUID | None
    why_lost: str | None
    settled_at: datetime | None
    provisional: bool
    actions: list[OfferedAction]
