"""Bodies of look-ups."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.registration import DocumentKind
from shared.fields import Answer, Body, shown

People = Annotated[list[UUID], Field(min_length=1, max_length=900)]


class PassengerNamesBody(Body):
    """All passengers of one flight in one call. In the body, for an id in a URL ends up in logs."""

    model_config = shown(
        {
            "flight_id": "01890a5d-ac96-774b-bcce-b302099a8100",
            "individuals": ["01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"],
        }
    )

    flight_id: UUID
    individuals: People


class TravelDocument(Answer):
    kind: DocumentKind
    number: str
    issuing_country: str
    valid_until: date | None


class PassengerName(Answer):
    individual_id: UUID
    given_name: str
    family_name: str | None
    birth_date: date
    nationality: str
    document: TravelDocument | None


class PassengerNamesAnswer(Answer):
    """`unavailable`: those nobody here knows."""

    flight_id: UUID
    passengers: list[PassengerName]
    unavailable: list[UUID]


class ReceptionContactsBody(Body):
    model_config = shown(
        {"individuals": ["01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"]}
    )

    individuals: People


class ReceptionContact(Answer):
    individual_id: UUID
    phone: str | None
    email: str | None
    address: str | None
    language: str


class ReceptionContactsAnswer(Answer):
    """`not_covered`: those who do not consent to it, who consent to another recipient, or who are not known."""

    contacts: list[ReceptionContact]
    not_covered: list[UUID]
