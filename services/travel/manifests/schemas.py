"""The manifest: who has a seat, with the names as registration gives them at this moment."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.fields import Answer, AwareTime


class NamesState(StrEnum):
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_AVAILABLE = "not_available"


class NamedPassenger(BaseModel):
    """A passenger as registration names one."""

    model_config = ConfigDict(extra="ignore")

    individual_id: UUID
    given_name: str | None = None
    family_name: str | None = None
    document_kind: str | None = None
    document_number: str | None = None


class PassengerNames(BaseModel):
    """Registration's answer about the passengers of a flight."""

    model_config = ConfigDict(extra="ignore")

    passengers: list[NamedPassenger]


class ManifestLine(Answer):
    """`given_name`, `family_name` and the document are null where registration did not give them."""

    individual_id: UUID
    booking_id: UUID
    status: str
    adult: bool
    given_name: str | None
    family_name: str | None
    document_kind: str | None
    document_number: str | None


class ManifestAnswer(Answer):
    """`names`: complete, incomplete (some are not known), or not_available while registration cannot be reached."""

    flight_id: UUID
    flight_number: str
    status: str
    departs: AwareTime
    made_at: AwareTime
    names: NamesState
    lines: list[ManifestLine]
