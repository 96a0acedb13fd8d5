"""The manifest: who has a seat, with the names as registration gives them at this moment."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.fields import Answer, AwareTime, BusinessDate


class NamesState(StrEnum):
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_AVAILABLE = "not_available"


class ManifestDocument(Answer):
    """The document a passenger travels with."""

    kind: str
    number: str
    issuing_country: str
    valid_until: BusinessDate | None


class NamedPassenger(BaseModel):
    """A passenger as registration names one."""

    model_config = ConfigDict(extra="ignore")

    individual_id: UUID
    given_name: str
    family_name: str | None
    birth_date: date
    nationality: str
    document: ManifestDocument | None


class PassengerNames(BaseModel):
    """Registration's answer about the passengers of a flight."""

    model_config = ConfigDict(extra="ignore")

    passengers: list[NamedPassenger]


class ManifestLine(Answer):
    """Who and with which document: null where registration did not say. `support`: codes of what the last check asks to
    arrange; `fly_before`: the latest day of departure it is good for."""

    individual_id: UUID
    booking_id: UUID
    status: str
    adult: bool
    given_name: str | None
    family_name: str | None
    birth_date: BusinessDate | None
    nationality: str | None
    document: ManifestDocument | None
    support: list[str]
    fly_before: BusinessDate | None


class ManifestEscort(Answer):
    """Who goes along: a code of staff, never a name."""

    reference: str
    kind: str


class ManifestAnswer(Answer):
    """`names`: complete, incomplete (some are not known), or not_available while registration cannot be reached."""

    flight_id: UUID
    flight_number: str
    status: str
    departs: AwareTime
    made_at: AwareTime
    names: NamesState
    lines: list[ManifestLine]
    escorts: list[ManifestEscort]
