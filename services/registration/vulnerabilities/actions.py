"""Verbs of vulnerability."""

from uuid import UUID

from services.registration.cases.queries import CaseFile
from services.registration.reckoning.actions import reckon
from services.registration.reckoning.rules import What
from services.registration.vulnerabilities.models import (
    PlanStep,
    Priority,
    VulnerabilityAssessment,
    VulnerabilityCategory,
)
from services.registration.vulnerabilities.rules import StepDoneAlready, is_sensitive, sees_sensitive
from services.registration.vulnerabilities.schemas import VulnerabilityBody
from shared.act import Act
from shared.contracts.registration import PriorityAssigned
from shared.database import Session, new_id
from shared.occurrence import when
from shared.outbox import stage
from shared.problems import NotFound


async def assess_vulnerability(
    session: Session, act: Act, file: CaseFile, body: VulnerabilityBody
) -> VulnerabilityAssessment:
    """Of one member. Where the priority changes, the level is told and never why.

    Raises `NotAMember`, and what `when` raises.
    """
    person = file.one(body.individual_id)
    found_here = list(body.categories), [each.factor for each in body.factors]
    row = VulnerabilityAssessment(
        id=new_id(),
        case_id=file.id,
        individual_id=person.id,
        factors=[each.model_dump(mode="json") for each in body.factors],
        priority=body.priority,
        note=body.note,
        note_sensitive=is_sensitive(body.note_sensitive, *found_here),
        protection_note=body.protection_note,
        assessed_at=when(act, body),
        recorded_at=act.now,
        assessed_by=act.by,
    )
    session.add(row)
    await session.flush()
    for category in dict.fromkeys(body.categories):
        found = VulnerabilityCategory(
            assessment_id=row.id, category=category, individual_id=person.id, recorded_at=act.now
        )
        session.add(found)
    if body.categories:
        reckon(session, What.ASSESSMENT, row.id)
    for step in body.steps:
        planned = PlanStep(
            id=new_id(),
            assessment_id=row.id,
            case_id=file.id,
            step=step.step,
            sensitive=is_sensitive(step.sensitive, *found_here),
            due_on=step.due_on,
        )
        session.add(planned)
    await _assign(session, act, file, person.id, body.priority)
    file.settle()
    return row


async def _assign(session: Session, act: Act, file: CaseFile, individual: UUID, level: int) -> None:
    standing = await session.get(Priority, (file.id, individual))
    if standing is not None and standing.level == level:
        return
    if standing is None:
        session.add(Priority(case_id=file.id, individual_id=individual, level=level, assigned_at=act.now))
    else:
        standing.level = level
        standing.assigned_at = act.now
        standing.version += 1
    await stage(session, act, PriorityAssigned(individual=individual, level=level), key=file.id, subject=individual)


async def complete_plan_step(session: Session, act: Act, file: CaseFile, step_id: UUID) -> PlanStep:
    """Raises `NotFound`, also where the step is not for the caller to read; `StepDoneAlready`."""
    step = await session.get(PlanStep, step_id)
    if step is None or step.case_id != file.id:
        raise NotFound("step of a plan in this case")
    assessment = await session.get(VulnerabilityAssessment, step.assessment_id)
    assert assessment is not None  # a foreign key
    if step.sensitive and not sees_sensitive(act.roles, act.by, assessment.assessed_by):
        raise NotFound("step of a plan in this case")
    if step.done_at is not None:
        raise StepDoneAlready()
    step.done_at = act.now
    step.done_by = act.by
    step.version += 1
    file.settle()
    return step
