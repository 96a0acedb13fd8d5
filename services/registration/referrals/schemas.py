"""Bodies of referrals."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.registration.referrals.rules import Need
from shared.fields import Answer, Body, Line, PlainText, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class ReferralBody(Occurrence):
    """`recipient`: the agency, as the person's consent names it."""

    model_config = shown(
        {"individual_id": "01890a5d-ac96-774b-bcce-b302099a8058", "recipient": "Red Cross, Grodno", "need": "legal_aid"}
    )

    individual_id: UUID
    recipient: Line
    need: Need
    urgent: bool = False
    note: PlainText | None = None


class ReferralStep(StrEnum):
    """What the agency answered."""

    ACCEPTED = "accept_referral"
    DECLINED = "decline_referral"


class ReferralAnswerBody(Body):
    model_config = shown({"answer": "accept_referral"})

    answer: ReferralStep


class ReferralAnswer(Answer):
    """`note` is null to those whose role does not see it."""

    id: UUID
    case_id: UUID
    individual_id: UUID
    consent_id: UUID
    recipient: str
    need: Need
    urgent: bool
    status: str
    note: str | None
    sent_at: datetime
    sent_by: str
    answered_at: datetime | None
    ended_at: datetime | None
    actions: list[OfferedAction]
