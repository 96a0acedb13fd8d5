"""Requests for papers as they are sent and shown. Never a document's number: registration keeps those."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.travel.requests.rules import Wanted
from shared.fields import Answer, AwareTime, Body, BusinessDate, CountryCode, Text, refused, shown
from shared.offers import OfferedAction


class RequestBody(Body):
    """`asked_of`: the country whose embassy or authority gives the paper; `office`: which of them, such as a city.
    `remind_before_days`: how long before it is due somebody is first reminded."""

    model_config = shown(
        {
            "case_id": "01890a5d-ac96-774b-bcce-b302099a8000",
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8057",
            "document": "laissez_passer",
            "asked_of": "IRQ",
            "office": "Minsk",
            "requested_on": "2021-12-01",
            "due_on": "2021-12-10",
        }
    )

    case_id: UUID
    individual_id: UUID
    document: Wanted
    asked_of: CountryCode
    for_country: CountryCode | None = None
    office: Annotated[str, Text(120)]
    requested_on: BusinessDate
    due_on: BusinessDate
    appointment_at: AwareTime | None = None
    remind_before_days: Annotated[int, Field(ge=0, le=180)] = 3
    remind_every_days: Annotated[int, Field(ge=1, le=90)] = 7

    @model_validator(mode="after")
    def _says_where_a_visa_is_for(self) -> Self:
        if (self.for_country is None) == (self.document in (Wanted.VISA, Wanted.TRANSIT_VISA, Wanted.EXIT_PERMIT)):
            raise refused("for_country", "for_country is given for visas and exit permits, and for nothing else")
        return self


class AppointmentBody(Body):
    model_config = shown({"appointment_at": "2021-12-06T11:00:00+03:00"})

    appointment_at: AwareTime


class DueBody(Body):
    """Another day on which it is due; the reminders follow it."""

    model_config = shown({"due_on": "2021-12-12"})

    due_on: BusinessDate
    remind_before_days: Annotated[int, Field(ge=0, le=180)] = 3


class SettledBody(Body):
    model_config = shown({"on": "2021-12-09"})

    on: BusinessDate


class ReminderAnswer(Answer):
    number: int
    on: BusinessDate
    overdue: bool
    sent_at: AwareTime


class RequestAnswer(Answer):
    """`document_id`: the paper registration recorded, by which this was collected."""

    id: UUID
    version: int
    status: str
    case_id: UUID
    individual_id: UUID
    document: Wanted
    asked_of: str
    for_country: str | None
    office: str
    requested_on: BusinessDate
    due_on: BusinessDate
    overdue: bool
    appointment_at: AwareTime | None
    remind_on: BusinessDate
    remind_every_days: int
    reminders_sent: int
    settled_on: BusinessDate | None
    document_id: UUID | None
    recorded_at: AwareTime
    actions: list[OfferedAction]


class RequestDetail(RequestAnswer):
    reminders: list[ReminderAnswer]


class ReminderSweep(Body):
    """How many requests are looked at."""

    model_config = shown({"most": 100})

    most: Annotated[int, Field(ge=1, le=200)] = 100


class ReminderSweepAnswer(Answer):
    """`reminded`: the requests of which somebody was reminded now. `more`: whether to ask again at once."""

    reminded: list[UUID]
    more: bool
