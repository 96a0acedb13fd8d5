"""Reads of appointments."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.appointments.models import Appointment
from shared.database import Session
from shared.pagination import exactly


async def list_rows(
    session: Session, *, status: str, case_id: UUID | None, before: UUID | None, limit: int
) -> Sequence[Appointment]:
    """Those of the status, newest first, one more than `limit` where more follow."""
    rows = select(Appointment)
    if case_id is not None:
        rows = rows.where(Appointment.case_id == case_id, Appointment.status == status)
    else:
        rows = rows.where(exactly(col(Appointment.status), status)).order_by(col(Appointment.status).desc())
    if before is not None:
        rows = rows.where(col(Appointment.id) < before)
    return (await session.exec(rows.order_by(col(Appointment.id).desc()).limit(limit + 1))).all()
