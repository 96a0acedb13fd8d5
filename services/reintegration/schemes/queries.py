"""Reads of survey schemes, and how one scores a survey."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.schemes.models import SurveyScheme
from services.reintegration.schemes.rules import Band, Question, Scheme, Scores, check_answers, score
from shared.database import Session
from shared.problems import NotFound

__all__ = ["Scheme", "Scores", "check_answers", "made_of", "scheme_of", "scheme_version", "schemes_after", "score"]


async def scheme_of(session: Session, scheme_id: UUID) -> SurveyScheme:
    """Raises `NotFound`."""
    row = await session.get(SurveyScheme, scheme_id)
    if row is None:
        raise NotFound("survey scheme")
    return row


async def scheme_version(session: Session, scheme: str, version: int) -> SurveyScheme | None:
    found = select(SurveyScheme).where(SurveyScheme.scheme == scheme, SurveyScheme.scheme_version == version)
    return (await session.exec(found)).first()


async def schemes_after(session: Session, after: UUID | None, limit: int) -> Sequence[SurveyScheme]:
    """Up to `limit` + 1 schemes in the order in which they were made."""
    rows = select(SurveyScheme).order_by(col(SurveyScheme.id)).limit(limit + 1)
    if after is not None:
        rows = rows.where(col(SurveyScheme.id) > after)
    return (await session.exec(rows)).all()


def made_of(row: SurveyScheme) -> Scheme:
    """The stored version as something that scores."""
    return Scheme(
        scheme=row.scheme,
        version=row.scheme_version,
        provisional=row.status == "provisional",
        minimum_share=Decimal(row.minimum_share),
        questions=[_question(each, row.option_sets) for each in row.questions],
        bands=[Band(each["code"], _decimal(each["upper"]), bool(each["upper_included"])) for each in row.bands],
    )


def _question(stored: Mapping[str, Any], option_sets: Mapping[str, Mapping[str, str | None]]) -> Question:
    return Question(
        id=stored["id"],
        dimension=stored["dimension"],
        options={option: _decimal(points) for option, points in option_sets[stored["option_set"]].items()},
        scored=bool(stored["scored"]),
        weight=Decimal(stored["weight"]),
        composite_weight=Decimal(stored["composite_weight"]),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
