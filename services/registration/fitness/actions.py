"""Verbs of fitness checks."""

from services.registration.cases.queries import CaseFile
from services.registration.fitness.models import FitnessCheck
from services.registration.fitness.rules import check_fitness
from services.registration.fitness.schemas import FitnessBody
from shared.act import Act
from shared.contracts.registration import FitnessAssessed
from shared.database import Session, new_id
from shared.outbox import stage


async def assess_fitness(session: Session, act: Act, file: CaseFile, body: FitnessBody) -> FitnessCheck:
    """Raises `NotAMember`, `CheckUnclear`."""
    assessed = file.one(body.individual_id)
    check_fitness(body.outcome, body.support, body.checked_at, body.fly_before, act.now)
    check = FitnessCheck(
        id=new_id(),
        case_id=file.id,
        recorded_at=act.now,
        recorded_by=act.by,
        **body.model_dump(),
    )
    session.add(check)
    file.settle()
    fact = FitnessAssessed(
        individual=assessed.id,
        check=check.id,
        outcome=body.outcome,
        checked_at=body.checked_at,
        support=tuple(body.support),
        fly_before=body.fly_before,
    )
    await stage(session, act, fact, key=file.id, subject=assessed.id, occurred=min(body.checked_at, act.now))
    return check
