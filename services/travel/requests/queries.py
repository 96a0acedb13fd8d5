"""Reading requests for papers."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, literal, tuple_
from sqlmodel import col, select

from services.travel.requests.models import PaperReminder, PaperRequest
from services.travel.requests.rules import OPEN
from shared.database import Session
from shared.problems import NotFound

__all__ = ["PaperReminder", "PaperRequest", "open_for", "paper_request", "reminders_of", "requests_by", "to_remind"]


async def paper_request(session: Session, request_id: UUID, *, lock: bool = False) -> PaperRequest:
    """Raises `NotFound`."""
    rows = select(PaperRequest).where(col(PaperRequest.id) == request_id)
    if lock:
        rows = rows.with_for_update()
    found = (await session.exec(rows.execution_options(populate_existing=True))).first()
    if found is None:
        raise NotFound("request for a paper")
    return found


# Built once: making a statement anew costs twice what asking it does.
_OPEN_FOR = (
    select(PaperRequest)
    .where(
        col(PaperRequest.individual_id) == bindparam("individual"),
        col(PaperRequest.document) == bindparam("document"),
        col(PaperRequest.status).in_(OPEN),
    )
    .order_by(col(PaperRequest.id))
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def open_for(session: Session, individual_id: UUID, document: str) -> Sequence[PaperRequest]:
    """Those that wait for this kind of paper for this person, locked until the commit."""
    return (await session.exec(_OPEN_FOR, params={"individual": individual_id, "document": document})).all()


async def to_remind(session: Session, today: date, limit: int, *, lock: bool = True) -> Sequence[PaperRequest]:
    """Open ones whose day to remind has come, those due first going first; locked, so that each is reminded of once."""
    rows = select(PaperRequest).where(col(PaperRequest.status).in_(OPEN), col(PaperRequest.remind_on) <= today)
    rows = rows.order_by(col(PaperRequest.remind_on), col(PaperRequest.id)).limit(limit)
    if lock:
        rows = rows.with_for_update()
    return (await session.exec(rows.execution_options(populate_existing=True))).all()


async def requests_by(
    session: Session,
    case_id: UUID | None,
    overdue_on: date | None,
    remind_on: date | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[PaperRequest]:
    """In the order in which they are due; `overdue_on`: only open ones that were due before that day; `remind_on`: only
    open ones to be reminded of by that day. One more than `limit`, to see whether more follow."""
    order = (col(PaperRequest.due_on), col(PaperRequest.id))
    rows = select(PaperRequest).order_by(*order).limit(limit + 1)
    if case_id is not None:
        rows = rows.where(col(PaperRequest.case_id) == case_id)
    if overdue_on is not None:
        rows = rows.where(col(PaperRequest.status).in_(OPEN), col(PaperRequest.due_on) < overdue_on)
    if remind_on is not None:
        rows = rows.where(col(PaperRequest.status).in_(OPEN), col(PaperRequest.remind_on) <= remind_on)
    if after is not None:
        rows = rows.where(tuple_(*order) > tuple_(literal(after[0], Date()), literal(after[1], Uuid())))
    return (await session.exec(rows)).all()


async def reminders_of(session: Session, request_id: UUID) -> Sequence[PaperReminder]:
    rows = select(PaperReminder).where(col(PaperReminder.request_id) == request_id).order_by(col(PaperReminder.number))
    return (await session.exec(rows)).all()
