"""Bodies and answers of enquiries."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.cases.rules import Channel
from services.registration.enquiries.rules import Topic, Urgency
from shared.fields import Answer, LanguageTag, Line, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class EnquiryBody(Occurrence):
    """`people`: for how many they ask. `place`: where somebody in distress is. `referred_to`: the agency that was told.
    `contact`: how to call back, where they wish it."""

    model_config = shown(
        {"channel": "online", "language": "ar", "topic": "return", "people": 3},
        {
            "channel": "phone",
            "language": "ckb",
            "topic": "safety",
            "urgency": "distress",
            "people": 4,
            "place": "In the forest, two kilometres north of the crossing at Bruzgi",
            "referred_to": "Red Cross, Grodno",
            "contact": "+375 29 000 00 00",
            "call_back_wanted": True,
        },
    )

    channel: Channel
    language: LanguageTag
    topic: Topic
    urgency: Urgency = Urgency.ORDINARY
    people: Annotated[int, Field(ge=1, le=500)] = 1
    place: Line | None = None
    referred_to: Line | None = None
    case_id: UUID | None = None
    site_id: UUID | None = None
    contact: Line | None = None
    call_back_wanted: bool = False


class EnquiryAnswer(Answer):
    """`place` and `contact` null: kept, and not for this reader."""

    id: UUID
    channel: Channel
    language: str
    topic: Topic
    urgency: Urgency
    people: int
    place: str | None
    referred_to: str | None
    case_id: UUID | None
    site_id: UUID | None
    contact: str | None
    call_back_wanted: bool
    called_back_at: datetime | None
    occurred_at: datetime
    recorded_by: str
    version: int
    actions: list[OfferedAction]


class WeekAnswer(Answer):
    week: str
    first_day: date
    count: int
    by_channel: dict[Channel, int]


class RequestsReport(Answer):
    definition: str
    since: date
    until: date
    weeks: list[WeekAnswer]
