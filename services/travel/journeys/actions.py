"""Recording what became of a passenger after departure. The flight is locked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.travel.flights.queries import Flight
from services.travel.journeys.rules import check_destination, check_order
from services.travel.journeys.schemas import ArrivalBody, NonAdmissionBody, TransitBody
from services.travel.passengers.queries import PASSENGER, Passenger
from services.travel.returns.actions import note_non_admission
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.travel import PassengerArrived, PassengerFact, PassengerInTransit, PassengerNotAdmitted
from shared.database import Session
from shared.outbox import stage


async def record_transit(session: Session, act: Act, passenger: Passenger, body: TransitBody, at: datetime) -> None:
    """Raises `NotPossibleNow`, `OutOfOrder`."""
    status = PASSENGER.after(passenger.status, "record_transit")
    check_order(at, passenger.departed_at, passenger.transit_at)
    passenger.status = status
    passenger.transit_at = at
    touch(passenger)
    fact = PassengerInTransit(**_about(passenger, at), airport=body.airport, country=body.country)
    await _tell(session, act, passenger, fact)


async def record_arrival(
    session: Session, act: Act, flight: Flight, passenger: Passenger, body: ArrivalBody, at: datetime
) -> None:
    """Raises `NotPossibleNow`, `OutOfOrder`, `NotTheDestination`."""
    status = PASSENGER.after(passenger.status, "record_arrival")
    check_order(at, passenger.departed_at, passenger.transit_at)
    check_destination(body.country, flight.to_country)
    passenger.status = status
    passenger.ended_at = at
    passenger.ended_airport = body.airport
    passenger.ended_country = body.country
    passenger.met_by = str(body.met_by)
    touch(passenger)
    fact = PassengerArrived(**_about(passenger, at), airport=body.airport, country=body.country, met_by=body.met_by)
    await _tell(session, act, passenger, fact)


async def record_non_admission(
    session: Session, act: Act, passenger: Passenger, body: NonAdmissionBody, at: datetime
) -> None:
    """The journey ended elsewhere than at home: an outcome of its own. Raises `NotPossibleNow`, `OutOfOrder`."""
    status = PASSENGER.after(passenger.status, "record_non_admission")
    check_order(at, passenger.departed_at, passenger.transit_at)
    passenger.status = status
    passenger.ended_at = at
    passenger.ended_country = body.country
    passenger.not_admitted_kind = str(body.kind)
    touch(passenger)
    fact = PassengerNotAdmitted(**_about(passenger, at), country=body.country, kind=str(body.kind))
    event = await _tell(session, act, passenger, fact)
    await note_non_admission(session, act, event, passenger, str(body.kind))


def _about(passenger: Passenger, at: datetime) -> dict[str, Any]:
    return {
        "individual": passenger.individual_id,
        "booking": passenger.booking_id,
        "flight": passenger.flight_id,
        "at": at,
    }


async def _tell(session: Session, act: Act, passenger: Passenger, fact: PassengerFact) -> UUID:
    return await stage(
        session,
        act,
        fact,
        key=passenger.case_id,
        subject=passenger.individual_id,
        attempt=passenger.attempt,
        occurred=fact.at,
    )
