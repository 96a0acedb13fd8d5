"""Routes of vulnerability. Trafficking, torture, violence and the protection of children: protection and the author."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import lock_file, open_file, read_file
from services.registration.vulnerabilities import actions
from services.registration.vulnerabilities.models import PlanStep, VulnerabilityAssessment
from services.registration.vulnerabilities.queries import assessments_of, categories_of, priorities_of, steps_of
from services.registration.vulnerabilities.rules import sees_sensitive, shown_categories, shown_factors
from services.registration.vulnerabilities.schemas import (
    PriorityAnswer,
    PriorityList,
    StepAnswer,
    VulnerabilityAnswer,
    VulnerabilityBody,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["vulnerability"])
ASSESSORS = (Role.PROTECTION, Role.MEDICAL, Role.COUNSELLOR)


@router.post("/cases/{case_id}/vulnerability-assessments", status_code=201, dependencies=[allow(*ASSESSORS)])
async def assess_vulnerability(case_id: UUID, body: VulnerabilityBody, call: Call) -> VulnerabilityAnswer:
    """Records risk and protective factors at four levels, a plan, and the priority. Only the level is told."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    row = await actions.assess_vulnerability(call.session, call.act, file, body)
    await call.session.flush()
    call.made("/cases", case_id)
    call.shows(file.case)
    steps = await steps_of(call.session, [row.id])
    return _shown(call, row, [str(each) for each in dict.fromkeys(body.categories)], steps.get(row.id, []))


@router.get("/cases/{case_id}/vulnerability-assessments", dependencies=[allow(*ASSESSORS)])
async def list_vulnerability_assessments(
    case_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[VulnerabilityAnswer]:
    """Newest first; the newest of a person counts."""
    await read_file(call.session, case_id)
    rows = await assessments_of(call.session, case_id, after(cursor), limit)
    ids = [row.id for row in rows]
    categories, steps = await categories_of(call.session, ids), await steps_of(call.session, ids)
    return page(rows, limit, lambda row: _shown(call, row, categories.get(row.id, []), steps.get(row.id, [])))


@router.post("/cases/{case_id}/vulnerability-steps/{step_id}/completion", dependencies=[allow(*ASSESSORS)])
async def complete_plan_step(case_id: UUID, step_id: UUID, call: Call) -> StepAnswer:
    """A step of the plan is done; also on a closed case."""
    file = await lock_file(call.session, case_id)
    call.seen(file.case)
    step = await actions.complete_plan_step(call.session, call.act, file, step_id)
    call.shows(file.case)
    return _step(call, step)


@router.get(
    "/cases/{case_id}/priorities", dependencies=[allow(*ASSESSORS, Role.REGISTRATION_OFFICER, Role.TRAVEL_OFFICER)]
)
async def list_priorities(case_id: UUID, call: Call) -> PriorityList:
    """The level of each member who has one, and not why."""
    await read_file(call.session, case_id)
    rows = await priorities_of(call.session, case_id)
    return PriorityList(items=[PriorityAnswer.model_validate(row) for row in rows])


def _step(call: CallState, step: PlanStep) -> StepAnswer:
    verbs = ["complete_plan_step"] if step.done_at is None else []
    shown = {
        **step.model_dump(),
        "status": "open" if step.done_at is None else "done",
        "actions": call.offers(verbs, case_id=step.case_id, step_id=step.id),
    }
    return StepAnswer.model_validate(shown)


def _shown(
    call: CallState, row: VulnerabilityAssessment, categories: list[str], steps: list[PlanStep]
) -> VulnerabilityAnswer:
    sensitive = sees_sensitive(call.act.roles, call.act.by, row.assessed_by)
    return VulnerabilityAnswer.model_validate(
        {
            **row.model_dump(),
            "factors": shown_factors(row.factors, sensitive=sensitive),
            "categories": shown_categories(categories, sensitive=sensitive),
            "note": row.note if sensitive or not row.note_sensitive else None,
            "protection_note": row.protection_note if sensitive else None,
            "steps": [_step(call, step) for step in steps if sensitive or not step.sensitive],
        }
    )
