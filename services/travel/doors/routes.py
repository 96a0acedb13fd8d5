"""Routes of the doors."""

from collections import Counter
from uuid import UUID

from fastapi import APIRouter

from services.travel.desk.rules import counted
from services.travel.doors import actions, queries
from services.travel.doors.rules import Count
from services.travel.doors.schemas import DepartureBody, DoorPassenger, DoorsAnswer
from services.travel.flights.queries import FLIGHT, Flight, flight, lock_flight
from services.travel.passengers.queries import ABOARD, LIVING, boarded_and_expected, last_of_each, passengers_on
from shared.auth import Role, allow
from shared.call import Call
from shared.occurrence import Occurrence, when
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["doors"])

OFFERED = ("close_doors", "confirm_departure", "enter_paper_manifest", "cancel_flight")


async def _show(call: Call, on: Flight) -> DoorsAnswer:
    hand_over = await queries.hand_over_of_flight(call.session, on.id)
    everyone = await passengers_on(call.session, on.id)
    aboard = [each for each in everyone if each.status in ABOARD]
    verbs = [verb for verb in FLIGHT.verbs(on.status) if verb in OFFERED]
    call.shows(on)
    return DoorsAnswer(
        flight_id=on.id,
        version=on.version,
        status=on.status,
        waiting_for="registration" if on.status == "closing" else None,
        clearance_id=hand_over.id if hand_over else None,
        closing_at=on.closing_at,
        departed_at=on.departed_at,
        sentence=counted(*boarded_and_expected(Counter(each.status for each in last_of_each(everyone).values()))),
        pieces=sum(each.bags for each in aboard),
        counted_persons=on.counted_persons,
        counted_pieces=on.counted_pieces,
        validated=on.counted_persons is not None,
        to_ask=[each.individual_id for each in everyone if each.status in LIVING and each.must_be_asked],
        passengers=[DoorPassenger.model_validate(each) for each in everyone],
        actions=call.offers(verbs, flight_id=on.id),
    )


@router.get("/flights/{flight_id}/doors", dependencies=[allow(Role.AIRPORT_DESK, Role.TRAVEL_OFFICER, Role.AUDITOR)])
async def read_doors(flight_id: UUID, call: Call) -> DoorsAnswer:
    """Where the flight stands with its doors, and whose answer it waits for."""
    return await _show(call, await flight(call.session, flight_id))


@router.post("/flights/{flight_id}/doors", status_code=202, dependencies=[allow(Role.AIRPORT_DESK)])
async def close_doors(flight_id: UUID, call: Call) -> DoorsAnswer:
    """Closes the doors. Who is not on board or not ready stays behind, with their whole booking; of the others
    registration says who is cleared. That it was asked is what this answer says; look at the flight again."""
    on = await lock_flight(call.session, flight_id)
    call.seen(on)
    await actions.close_doors(call.session, call.act, on)
    return await _show(call, on)


@router.post("/flights/{flight_id}/departure", dependencies=[allow(Role.AIRPORT_DESK, Role.TRAVEL_OFFICER)])
async def confirm_departure(flight_id: UUID, body: DepartureBody, call: Call) -> DoorsAnswer:
    """The aircraft left. Everyone cleared departed with it; from here on there is no way back. What was
    counted at the door validates the manifest, where it is sent."""
    on = await lock_flight(call.session, flight_id)
    call.seen(on)
    said = Occurrence(occurred_at=body.departed_at, late_reason=body.late_reason, evidence=body.evidence)
    count = None if body.counted is None else Count(body.counted.persons, body.counted.pieces)
    await actions.confirm_departure(call.session, call.act, on, when(call.act, said), count)
    return await _show(call, on)
