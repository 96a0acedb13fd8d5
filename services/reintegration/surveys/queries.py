"""Reads of surveys."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.reintegration.schemes.queries import made_of, scheme_of, score
from services.reintegration.surveys.models import Survey
from services.reintegration.surveys.rules import kept_form
from shared.database import Session
from shared.problems import NotFound


async def survey_of(session: Session, survey_id: UUID) -> Survey:
    """Raises `NotFound`."""
    survey = await session.get(Survey, survey_id)
    if survey is None:
        raise NotFound("survey")
    return survey


async def surveys_after(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[Survey]:
    """Up to `limit` + 1 surveys of the case in the order in which they were recorded."""
    rows = select(Survey).where(Survey.case_id == case_id).order_by(col(Survey.id))
    if after is not None:
        rows = rows.where(col(Survey.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def count_surveys(session: Session, case_id: UUID) -> int:
    return (await session.exec(select(func.count()).select_from(Survey).where(Survey.case_id == case_id))).one()


async def round_taken(session: Session, case_id: UUID, individual_id: UUID, number: int) -> bool:
    """Whether this individual has a survey of that round. The caller holds the case's lock."""
    of_the_case = select(Survey.id).where(Survey.case_id == case_id, Survey.round == number)
    return (await session.exec(of_the_case.where(Survey.individual_id == individual_id))).first() is not None


async def recomputed(session: Session, survey: Survey) -> tuple[dict[str, Any], str]:
    """The scores in their kept form and the band, as stored answers and stored scheme give them now."""
    made = score(made_of(await scheme_of(session, survey.scheme_id)), survey.answers)
    return kept_form(made.dimensions, made.composite), made.band
