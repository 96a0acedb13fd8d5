"""Reads of feedback. Whoever may not read one does not learn that it is there."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.feedback.models import Feedback, FeedbackStep
from services.registration.feedback.rules import Category, may_read
from shared.auth import Role
from shared.concurrency import locked
from shared.database import Session
from shared.problems import NotFound


async def readable(session: Session, feedback_id: UUID, roles: Collection[Role], *, lock: bool = False) -> Feedback:
    """Raises `NotFound`, also where it is there and not for these roles."""
    found = await (locked(session, Feedback, feedback_id) if lock else session.get(Feedback, feedback_id))
    if found is None or not may_read(Category(found.category), roles):
        raise NotFound("feedback")
    return found


async def feedback_before(session: Session, *, protected: bool, before: UUID | None, limit: int) -> Sequence[Feedback]:
    """Up to `limit` + 1 of one channel, newest first."""
    rows = select(Feedback).where(Feedback.protected == protected).order_by(col(Feedback.id).desc())
    if before is not None:
        rows = rows.where(col(Feedback.id) < before)
    return (await session.exec(rows.limit(limit + 1))).all()


async def steps_of(session: Session, feedback_id: UUID) -> Sequence[FeedbackStep]:
    rows = select(FeedbackStep).where(FeedbackStep.feedback_id == feedback_id).order_by(col(FeedbackStep.id))
    return (await session.exec(rows.limit(200))).all()
