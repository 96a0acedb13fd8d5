"""The route of walk-ins."""

from uuid import UUID

from fastapi import APIRouter

from services.travel.flights.queries import check_in_is_open
from services.travel.gates.actions import show_missing
from services.travel.walk_ins import actions
from services.travel.walk_ins.schemas import WalkInAnswer, WalkInBody, WalkInPerson
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["desk"])


@router.post(
    "/flights/{flight_id}/walk-ins",
    status_code=201,
    dependencies=[allow(Role.AIRPORT_DESK, Role.TRAVEL_OFFICER)],
)
async def take_walk_in(flight_id: UUID, body: WalkInBody, call: Call) -> WalkInAnswer:
    """Somebody at the desk without a booking, and a flight in some hours: seats for all of them, and check-in of each
    whom it lets pass. What is missing is said of everyone at once, with who can help."""
    taken = await actions.take_walk_in(call.session, call.act, flight_id, body)
    on = taken.flight
    call.made("/bookings", taken.booking.id)
    return WalkInAnswer(
        booking_id=taken.booking.id,
        flight_id=on.id,
        check_in_is_open=check_in_is_open(on.status, on.check_in_opens_at, call.act.now),
        check_in_opens_at=on.check_in_opens_at,
        persons=[
            WalkInPerson(
                individual_id=each.individual_id,
                status=each.status,
                missing=show_missing(taken.missing[each.individual_id]),
            )
            for each in taken.passengers
        ],
        to_ask=[each.individual_id for each in taken.passengers if each.must_be_asked],
    )
