"""The survey of how reintegration stands."""

from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, check_members, moment_there, open_picture
from services.reintegration.followups.actions import count_survey
from services.reintegration.schemes.queries import check_answers, made_of, scheme_version, score
from services.reintegration.surveys.models import Survey
from services.reintegration.surveys.queries import round_taken
from services.reintegration.surveys.rules import RoundTaken, UnknownScheme, kept_form
from services.reintegration.surveys.schemas import SurveyBody
from shared.act import Act
from shared.contracts.reintegration import SurveyScored
from shared.database import Session, new_id
from shared.outbox import stage


async def record_survey(session: Session, act: Act, case: AssistedCase, body: SurveyBody) -> Survey:
    """Keeps and scores the answers of one individual who has arrived, once a round.

    Raises `NotPossibleNow`, `NotOfThisCase`, `NotArrivedYet`, `UnknownScheme`, `AnswersDoNotFit`, `RoundTaken`,
    `BeforeTheArrival`, and what `on_day` raises.
    """
    move_case(case, "record_survey")
    picture = await open_picture(session, case.id)
    check_members(picture, [body.individual_id])
    moment = moment_there(act, picture, body.interviewed_on, body, individual=body.individual_id)
    row = await scheme_version(session, body.scheme, body.scheme_version)
    if row is None:
        raise UnknownScheme()
    scheme = made_of(row)
    check_answers(scheme, body.answers)
    if await round_taken(session, case.id, body.individual_id, body.round):
        raise RoundTaken(round=body.round)
    scores = score(scheme, body.answers)
    survey = Survey(
        id=new_id(),
        case_id=case.id,
        individual_id=body.individual_id,
        round=body.round,
        scheme_id=row.id,
        scheme=scheme.scheme,
        scheme_version=scheme.version,
        provisional=scheme.provisional,
        interviewed_on=body.interviewed_on,
        method=body.method,
        answers=dict(body.answers),
        scores=kept_form(scores.dimensions, scores.composite),
        band=scores.band,
        recorded_by=act.by,
        occurred_at=moment,
        recorded_at=act.now,
    )
    session.add(survey)
    fact = SurveyScored(
        survey=survey.id,
        round=body.round,
        scheme=scheme.scheme,
        scheme_version=scheme.version,
        provisional=scheme.provisional,
        band=scores.band,
    )
    await count_survey(session, act, case.id, survey.id, body.round)
    await stage(session, act, fact, key=case.id, subject=survey.id, occurred=moment)
    return survey
