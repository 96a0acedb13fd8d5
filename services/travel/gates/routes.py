"""The route of readiness."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.travel.flights.queries import flight, legs_of
from services.travel.gates.actions import show_gates
from services.travel.gates.queries import gatekeeper
from services.travel.gates.schemas import IndividualReadiness, ReadinessAnswer
from services.travel.passengers.queries import living_of_case
from shared.auth import Role, allow
from shared.call import Call
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["gates"])

READERS = (
    Role.TRAVEL_OFFICER,
    Role.AIRPORT_DESK,
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.PROTECTION,
)


@router.get("/cases/{case_id}/readiness", dependencies=[allow(*READERS)])
async def read_readiness(
    case_id: UUID,
    call: Call,
    flight_id: Annotated[UUID | None, Query(description="Asks about this flight: its day, places and papers")] = None,
) -> ReadinessAnswer:
    """For each person of the case, what each gate still asks: as of today, or for one flight."""
    legs = None
    if flight_id is not None:
        await flight(call.session, flight_id)
        legs = (await legs_of(call.session, [flight_id]))[flight_id]
    keeper = await gatekeeper(call.session, [case_id], legs, call.act.today)
    dossier = keeper.dossiers[case_id]
    if dossier.case is None:
        raise NotFound("case")
    words = {each.individual_id: each.word for each in await living_of_case(call.session, case_id)}
    shown = []
    for individual in sorted(dossier.members):
        attempt = dossier.attempt_now(individual)
        gates = show_gates(keeper, case_id, individual, attempt, words.get(individual))
        shown.append(IndividualReadiness(individual_id=individual, attempt=attempt, **dict(gates)))
    on = legs[0].departs.date() if legs else call.act.today
    return ReadinessAnswer(case_id=case_id, flight_id=flight_id, on=on, individuals=shown)
