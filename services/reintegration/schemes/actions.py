"""Survey schemes are added version by version, and never changed."""

from services.reintegration.schemes.models import SurveyScheme
from services.reintegration.schemes.queries import made_of, scheme_version
from services.reintegration.schemes.rules import SchemeVersionExists, check_scheme
from services.reintegration.schemes.schemas import QuestionBody, SurveySchemeBody
from shared.act import Act
from shared.concurrency import alone_with
from shared.database import Session, new_id


async def add_survey_scheme(session: Session, act: Act, body: SurveySchemeBody) -> SurveyScheme:
    """Adds a version of a scheme. Raises `SchemeNotSound`, `SchemeVersionExists`."""
    row = SurveyScheme(
        id=new_id(),
        scheme=body.scheme,
        scheme_version=body.version,
        status=body.status,
        source=body.source,
        minimum_share=f"{body.minimum_share:f}",
        questions=[_stored(question) for question in body.questions],
        option_sets={
            name: {option: None if points is None else f"{points:f}" for option, points in options.items()}
            for name, options in body.option_sets.items()
        },
        bands=[band.model_dump(mode="json") for band in body.bands],
        made_by=act.by,
        made_at=act.now,
    )
    check_scheme(made_of(row))
    await alone_with(session, "scheme", body.scheme, str(body.version))
    if await scheme_version(session, body.scheme, body.version) is not None:
        raise SchemeVersionExists(scheme=body.scheme, version=body.version)
    session.add(row)
    await session.flush()
    return row


def _stored(question: QuestionBody) -> dict[str, object]:
    composite = question.weight if question.composite_weight is None else question.composite_weight
    return question.model_dump(mode="json") | {"composite_weight": f"{composite:f}"}
