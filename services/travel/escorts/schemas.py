"""Escorts as they are sent and shown."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.travel.escorts.rules import EscortKind
from services.travel.flights.queries import Code
from shared.fields import Answer, AwareTime, Body, CurrencyCode, Money, shown
from shared.offers import OfferedAction


class EscortBody(Body):
    """`reference`: a code by which the escort's own organisation knows them; never a name. `individuals`: those they
    go along with, all of whom have seats on the flight."""

    model_config = shown(
        {
            "kind": "medical",
            "reference": "MED-07",
            "individuals": ["01890a5d-ac96-774b-bcce-b302099a8058"],
            "fare": {"amount": "410.00", "currency": "EUR"},
            "project_code": "AVRR-BLR-21",
            "budget_line": "TRAVEL",
        }
    )

    kind: EscortKind
    reference: Code
    individuals: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=30)]
    fare: Money
    project_code: Code
    budget_line: Code


class EscortAnswer(Answer):
    """`seat`: held, or freed or lost when it was given up, as a passenger's."""

    id: UUID
    version: int
    status: str
    flight_id: UUID
    kind: EscortKind
    reference: str
    individuals: list[UUID]
    seat: str
    fare: Decimal
    currency: CurrencyCode
    project_code: str
    budget_line: str
    recorded_at: AwareTime
    ended_at: AwareTime | None
    actions: list[OfferedAction]


class EscortsAnswer(Answer):
    items: list[EscortAnswer]
