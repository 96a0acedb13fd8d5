"""Keeping foreign facts. A fold decides nothing, and gives the same rows in whatever order facts come."""

from typing import Any
from uuid import UUID

from services.registration.facts.models import AssistanceFact, FlightFact, JourneyLine, PassageFact, SeatFact
from services.registration.reckoning.actions import reckon_heard
from services.registration.reckoning.rules import What
from shared.contracts.reintegration import AssistanceClosed
from shared.contracts.travel import (
    BookingFacts,
    FlightChanged,
    FlightScheduled,
    PassengerDeparted,
    PassengerFact,
    PassengerNotAdmitted,
    WillingnessStated,
)
from shared.database import Session
from shared.events import Envelope, Event, service_of
from shared.folding import keep_row, latest, once, table_of

LINE = once(table_of(JourneyLine))
PASSAGE = once(table_of(PassageFact))
SEAT = latest(table_of(SeatFact), over=("taken", "sequence"), rising="sequence")
FLIGHT = once(table_of(FlightFact))
LAST_WORD = latest(table_of(AssistanceFact), rising="sequence")


async def keep_line(session: Session, envelope: Envelope, fact: Event) -> None:
    """One line of the journey for each fact about a case."""
    row = {
        "event_id": envelope.id,
        "case_id": UUID(envelope.key),
        "service": service_of(envelope.type),
        "type": envelope.type,
        "cause_id": envelope.cause,
        "individual_id": getattr(fact, "individual", None),
        "occurred_at": envelope.time,
        "recorded_at": envelope.recorded,
        "sequence": envelope.sequence,
        "position": envelope.position,
        "attempt": envelope.attempt,
    }
    keep_row(session, LINE, row)


async def keep_booking(session: Session, envelope: Envelope, fact: BookingFacts) -> None:
    """Who got a seat on a flight by it, or lost one."""
    await keep_line(session, envelope, fact)
    kind = "cancelled" if envelope.type.endswith(".booking.cancelled.v1") else "booked"
    for individual in fact.individuals:
        row = {
            "individual_id": individual,
            "flight_id": fact.flight,
            "kind": kind,
            "attempt": fact.attempts.get(individual, envelope.attempt),
            "at": envelope.time,
        }
        _keep_passage(session, envelope, row)
        _keep_seat(session, envelope, (fact.booking, fact.flight, individual), taken=kind == "booked")


async def keep_willingness(session: Session, envelope: Envelope, fact: WillingnessStated) -> None:
    """What somebody said at the desk, alone."""
    await keep_line(session, envelope, fact)
    row = {
        "individual_id": fact.individual,
        "flight_id": fact.flight,
        "kind": str(fact.answer),
        "attempt": envelope.attempt,
        "at": fact.stated_at,
    }
    _keep_passage(session, envelope, row)


async def keep_passage(session: Session, envelope: Envelope, fact: PassengerFact) -> None:
    """How it went on for one passenger: no_show, offloaded, departed, not_admitted."""
    await keep_line(session, envelope, fact)
    row = {
        "individual_id": fact.individual,
        "flight_id": fact.flight,
        "kind": envelope.type.split(".")[3],
        "attempt": envelope.attempt,
        "clearance_id": getattr(fact, "clearance", None),
        # What a paper shows to be amiss is not for the rule of papers in order: it is an incident like any uncleared.
        "on_paper": getattr(fact, "on_paper", False) and getattr(fact, "in_order", True),
        "at": fact.at,
    }
    _keep_passage(session, envelope, row)
    if isinstance(fact, PassengerDeparted | PassengerNotAdmitted):
        reckon_heard(session, What.PASSAGE, envelope.id)
    _keep_seat(session, envelope, (fact.booking, fact.flight, fact.individual), taken=False)


async def keep_flight(session: Session, envelope: Envelope, fact: FlightScheduled | FlightChanged) -> None:
    """The flight as it was from then on."""
    row = {
        "event_id": envelope.id,
        "flight_id": fact.flight,
        "sequence": envelope.sequence,
        "changed": isinstance(fact, FlightChanged),
        "legs": [leg.model_dump(mode="json") for leg in fact.legs],
        "departs_at": fact.legs[0].departs,
        "position": envelope.position,
        "recorded_at": envelope.recorded,
    }
    keep_row(session, FLIGHT, row)


def _keep_seat(session: Session, envelope: Envelope, seat: tuple[UUID, UUID, UUID], *, taken: bool) -> None:
    booking, flight, individual = seat
    row = {
        "booking_id": booking,
        "individual_id": individual,
        "case_id": UUID(envelope.key),
        "flight_id": flight,
        "taken": taken,
        "position": envelope.position,
        "since": envelope.recorded,
        "sequence": envelope.sequence,
    }
    keep_row(session, SEAT, row)


def _keep_passage(session: Session, envelope: Envelope, row: dict[str, Any]) -> None:
    values = {
        "event_id": envelope.id,
        "case_id": UUID(envelope.key),
        "recorded_at": envelope.recorded,
        "sequence": envelope.sequence,
        "clearance_id": None,
        "on_paper": False,
        **row,
    }
    keep_row(session, PASSAGE, values)


async def keep_assistance(session: Session, envelope: Envelope, fact: AssistanceClosed) -> None:
    """The last word of reintegration on whether its assistance is over."""
    await keep_line(session, envelope, fact)
    row = {
        "case_id": UUID(envelope.key),
        "event_id": envelope.id,
        "reason": str(fact.reason),
        "sequence": envelope.sequence,
    }
    keep_row(session, LAST_WORD, row)
