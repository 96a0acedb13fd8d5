"""Cases over HTTP: where one stands, answering what its programme asks, deciding it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.eligibility.cases import actions
from services.eligibility.cases.models import Standing
from services.eligibility.cases.queries import (
    answers_of,
    current_decision,
    list_of_standings,
    locked_standing,
    pictures_of,
    standing_of,
)
from services.eligibility.cases.rules import Ended, Status, possible_actions, why_undecided
from services.eligibility.cases.schemas import (
    AnswersBody,
    CurrentDecision,
    DecisionBody,
    GivenAnswerLine,
    MissingAnswer,
    StandingAnswer,
    StandingLine,
    current_answer,
    given_answer_line,
    missing_answers,
    standing_line,
)
from services.eligibility.changes.queries import is_waiting_for_a_change
from services.eligibility.programmes.queries import codes_covering, ruling_of_version, rulings_on
from shared.auth import Role, allow
from shared.call import Call
from shared.offers import OfferedAction
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["cases"])

READERS = allow(
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.TRAVEL_OFFICER,
    Role.PROGRAMME_OFFICER,
    Role.REINTEGRATION_OFFICER,
    Role.AUDITOR,
)
# Answers can be about detention or procedures: not for desks that only need the outcome.
ANSWER_READERS = allow(Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROGRAMME_OFFICER, Role.AUDITOR)


@router.get("/cases", dependencies=[READERS])
async def list_cases(
    call: Call,
    status: Annotated[Status | None, Query(description="Only cases of this status")] = None,
    ended: Annotated[bool, Query(description="Those no longer decided, instead of the open ones")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[StandingLine]:
    """Cases by where they stand."""
    rows = await list_of_standings(call.session, status, ended, after(cursor), limit)
    return page(rows, limit, lambda row: standing_line(row, _offered(call, row)))


@router.get("/cases/{case_id}", dependencies=[READERS])
async def read_case(case_id: UUID, call: Call) -> StandingAnswer:
    """Where a case stands: its decision, what is missing, what can be done next."""
    return await _shown(call, await standing_of(call.session, case_id))


@router.post(
    "/cases/{case_id}/answers", status_code=201, dependencies=[allow(Role.REGISTRATION_OFFICER, Role.COUNSELLOR)]
)
async def answer_questions(case_id: UUID, body: AnswersBody, call: Call) -> StandingAnswer:
    """Keeps answers to what the case's programme asks, and decides again."""
    standing = await locked_standing(call.session, case_id)
    call.seen(standing)
    await actions.answer_questions(call.session, call.act, standing, body)
    return await _shown(call, standing)


@router.get("/cases/{case_id}/answers", dependencies=[ANSWER_READERS])
async def list_answers(case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[GivenAnswerLine]:
    """Every answer given, the oldest first; the latest to a question counts."""
    rows = await answers_of(call.session, case_id, after(cursor), limit)
    return page(rows, limit, given_answer_line)


@router.post(
    "/cases/{case_id}/decisions",
    status_code=201,
    dependencies=[allow(Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROGRAMME_OFFICER)],
    responses={200: {"model": CurrentDecision, "description": "Nothing is new: the current decision"}},
)
async def decide_case(case_id: UUID, body: DecisionBody, call: Call, response: Response) -> CurrentDecision:
    """Decides a case, by a programme and as of a date. 200 with the current decision where nothing is new."""
    standing = await locked_standing(call.session, case_id)
    call.seen(standing)
    decision, new = await actions.decide_case(call.session, call.act, standing, body)
    if new:
        call.made("/decisions", decision.row.id)
    else:
        response.status_code = 200
    ruling = await ruling_of_version(call.session, decision.row.version_id)
    return current_answer(decision, ruling.version.content.provisional)


async def _shown(call: Call, standing: Standing) -> StandingAnswer:
    session = call.session
    decision = await current_decision(session, standing)
    shown: CurrentDecision | None = None
    missing: tuple[MissingAnswer, ...] = ()
    programmes: tuple[str, ...] = ()
    because: str | None = None
    if decision is not None:
        ruling = await ruling_of_version(session, decision.row.version_id)
        shown = current_answer(decision, ruling.version.content.provisional)
        missing = missing_answers(decision.record.finding.missing, dict(ruling.version.questions))
    else:
        picture = (await pictures_of(session, [standing.id])).get(standing.id)
        if picture is not None:
            rulings = await rulings_on(session, call.act.today)
            programmes = tuple(codes_covering(rulings, picture.host_country, picture.destination_country))
            if standing.ended is None:
                because = why_undecided(programmes, picture.host_country, picture.destination_country)
    call.shows(standing)
    return StandingAnswer(
        case_id=standing.id,
        status=Status(standing.status),
        ended=None if standing.ended is None else Ended(standing.ended),
        decision=shown,
        missing=missing,
        programmes=programmes,
        undecided_because=because,
        looks_again=await is_waiting_for_a_change(session, standing.id),
        actions=_offered(call, standing),
    )


def _offered(call: Call, standing: Standing) -> list[OfferedAction]:
    verbs = possible_actions(standing.ended, standing.programme_id is not None)
    return call.offers(verbs, case_id=standing.id)
