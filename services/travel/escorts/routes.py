"""Routes of escorts."""

from uuid import UUID

from fastapi import APIRouter

from services.travel.escorts import actions, queries
from services.travel.escorts.queries import Escort
from services.travel.escorts.rules import ESCORT
from services.travel.escorts.schemas import EscortAnswer, EscortBody, EscortsAnswer
from services.travel.flights.queries import BEFORE_DOORS, Flight, FlightNotOpen, flight, lock_flight
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["escorts"])
READERS = allow(Role.TRAVEL_OFFICER, Role.AIRPORT_DESK, Role.MEDICAL, Role.PROTECTION, Role.FINANCE, Role.AUDITOR)


def _show(call: Call, on: Flight, row: Escort) -> EscortAnswer:
    verbs = ESCORT.verbs(row.status) if on.status in BEFORE_DOORS else []
    return EscortAnswer(**row.model_dump(), actions=call.offers(verbs, escort_id=row.id))


@router.post("/flights/{flight_id}/escorts", status_code=201, dependencies=[allow(Role.TRAVEL_OFFICER)])
async def add_escort(flight_id: UUID, body: EscortBody, call: Call) -> EscortAnswer:
    """A seat for somebody who goes along: medical, operational or of the family. It counts among the flight's seats."""
    on = await lock_flight(call.session, flight_id)
    added = await actions.add_escort(call.session, call.act, on, body)
    call.shows(added)
    return _show(call, on, added)


@router.get("/flights/{flight_id}/escorts", dependencies=[READERS])
async def list_escorts(flight_id: UUID, call: Call) -> EscortsAnswer:
    on = await flight(call.session, flight_id)
    rows = await queries.escorts_on(call.session, flight_id)
    return EscortsAnswer(items=[_show(call, on, row) for row in rows])


@router.post("/escorts/{escort_id}/cancellation", dependencies=[allow(Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)])
async def cancel_escort(escort_id: UUID, call: Call) -> EscortAnswer:
    """The escort does not go. Whoever needs one is stopped at check-in until there is another."""
    on = await lock_flight(call.session, (await queries.escort(call.session, escort_id)).flight_id)
    row = await queries.escort(call.session, escort_id)
    call.seen(row)
    if on.status not in BEFORE_DOORS:
        raise FlightNotOpen(state=on.status)
    actions.cancel_escort(call.session, call.act, on, row)
    await call.session.flush()
    call.shows(row)
    return _show(call, on, row)
