"""Routes of fitness checks."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import open_file, read_file
from services.registration.fitness import actions
from services.registration.fitness.queries import checks_of
from services.registration.fitness.schemas import FitnessAnswer, FitnessBody, FitnessList, fitness_answer
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["fitness"])


@router.post("/cases/{case_id}/fitness-checks", status_code=201, dependencies=[allow(Role.MEDICAL)])
async def assess_fitness(case_id: UUID, body: FitnessBody, call: Call) -> FitnessAnswer:
    """Records a pre-embarkation check. Its outcome and the support needed are told; what was found is not."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    check = await actions.assess_fitness(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return fitness_answer(check, call.act.roles)


@router.get(
    "/cases/{case_id}/fitness-checks",
    dependencies=[allow(Role.MEDICAL, Role.PROTECTION, Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)],
)
async def list_fitness(case_id: UUID, call: Call) -> FitnessList:
    """The checks of a case, newest first. Findings are shown to medical and protection alone."""
    await read_file(call.session, case_id)
    rows = await checks_of(call.session, case_id)
    return FitnessList(items=[fitness_answer(row, call.act.roles) for row in rows])
