"""Reads of cases: the whole picture of many in a few statements, and their standings under lock."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_
from sqlmodel import col, select

from services.eligibility.cases.models import GivenAnswer, Standing
from services.eligibility.cases.rules import MemberPicture, Picture
from services.eligibility.decisions.queries import KeptDecision, decision_of_id
from services.eligibility.exceptions.queries import granted_to
from services.eligibility.facts.queries import (
    MemberFact,
    bound_for,
    case_facts,
    member_facts,
    passages_of,
    same_people,
)
from services.eligibility.programmes.queries import hold_rules
from shared.concurrency import locked, locked_all
from shared.contracts.registration import AgeBand, Means, Relation, ReturnKind, Sex
from shared.database import Session
from shared.pagination import exactly
from shared.problems import NotFound

__all__ = [
    "Standing",
    "answers_of",
    "cases_past_their_decision",
    "count_of_answers",
    "count_where",
    "current_decision",
    "list_of_standings",
    "locked_standing",
    "locked_standings",
    "open_and_bound_for",
    "open_and_decided_by",
    "pictures_of",
    "standing_of",
    "standings_page",
    "standings_where",
    "this_open_one",
]


async def locked_standing(session: Session, case_id: UUID) -> Standing:
    """The case's standing under lock, the rules held before it. Raises `NotFound`."""
    await hold_rules(session)
    row = await locked(session, Standing, case_id)
    if row is None:
        raise NotFound("case")
    return row


async def locked_standings(session: Session, cases: Collection[UUID]) -> Sequence[Standing]:
    """Those of the cases that have a standing, locked in sorted order, the rules held before them."""
    await hold_rules(session)
    return await locked_all(session, Standing, cases)


async def standing_of(session: Session, case_id: UUID) -> Standing:
    """Raises `NotFound`."""
    row = await session.get(Standing, case_id)
    if row is None:
        raise NotFound("case")
    return row


async def current_decision(session: Session, standing: Standing) -> KeptDecision | None:
    return None if standing.decision_id is None else await decision_of_id(session, standing.decision_id)


async def list_of_standings(
    session: Session, status: str | None, ended: bool, after: UUID | None, limit: int
) -> Sequence[Standing]:
    """One more than `limit`, by the case's id. `ended`: those no longer decided, else the open ones."""
    rows = select(Standing).limit(limit + 1)
    rows = rows.where(col(Standing.ended).is_not(None) if ended else col(Standing.ended).is_(None))
    if status is not None:
        rows = rows.where(exactly(col(Standing.status), status)).order_by(col(Standing.status))
    rows = rows.order_by(col(Standing.id))
    if after is not None:
        rows = rows.where(col(Standing.id) > after)
    return (await session.exec(rows)).all()


async def answers_of(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[GivenAnswer]:
    """One more than `limit`, the oldest first."""
    rows = select(GivenAnswer).where(GivenAnswer.case_id == case_id).order_by(col(GivenAnswer.id)).limit(limit + 1)
    if after is not None:
        rows = rows.where(col(GivenAnswer.id) > after)
    return (await session.exec(rows)).all()


# Built once: making a statement anew costs twice what asking it does.
_COUNT_OF_ANSWERS = select(func.count()).select_from(GivenAnswer).where(col(GivenAnswer.case_id) == bindparam("case"))
_ANSWERS = (
    select(GivenAnswer)
    .where(col(GivenAnswer.case_id).in_(bindparam("cases", expanding=True)))
    .order_by(col(GivenAnswer.number))
)


async def count_of_answers(session: Session, case_id: UUID) -> int:
    return (await session.exec(_COUNT_OF_ANSWERS, params={"case": case_id})).one()


def open_and_bound_for(country: str) -> ColumnElement[bool]:
    """The open cases with that destination."""
    return col(Standing.ended).is_(None) & col(Standing.id).in_(bound_for(country))


def open_and_decided_by(programme_id: UUID) -> ColumnElement[bool]:
    """The open cases of a programme, and those that have none yet."""
    column = col(Standing.programme_id)
    return col(Standing.ended).is_(None) & or_(column == programme_id, column.is_(None))


def this_open_one(case_id: UUID) -> ColumnElement[bool]:
    """One case, while it is open."""
    return col(Standing.ended).is_(None) & (col(Standing.id) == case_id)


async def standings_where(session: Session, condition: ColumnElement[bool], limit: int) -> Sequence[UUID]:
    """One more than `limit` of the ids of the cases of which the condition is true, sorted."""
    rows = select(Standing.id).where(condition).order_by(col(Standing.id)).limit(limit + 1)
    return (await session.exec(rows)).all()


async def count_where(session: Session, condition: ColumnElement[bool]) -> int:
    """Of how many cases the condition is true."""
    return (await session.exec(select(func.count()).select_from(Standing).where(condition))).one()


async def statuses_where(session: Session, condition: ColumnElement[bool]) -> dict[str, int]:
    """How many of the cases of which the condition is true stand where."""
    rows = select(Standing.status, func.count()).where(condition).group_by(col(Standing.status))
    return dict((await session.exec(rows)).all())


async def standings_page(
    session: Session, condition: ColumnElement[bool], after: UUID | None, limit: int
) -> Sequence[Standing]:
    """One more than `limit` of the cases of which the condition is true, by id."""
    rows = select(Standing).where(condition).order_by(col(Standing.id)).limit(limit + 1)
    if after is not None:
        rows = rows.where(col(Standing.id) > after)
    return (await session.exec(rows)).all()


async def cases_past_their_decision(session: Session, today: date, limit: int) -> Sequence[UUID]:
    """Up to `limit` open cases whose decision is good no more, those that wait longest first."""
    rows = select(Standing.id).where(col(Standing.ended).is_(None), col(Standing.good_until) < today)
    return (await session.exec(rows.order_by(col(Standing.good_until), col(Standing.id)).limit(limit))).all()


async def pictures_of(
    session: Session, cases: Collection[UUID], excepted: Collection[UUID] = ()
) -> dict[UUID, Picture]:
    """All that is folded and answered about the cases that registration has told. Four statements, one more where
    people were linked, and one more for those of the cases that are `excepted`."""
    told = await case_facts(session, cases)
    members = await member_facts(session, told)
    everyone = {member.individual_id for member in members}
    linked = {member.individual_id for member in members if member.linked}
    records = await same_people(session, linked) if linked else {}
    passages = await passages_of(session, everyone.union(*records.values()))
    granted = await granted_to(session, excepted) if excepted else {}
    left = {(p.case_id, p.individual_id, p.attempt): p.departed_at for p in passages}
    returns: dict[UUID, list[tuple[UUID, UUID, int, date]]] = {}
    for passage in passages:
        if passage.departed_at is not None and not passage.not_admitted:
            entry = (passage.case_id, passage.individual_id, passage.attempt, passage.departed_at.date())
            returns.setdefault(passage.individual_id, []).append(entry)
    people: dict[UUID, list[MemberPicture]] = {case: [] for case in told}
    for row in members:
        own = (row.case_id, row.individual_id, row.attempt)
        all_records = records.get(row.individual_id, (row.individual_id,))
        picture = MemberPicture(
            individual=row.individual_id,
            relation=Relation(row.relation),
            nationality=row.nationality,
            sex=Sex(row.sex),
            age_band=AgeBand(row.age_band),
            attempt=row.attempt,
            withdrawn=row.withdrawn_attempt >= row.attempt,
            departed_at=left.get((row.case_id, row.individual_id, row.attempt)),
            last_assisted_return=row.last_assisted_return,
            earlier_returns=tuple(
                sorted(day for each in all_records for *which, day in returns.get(each, []) if tuple(which) != own)
            ),
            returned=_returned(row),
            duplicate=row.duplicate_of is not None,
        )
        people[row.case_id].append(picture)
    answers = await _latest_answers(session, told)
    return {
        case: Picture(
            case=case,
            host_country=fact.host_country,
            destination_country=fact.destination_country,
            destination_area=fact.destination_area,
            arrived_on=fact.arrived_on,
            registered_on=fact.registered_on,
            channel=fact.channel,
            means=Means(fact.means),
            closed=fact.closed,
            members=tuple(sorted(people[case], key=_principal_first)),
            answers=answers.get(case, {}),
            exceptions=granted.get(case, ()),
        )
        for case, fact in told.items()
    }


def _returned(row: MemberFact) -> ReturnKind | None:
    """How they came home in their current try; of an earlier one it does not count."""
    if row.returned_kind is None or row.returned_attempt < row.attempt:
        return None
    return ReturnKind(row.returned_kind)


def _principal_first(member: MemberPicture) -> tuple[bool, str]:
    return (member.relation is not Relation.PRINCIPAL, str(member.individual))


async def _latest_answers(session: Session, cases: Collection[UUID]) -> dict[UUID, dict[tuple[str, UUID | None], Any]]:
    found: dict[UUID, dict[tuple[str, UUID | None], Any]] = {}
    for row in (await session.exec(_ANSWERS, params={"cases": list(cases)})).all():
        found.setdefault(row.case_id, {})[row.question, row.individual_id] = row.value
    return found
