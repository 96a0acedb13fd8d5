"""Routes of notices: registration has the contacts, and so the list of who must be told."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.cases.queries import Household, Individual, individuals_of
from services.registration.notices import actions
from services.registration.notices.models import Notice, Telling
from services.registration.notices.queries import list_rows, tellings_of
from services.registration.notices.schemas import NoticeAnswer, Reached, TellingAnswer, TellingBody
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.concurrency import locked
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["notices"])
TELLERS = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION, Role.TRAVEL_OFFICER)
People = dict[UUID, tuple[Individual, Household]]


@router.get("/notices", dependencies=[allow(*TELLERS)])
async def list_notices(
    call: Call,
    status: Annotated[Literal["open", "told", "overtaken"], Query(description="Which of them")] = "open",
    case_id: Annotated[UUID | None, Query(description="Only of this case")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[NoticeAnswer]:
    """Who must be told what, newest first, with how each is reached and was told: three queries whatever the limit."""
    rows = await list_rows(call.session, status=status, case_id=case_id, before=after(cursor), limit=limit)
    people = await individuals_of(call.session, [row.individual_id for row in rows])
    tellings = await tellings_of(call.session, [row.id for row in rows])
    return page(rows, limit, lambda row: _shown(call, row, people, tellings.get(row.id, [])))


@router.post("/notices/{notice_id}/telling", dependencies=[allow(*TELLERS)])
async def tell_notice(notice_id: UUID, body: TellingBody, call: Call) -> NoticeAnswer:
    """Records that somebody was told, or could not be reached: then it stays open. The answer names nobody."""
    notice = await locked(call.session, Notice, notice_id)
    if notice is None:
        raise NotFound("notice")
    call.seen(notice)
    row = await actions.tell_notice(call.session, call.act, notice, body)
    earlier = (await tellings_of(call.session, [notice.id])).get(notice.id, [])
    call.shows(notice)
    return _shown(call, notice, {}, [each for each in earlier if each.id != row.id] + [row])


def _shown(call: CallState, row: Notice, people: People, tellings: list[Telling]) -> NoticeAnswer:
    found = people.get(row.individual_id)
    verbs = ["tell_notice"] if row.status == "open" else []
    return NoticeAnswer.model_validate(
        {
            **row.model_dump(),
            "person": _reached(*found) if found else None,
            "tellings": [TellingAnswer.model_validate(each) for each in tellings],
            "actions": call.offers(verbs, notice_id=row.id),
        }
    )


def _reached(person: Individual, household: Household) -> Reached:
    return Reached(
        given_name=person.given_name,
        family_name=person.family_name,
        languages=person.languages,
        phone=household.phone,
        email=household.email,
        address=household.address,
    )
