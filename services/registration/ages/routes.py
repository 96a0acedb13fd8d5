"""Routes of age reviews."""

from fastapi import APIRouter

from services.registration.ages import actions
from services.registration.ages.schemas import AgeReviewAnswer, AgeReviewBody
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["age reviews"])


@router.post("/age-reviews", dependencies=[allow(Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER)])
async def review_ages(body: AgeReviewBody, call: Call) -> AgeReviewAnswer:
    """The daily sweep, page by page, at the business date of the request. In production the worker does it by itself
    each day; in development only who asks here does, so that a story of another year is reviewed in its own time."""
    looked_at, told_again = await actions.review_ages(call.session, call.act, body.limit)
    return AgeReviewAnswer(looked_at=len(looked_at), told_again=told_again, more=len(looked_at) == body.limit)
