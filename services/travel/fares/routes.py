"""Routes of fares."""

from uuid import UUID

from fastapi import APIRouter

from services.travel.bookings.queries import booking
from services.travel.fares import actions, queries
from services.travel.fares.rules import FareOutcome, settled
from services.travel.fares.schemas import (
    FareBody,
    FareEntryAnswer,
    FareLine,
    FareReport,
    SeatFare,
    SettledAnswer,
    SoldFare,
    SoldFares,
)
from services.travel.flights.queries import flight, lock_flight
from services.travel.passengers.queries import passenger_on
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import BusinessDate
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["fares"])
READERS = allow(Role.TRAVEL_OFFICER, Role.FINANCE, Role.PROGRAMME_OFFICER, Role.AUDITOR)


@router.post("/flights/{flight_id}/fares", status_code=201, dependencies=[allow(Role.TRAVEL_OFFICER, Role.FINANCE)])
async def set_fare(flight_id: UUID, body: FareBody, call: Call) -> SoldFare:
    """What a seat costs whom, on which budget line, and what the airline keeps of it, for seats booked from now on."""
    on = await lock_flight(call.session, flight_id)
    return SoldFare.model_validate(await actions.set_fare(call.session, call.act, on, body))


@router.get("/flights/{flight_id}/fares", dependencies=[READERS])
async def list_fares(flight_id: UUID, call: Call) -> SoldFares:
    await flight(call.session, flight_id)
    rows = await queries.fares_of(call.session, flight_id)
    return SoldFares(items=[SoldFare.model_validate(row) for row in rows])


@router.get("/flights/{flight_id}/passengers/{individual_id}/fare", dependencies=[READERS])
async def read_seat_fare(flight_id: UUID, individual_id: UUID, call: Call) -> SeatFare:
    """What this seat costs, and what would come back and be lost if it were given up now."""
    on = await flight(call.session, flight_id)
    passenger = await passenger_on(call.session, flight_id, individual_id)
    booked = await booking(call.session, passenger.booking_id)
    fares = await queries.fares_of(call.session, flight_id)
    terms, fare_id, project_code, budget_line = queries.sold_as(
        on, fares, adult=passenger.adult, booked_at=booked.made_at
    )
    now, never = (
        SettledAnswer.model_validate(settled(terms, on.departs_at, call.act.now, outcome))
        for outcome in (FareOutcome.CANCELLED, FareOutcome.NO_SHOW)
    )
    return SeatFare(
        fare_id=fare_id,
        amount=terms.amount,
        currency=terms.currency,
        project_code=project_code,
        budget_line=budget_line,
        if_given_up_now=now,
        if_no_show=never,
    )


@router.get("/flights/{flight_id}/fare-entries", dependencies=[READERS])
async def list_fare_entries(
    flight_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> Page[FareEntryAnswer]:
    """The ledger of one flight: what became of each seat's fare."""
    await flight(call.session, flight_id)
    rows = await queries.entries_of(call.session, flight_id, after(cursor), limit)
    return page(rows, limit, FareEntryAnswer.model_validate)


@router.get("/reports/fares", dependencies=[READERS])
async def report_fares(call: Call, since: BusinessDate, until: BusinessDate) -> FareReport:
    """Fares flown, refunded and lost by project and budget line, by the day (UTC) on which each was settled."""
    lines = await queries.sums_by_line(call.session, since, until)
    names = ("project_code", "budget_line", "currency", "outcome", "entries", "fare", "refunded", "lost")
    return FareReport(
        since=since, until=until, lines=[FareLine.model_validate(dict(zip(names, line, strict=True))) for line in lines]
    )
