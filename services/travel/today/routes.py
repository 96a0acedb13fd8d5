"""What the airport desk sees first in the morning."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.travel.desk.rules import counted
from services.travel.flights.queries import AirportCode, Flight
from services.travel.passengers.queries import boarded_and_expected
from services.travel.today.queries import counts_of, flights_from
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import Answer, BusinessDate
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["desk"])


class FlightOfTheDay(Answer):
    """`passengers`: how many stand in each status; `sentence`: such as "23 of 24 boarded"."""

    flight_id: UUID
    carrier: str
    to_airport: str
    departs_at: datetime
    doors_at: datetime
    status: str
    seats: int
    expected: int
    boarded: int
    sentence: str
    passengers: dict[str, int]


class DeskDay(Answer):
    airport: str
    on: date
    flights: list[FlightOfTheDay]


@router.get("/desk/today", dependencies=[allow(Role.AIRPORT_DESK, Role.TRAVEL_OFFICER, Role.AUDITOR)])
async def show_desk_day(
    call: Call, airport: AirportCode, on: Annotated[BusinessDate | None, "the day, or today"] = None
) -> DeskDay:
    """The day's flights from an airport, with how many of their passengers have come how far."""
    day = on or call.act.today
    flights = await flights_from(call.session, airport, day)
    counts = await counts_of(call.session, [each.id for each in flights])
    return DeskDay(airport=airport, on=day, flights=[_shown(each, counts[each.id]) for each in flights])


def _shown(flight: Flight, passengers: Mapping[str, int]) -> FlightOfTheDay:
    boarded, expected = boarded_and_expected(passengers)
    return FlightOfTheDay(
        flight_id=flight.id,
        carrier=flight.carrier,
        to_airport=flight.to_airport,
        departs_at=flight.departs_at,
        doors_at=flight.doors_at,
        status=flight.status,
        seats=flight.seats,
        expected=expected,
        boarded=boarded,
        sentence=counted(boarded, expected),
        passengers=dict(passengers),
    )
