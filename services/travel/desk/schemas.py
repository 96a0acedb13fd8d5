"""What the desk sends, and its list of a flight's passengers."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.travel.gates.actions import GatesAnswer
from services.travel.passengers.actions import PassengerAnswer
from services.travel.passengers.queries import TakenOff
from shared.contracts.travel import WillingnessAnswer
from shared.fields import Answer, Body, BusinessDate, LanguageTag, shown
from shared.occurrence import Occurrence


class WillingnessBody(Occurrence):
    """What was answered, in which language. An adult's yes counts if they were asked alone; a no always does."""

    model_config = shown({"answer": "yes", "asked_alone": True, "language": "ckb"})

    answer: WillingnessAnswer
    asked_alone: bool
    language: LanguageTag


class OffloadReason(StrEnum):
    """Why the desk takes somebody off; what medical found stays with medical."""

    MEDICAL = TakenOff.MEDICAL
    DOCUMENTS = TakenOff.DOCUMENTS
    AIRLINE = TakenOff.AIRLINE
    SECURITY = TakenOff.SECURITY
    CONDUCT = TakenOff.CONDUCT
    ASKED_TO_LEAVE = TakenOff.ASKED_TO_LEAVE


class OffloadBody(Body):
    model_config = shown({"reason": "documents"})

    reason: OffloadReason


class BaggageBody(Body):
    """`pieces`: all that this passenger has checked in so far; it replaces what was said before."""

    model_config = shown({"pieces": 2})

    pieces: Annotated[int, Field(ge=0, le=20)]


class DeskPassenger(PassengerAnswer):
    """A line of the desk's list: the passenger, and what each gate still asks. `support`: codes of what the last check
    asks to arrange; `fly_before`: the latest day of departure it is good for; shown to
    who works the flight."""

    gates: GatesAnswer
    support: list[str]
    fly_before: BusinessDate | None


class DeskList(Answer):
    """`boarded` of `expected` (who has or had a seat, but whose booking was cancelled); `sentence` says it in words.
    `to_ask`: adults who must be asked, alone, before the doors close (or, after, before the aircraft leaves)."""

    flight_id: UUID
    status: str
    waiting_for: str | None
    expected: int
    checked_in: int
    boarded: int
    sentence: str
    to_ask: list[UUID]
    passengers: list[DeskPassenger]
