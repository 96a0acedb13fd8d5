"""Routes of feedback."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.feedback import actions
from services.registration.feedback.models import Feedback
from services.registration.feedback.queries import feedback_before, readable, steps_of
from services.registration.feedback.rules import FEEDBACK, FOLLOWS_UP, Category, Way, check_words, may_read_words
from services.registration.feedback.schemas import (
    FeedbackAnswer,
    FeedbackBody,
    FeedbackLine,
    FeedbackReceipt,
    NoteBody,
    StepAnswer,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["feedback"])
TAKES = [role for role in Role if role is not Role.SERVICE]
READS = (*sorted(FOLLOWS_UP), Role.PSEA_FOCAL_POINT)
ONE = "/feedback/{feedback_id}"


@router.post("/feedback", status_code=201, dependencies=[allow(*TAKES)])
async def give_feedback(body: FeedbackBody, call: Call) -> FeedbackReceipt:
    """A complaint or any other word, confidential or anonymous. Whoever writes it down is shown a number alone."""
    given = await actions.give_feedback(call.session, call.act, body)
    return FeedbackReceipt(id=given.id, recorded_at=given.recorded_at)


@router.get("/feedback", dependencies=[allow(*READS)])
async def list_feedback(
    call: Call, protected: bool = False, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[FeedbackLine]:
    """Newest first. The protected channel is empty to everyone but its focal points."""
    focal = Role.PSEA_FOCAL_POINT in call.principal.roles
    others = not FOLLOWS_UP.isdisjoint(call.principal.roles)
    if (protected and not focal) or (not protected and not others):
        return Page[FeedbackLine](items=[], next=None)
    rows = await feedback_before(call.session, protected=protected, before=after(cursor), limit=limit)
    return page(rows, limit, _line)


@router.get(ONE, dependencies=[allow(*READS)])
async def read_feedback(feedback_id: UUID, call: Call) -> FeedbackAnswer:
    return await _shown(await readable(call.session, feedback_id, call.principal.roles), call)


@router.post(ONE + "/follow-up", dependencies=[allow(*READS)])
async def follow_up(feedback_id: UUID, body: NoteBody, call: Call) -> FeedbackAnswer:
    """What was done about it."""
    return await _step(feedback_id, "follow_up", body, call)


@router.post(ONE + "/answer", dependencies=[allow(*READS)])
async def answer_feedback(feedback_id: UUID, body: NoteBody, call: Call) -> FeedbackAnswer:
    """What the person was told."""
    return await _step(feedback_id, "answer_feedback", body, call)


@router.post(ONE + "/closure", dependencies=[allow(*READS)])
async def close_feedback(feedback_id: UUID, body: NoteBody, call: Call) -> FeedbackAnswer:
    """After an answer; what is anonymous also without one."""
    return await _step(feedback_id, "close_feedback", body, call)


async def _step(feedback_id: UUID, verb: str, body: NoteBody, call: CallState) -> FeedbackAnswer:
    feedback = await readable(call.session, feedback_id, call.principal.roles, lock=True)
    check_words(Category(feedback.category), call.principal.roles, confidential=feedback.confidential)
    await actions.note_step(call.session, call.act, feedback, verb, body.note)
    return await _shown(feedback, call)


def _line(row: Feedback) -> FeedbackLine:
    return FeedbackLine(
        id=row.id,
        way=Way(row.way),
        category=Category(row.category),
        status=row.status,
        anonymous=row.contact is None,
        confidential=row.confidential,
        occurred_at=row.occurred_at,
    )


async def _shown(row: Feedback, call: CallState) -> FeedbackAnswer:
    reads = may_read_words(Category(row.category), call.principal.roles, confidential=row.confidential)
    steps = await steps_of(call.session, row.id) if reads else ()
    verbs = list(FEEDBACK.verbs(row.status)) if reads else []
    return FeedbackAnswer(
        **dict(_line(row)),
        said=row.said if reads else None,
        contact=row.contact if reads else None,
        site_id=row.site_id,
        distribution_id=row.distribution_id,
        steps=[StepAnswer(verb=each.verb, note=each.note, at=each.at, by=each.by) for each in steps],
        version=row.version,
        actions=call.offers(verbs, feedback_id=row.id),
    )
