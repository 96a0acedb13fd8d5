"""Survey schemes."""

from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter

from services.reintegration.schemes import actions
from services.reintegration.schemes.models import SurveyScheme
from services.reintegration.schemes.queries import scheme_of, schemes_after
from services.reintegration.schemes.schemas import BandAnswer, QuestionAnswer, SurveySchemeAnswer, SurveySchemeBody
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["survey schemes"])
READERS = allow(Role.PROGRAMME_OFFICER, Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.AUDITOR)


@router.post("/survey-schemes", status_code=201, dependencies=[allow(Role.PROGRAMME_OFFICER)])
async def add_survey_scheme(body: SurveySchemeBody, call: Call) -> SurveySchemeAnswer:
    """Adds a version of a scheme: questions, options with their scores, weights and bands."""
    row = await actions.add_survey_scheme(call.session, call.act, body)
    call.made("/survey-schemes", row.id)
    return _shown(row)


@router.get("/survey-schemes", dependencies=[READERS])
async def list_survey_schemes(call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[SurveySchemeAnswer]:
    """Every version of every scheme, oldest first."""
    return page(await schemes_after(call.session, after(cursor), limit), limit, _shown)


@router.get("/survey-schemes/{scheme_id}", dependencies=[READERS])
async def show_survey_scheme(scheme_id: UUID, call: Call) -> SurveySchemeAnswer:
    """One version of a scheme."""
    return _shown(await scheme_of(call.session, scheme_id))


def _shown(row: SurveyScheme) -> SurveySchemeAnswer:
    return SurveySchemeAnswer(
        scheme_id=row.id,
        scheme=row.scheme,
        version=row.scheme_version,
        status=row.status,
        provisional=row.status == "provisional",
        source=row.source,
        minimum_share=Decimal(row.minimum_share),
        questions=[QuestionAnswer.model_validate(each) for each in row.questions],
        option_sets={
            name: {option: None if points is None else Decimal(points) for option, points in options.items()}
            for name, options in row.option_sets.items()
        },
        bands=[BandAnswer.model_validate(each) for each in row.bands],
        made_by=row.made_by,
        made_at=row.made_at,
    )
