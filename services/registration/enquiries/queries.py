"""Reads of enquiries."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.registration.enquiries.models import Enquiry
from services.registration.enquiries.rules import Asked, Topic
from shared.concurrency import locked
from shared.database import Session
from shared.problems import NotFound


async def locked_enquiry(session: Session, enquiry_id: UUID) -> Enquiry:
    """Raises `NotFound`."""
    found = await locked(session, Enquiry, enquiry_id)
    if found is None:
        raise NotFound("enquiry")
    return found


async def enquiries_before(session: Session, *, waiting: bool, before: UUID | None, limit: int) -> Sequence[Enquiry]:
    """Up to `limit` + 1, newest first; `waiting`: those alone who are still to be called back."""
    rows = select(Enquiry).order_by(col(Enquiry.id).desc()).limit(limit + 1)
    if waiting:
        rows = rows.where(col(Enquiry.call_back_wanted), col(Enquiry.called_back_at).is_(None))
    if before is not None:
        rows = rows.where(col(Enquiry.id) < before)
    return (await session.exec(rows)).all()


async def requests_between(session: Session, since: date, until: date) -> list[Asked]:
    """By day and channel: one statement, at most as many rows as days times channels."""
    count: Any = func.count()
    rows: Any = (
        select(col(Enquiry.asked_on), col(Enquiry.channel), count)
        .where(Enquiry.topic == Topic.RETURN, col(Enquiry.asked_on) >= since, col(Enquiry.asked_on) <= until)
        .group_by(col(Enquiry.asked_on), col(Enquiry.channel))
    )
    return [Asked(on, channel, count) for on, channel, count in (await session.exec(rows)).all()]
