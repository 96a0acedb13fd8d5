"""The route of the manifest."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from services.travel.flights.queries import flight, legs_of
from services.travel.manifests.schemas import ManifestAnswer, ManifestLine, NamedPassenger, NamesState, PassengerNames
from services.travel.passengers.queries import Passenger, living_on
from shared.auth import Role, allow
from shared.call import Call, calls_outside
from shared.database import new_id
from shared.http import AnswerUnexpected
from shared.problems import OtherServiceUnavailable
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["manifests"])


@router.get(
    "/flights/{flight_id}/manifest", dependencies=[allow(Role.TRAVEL_OFFICER, Role.AIRPORT_DESK), calls_outside()]
)
async def read_manifest(flight_id: UUID, call: Call) -> ManifestAnswer:
    """Everyone with a seat, with the names registration gives at this moment, in one question; they are not kept. While
    registration cannot be reached the list comes without them, so that a flight can still be worked."""
    async with call.runtime.database.reading() as session:
        on = await flight(session, flight_id)
        legs = await legs_of(session, [flight_id])
        living = await living_on(session, flight_id)
    named = await _names(call, flight_id, living)
    lines = [_line(each, (named or {}).get(each.individual_id)) for each in living]
    state = NamesState.COMPLETE
    if named is None:
        state = NamesState.NOT_AVAILABLE
    elif len(named) < len(living):
        state = NamesState.INCOMPLETE
    return ManifestAnswer(
        flight_id=flight_id,
        flight_number=legs[flight_id][0].flight_number,
        status=on.status,
        departs=on.departs_at,
        made_at=call.act.now,
        names=state,
        lines=lines,
    )


async def _names(call: Call, flight_id: UUID, living: Sequence[Passenger]) -> dict[UUID, NamedPassenger] | None:
    """The names by individual; None when registration does not give them."""
    if not living:
        return {}
    body = {"flight_id": str(flight_id), "individuals": [str(each.individual_id) for each in living]}
    try:
        answer = await call.runtime.others.ask("registration", "/passenger-names", body, act=call.act, key=new_id())
    except (OtherServiceUnavailable, AnswerUnexpected):
        return None
    return {each.individual_id: each for each in PassengerNames.model_validate(answer).passengers}


def _line(passenger: Passenger, named: NamedPassenger | None) -> ManifestLine:
    return ManifestLine(
        individual_id=passenger.individual_id,
        booking_id=passenger.booking_id,
        status=passenger.status,
        adult=passenger.adult,
        given_name=named.given_name if named else None,
        family_name=named.family_name if named else None,
        birth_date=named.birth_date if named else None,
        nationality=named.nationality if named else None,
        document=named.document if named else None,
    )
