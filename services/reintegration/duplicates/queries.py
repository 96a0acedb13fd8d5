"""Reads of people who are one."""

from uuid import UUID

from sqlmodel import col, select

from services.reintegration.duplicates.rules import PackageElsewhere
from services.reintegration.facts.queries import linked_cases
from services.reintegration.plans.queries import Plan
from shared.database import Session

PROMISED = ("approved", "closed")


async def check_one_package(session: Session, case_id: UUID, *, approving: bool = False) -> None:
    """Nobody gets a package twice: no plan is drafted while a linked case has one, none approved beside one that is.

    Locks the links, so that two linked cases that try at once are seen one after the other. The caller holds the lock
    of its own case. Raises `PackageElsewhere`.
    """
    others = await linked_cases(session, case_id)
    if not others:
        return
    rows = select(Plan).where(col(Plan.case_id).in_(others))
    rows = rows.where(col(Plan.status).in_(PROMISED)) if approving else rows.where(Plan.status != "cancelled")
    there = (await session.exec(rows.order_by(col(Plan.id)).limit(1))).first()
    if there is not None:
        raise PackageElsewhere(case=there.case_id, plan=there.id)
