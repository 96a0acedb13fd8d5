"""Verbs of feedback."""

from services.registration.feedback.models import Feedback, FeedbackStep
from services.registration.feedback.rules import FEEDBACK, PROTECTED, check_closing
from services.registration.feedback.schemas import FeedbackBody
from services.registration.relief.queries import check_distribution
from services.registration.sites.queries import check_site
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session, new_id
from shared.occurrence import when


async def give_feedback(session: Session, act: Act, body: FeedbackBody) -> Feedback:
    """Raises `SiteUnknown`, `DistributionUnknown`, and what `when` raises."""
    await check_site(session, body.site_id)
    await check_distribution(session, body.distribution_id)
    given = Feedback(
        id=new_id(),
        **body.model_dump(exclude={"occurred_at", "late_reason", "evidence"}),
        protected=body.category in PROTECTED,
        occurred_at=when(act, body),
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(given)
    return given


async def note_step(session: Session, act: Act, feedback: Feedback, verb: str, note: str) -> None:
    """Follows a locked feedback up, answers or closes it. Raises `NotPossibleNow`, `AnswerMissing`."""
    status = FEEDBACK.after(feedback.status, verb)
    if verb == "close_feedback":
        check_closing(feedback.status, anonymous=feedback.contact is None)
    feedback.status = status
    touch(feedback)
    session.add(FeedbackStep(id=new_id(), feedback_id=feedback.id, verb=verb, note=note, at=act.now, by=act.by))
    await session.flush()
