"""Bodies of notices."""

from datetime import datetime
from uuid import UUID

from services.registration.notices.rules import About, ToldBy
from shared.fields import Answer, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class TellingBody(Occurrence):
    """How somebody was told, or was tried to be. Only who was reached has been told."""

    model_config = shown({"channel": "phone", "reached": True})

    channel: ToldBy
    reached: bool


class TellingAnswer(Answer):
    channel: ToldBy
    reached: bool
    told_at: datetime
    told_by: str


class Reached(Answer):
    """How the person is reached, for those who may tell them."""

    given_name: str
    family_name: str | None
    languages: list[str]
    phone: str | None
    email: str | None
    address: str | None


class NoticeAnswer(Answer):
    """`reason`: as travel gave it. `departs_at`: when a changed flight leaves now, one on which seats are offered, or
    a vehicle to it; `answer_by`: until when seats are held. `booking_id`: of the booking, the waiting list's entry, the
    offer, or the arrangement.
    `status`: open, told or overtaken by something newer about the same booking."""

    id: UUID
    case_id: UUID
    individual_id: UUID
    flight_id: UUID | None
    booking_id: UUID
    about: About
    reason: str | None
    departs_at: datetime | None
    answer_by: datetime | None
    status: str
    attempts: int
    made_at: datetime
    settled_at: datetime | None
    person: Reached | None
    tellings: list[TellingAnswer]
    actions: list[OfferedAction]
