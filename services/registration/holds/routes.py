"""Routes of holds."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import open_file, read_file
from services.registration.holds import actions
from services.registration.holds.models import Hold
from services.registration.holds.queries import holds_of
from services.registration.holds.schemas import (
    HoldAnswer,
    HoldBody,
    HoldList,
    HoldReviewAnswer,
    HoldReviewBody,
    hold_answer,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["holds"])
HOLDERS = (Role.PROTECTION, Role.MEDICAL, Role.COUNSELLOR)


@router.post("/cases/{case_id}/holds", status_code=201, dependencies=[allow(*HOLDERS)])
async def place_hold(case_id: UUID, body: HoldBody, call: Call) -> HoldAnswer:
    """Holds the named members, or all and who joins them. That they are held is told to the other services; why,
    never."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    hold = await actions.place_hold(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return _shown(call, hold)


@router.post("/cases/{case_id}/holds/{hold_id}/release", dependencies=[allow(*HOLDERS)])
async def release_hold(case_id: UUID, hold_id: UUID, call: Call) -> HoldAnswer:
    """Releases a hold. Other holds on the same people stay."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    hold = await actions.release_hold(call.session, call.act, file, hold_id)
    call.shows(file.case)
    return _shown(call, hold)


@router.get("/cases/{case_id}/holds", dependencies=[allow(*HOLDERS, Role.REGISTRATION_OFFICER, Role.AUDITOR)])
async def list_holds(case_id: UUID, call: Call) -> HoldList:
    """The holds of a case, newest first. Reasons are shown to counsellors, protection and medical; notes to the
    latter two."""
    file = await read_file(call.session, case_id)
    call.shows(file.case)
    return HoldList(items=[_shown(call, hold) for hold in await holds_of(call.session, case_id)])


@router.post("/hold-reviews", dependencies=[allow(Role.ADMINISTRATOR, *HOLDERS)])
async def review_holds(body: HoldReviewBody, call: Call) -> HoldReviewAnswer:
    """Releases what was to last until a day that has passed, at the business date of the request. What is for safety,
    protection, health or capacity stays until a person releases it."""
    released = await actions.review_holds(call.session, call.act, body.limit)
    return HoldReviewAnswer(released=released, more=len(released) == body.limit)


def _shown(call: CallState, hold: Hold) -> HoldAnswer:
    verbs = ["release_hold"] if hold.released_at is None else []
    return hold_answer(hold, call.act.roles, call.offers(verbs, case_id=hold.case_id, hold_id=hold.id))
