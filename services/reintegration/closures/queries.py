"""Reads of closures."""

from uuid import UUID

from sqlmodel import select

from services.reintegration.closures.models import Closure
from shared.database import Session


async def closure_of(session: Session, case_id: UUID) -> Closure | None:
    return (await session.exec(select(Closure).where(Closure.case_id == case_id))).first()


async def is_closed(session: Session, case_id: UUID) -> bool:
    return await closure_of(session, case_id) is not None
