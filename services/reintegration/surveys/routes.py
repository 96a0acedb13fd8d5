"""Surveys of a case's individuals."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.queries import case_of, locked_case
from services.reintegration.surveys import actions
from services.reintegration.surveys.models import Survey
from services.reintegration.surveys.queries import recomputed, survey_of, surveys_after
from services.reintegration.surveys.schemas import RecomputationAnswer, ScoresAnswer, SurveyAnswer, SurveyBody
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["surveys"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.PROGRAMME_OFFICER, Role.AUDITOR)


@router.post("/cases/{case_id}/surveys", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def record_survey(case_id: UUID, body: SurveyBody, call: Call) -> SurveyAnswer:
    """Keeps the answers with their scheme's version, and scores them."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    survey = await actions.record_survey(call.session, call.act, case, body)
    call.made("/surveys", survey.id)
    return _shown(survey, call)


@router.get("/cases/{case_id}/surveys", dependencies=[READERS])
async def list_surveys(case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[SurveyAnswer]:
    """The case's surveys, oldest record first. Single answers are for those who work with the case."""
    await case_of(call.session, case_id)
    rows = await surveys_after(call.session, case_id, after(cursor), limit)
    return page(rows, limit, lambda row: _shown(row, call))


@router.get("/surveys/{survey_id}", dependencies=[READERS])
async def show_survey(survey_id: UUID, call: Call) -> SurveyAnswer:
    """One survey."""
    return _shown(await survey_of(call.session, survey_id), call)


@router.get("/surveys/{survey_id}/recomputation", dependencies=[READERS])
async def recompute_survey(survey_id: UUID, call: Call) -> RecomputationAnswer:
    """Scores the stored answers again with the stored version of the scheme; says whether it comes out alike."""
    survey = await survey_of(call.session, survey_id)
    scores, band = await recomputed(call.session, survey)
    return RecomputationAnswer(
        survey_id=survey.id,
        scheme=survey.scheme,
        scheme_version=survey.scheme_version,
        provisional=survey.provisional,
        stored=_scores(survey.scores, survey.band),
        recomputed=_scores(scores, band),
        identical=(scores, band) == (survey.scores, survey.band),
    )


def _scores(kept: dict[str, Any], band: str) -> ScoresAnswer:
    shown = {
        name: {**each, "status": "insufficient_data" if each["value"] is None else "scored"}
        for name, each in kept.items()
    }
    return ScoresAnswer.model_validate({**shown, "band": band})


def _shown(row: Survey, call: CallState) -> SurveyAnswer:
    return SurveyAnswer(
        survey_id=row.id,
        case_id=row.case_id,
        individual_id=row.individual_id,
        round=row.round,
        scheme=row.scheme,
        scheme_version=row.scheme_version,
        provisional=row.provisional,
        interviewed_on=row.interviewed_on,
        method=row.method,
        scores=_scores(row.scores, row.band),
        answers=row.answers if Role.REINTEGRATION_OFFICER in call.principal.roles else None,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )
