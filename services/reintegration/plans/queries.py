"""Reads of plans."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.reintegration.cases.queries import AssistedCase, locked_case
from services.reintegration.plans.models import Plan, PlanStep
from services.reintegration.plans.rules import AUTHORING, is_void
from shared.concurrency import locked
from shared.database import Session
from shared.problems import NotFound

__all__ = ["Plan", "PlanStep", "authors_of", "is_void_now", "live_plan", "locked_plan", "plan_of", "steps_of"]


async def plan_of(session: Session, plan_id: UUID) -> Plan:
    """Raises `NotFound`."""
    plan = await session.get(Plan, plan_id)
    if plan is None:
        raise NotFound("plan")
    return plan


async def locked_plan(session: Session, plan_id: UUID) -> tuple[AssistedCase, Plan]:
    """The plan and its case, locked until the commit, the case first. Raises `NotFound`."""
    case_id = (await session.exec(select(Plan.case_id).where(Plan.id == plan_id))).first()
    if case_id is None:
        raise NotFound("plan")
    case = await locked_case(session, case_id)
    plan = await locked(session, Plan, plan_id)
    if plan is None:
        raise NotFound("plan")
    return case, plan


# Built once: making a statement anew costs twice what asking it does.
_LIVE = (
    select(Plan)
    .where(col(Plan.case_id) == bindparam("case"), Plan.status != "cancelled")
    .execution_options(populate_existing=True)
)


async def live_plan(session: Session, case_id: UUID) -> Plan | None:
    """The case's one plan that is not cancelled. Its lock is the case's."""
    return (await session.exec(_LIVE, params={"case": case_id})).first()


async def steps_of(session: Session, plan_id: UUID) -> Sequence[PlanStep]:
    """Oldest first."""
    return (await session.exec(select(PlanStep).where(PlanStep.plan_id == plan_id).order_by(col(PlanStep.id)))).all()


async def authors_of(session: Session, plan_id: UUID) -> set[str]:
    """Everyone who wrote the plan or changed it."""
    return {step.by for step in await steps_of(session, plan_id) if step.verb in AUTHORING}


def is_void_now(plan: Plan, withdrawals: Collection[tuple[UUID, int]]) -> bool:
    """Whether everyone the plan was drawn up for has withdrawn since."""
    return is_void({UUID(who): attempt for who, attempt in plan.attempts.items()}, withdrawals)
