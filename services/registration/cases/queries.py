"""Cases with their members, read whole or under the case's lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, func, literal_column, type_coerce
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from services.registration.cases.models import Case, CaseMember, Household, Individual
from services.registration.cases.rules import (
    FILE,
    RETURN,
    CaseAlreadyClosed,
    NotAMember,
    age_band,
    case_status,
    is_adult,
    possible_now,
)
from services.registration.documents.queries import Document
from services.registration.holds.queries import Hold
from shared.asked import Asked
from shared.concurrency import locked, locked_all, touch
from shared.contracts.registration import AgeBand, Relation
from shared.database import Database, JsonColumn, Session
from shared.pagination import exactly
from shared.problems import NotFound

__all__ = ["Case", "CaseFile", "CaseMember", "Household", "Individual", "Standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A member of a case with the individual it stands for."""

    member: CaseMember
    individual: Individual

    @property
    def id(self) -> UUID:
        return self.individual.id

    @property
    def responsible(self) -> list[UUID]:
        return self.member.responsible

    def band(self, on: date) -> AgeBand:
        return age_band(self.individual.birth_date, on, disputed=self.individual.age_disputed)

    @property
    def relation(self) -> Relation:
        return Relation(self.member.relation)

    def is_adult(self, on: date) -> bool:
        return is_adult(self.individual.birth_date, on, disputed=self.individual.age_disputed)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with its members in their order. What changes it goes through `move` and ends with `settle`."""

    case: Case
    members: dict[UUID, Standing]

    @property
    def id(self) -> UUID:
        return self.case.id

    @property
    def closed(self) -> bool:
        return self.case.closed_at is not None

    @property
    def shown_status(self) -> str:
        return case_status((each.member.status for each in self.members.values()), closed=self.closed)

    def possible(self, on: date) -> list[str]:
        stand = ((each.member.status, each.is_adult(on)) for each in self.members.values())
        return possible_now(stand, closed=self.closed)

    def one(self, individual_id: UUID) -> Standing:
        """Raises `NotAMember`."""
        return self.chosen([individual_id])[0]

    def chosen(self, ids: Sequence[UUID]) -> list[Standing]:
        """These members, or all where none is named. Raises `NotAMember`."""
        unknown = [each for each in ids if each not in self.members]
        if unknown:
            raise NotAMember(unknown=unknown)
        return [self.members[each] for each in dict.fromkeys(ids)] if ids else list(self.members.values())

    def move(self, standing: Standing, verb: str) -> str:
        """Takes the member where the verb leads. Raises `NotPossibleNow`."""
        standing.member.status = RETURN.after(standing.member.status, verb)
        return standing.member.status

    def settle(self) -> None:
        """The case's own status follows its members, and its version goes up."""
        self.case.status = self.shown_status
        touch(self.case)


def check_file_verb(file: CaseFile, verb: str) -> None:
    """Whether the case itself takes the verb. Raises `CaseAlreadyClosed` for a closed one, else `NotPossibleNow`."""
    if file.closed and not FILE.may("closed", verb):
        raise CaseAlreadyClosed()
    FILE.after("closed" if file.closed else "open", verb)


# Built once, as others that each request or fact asks: making a statement anew costs twice what asking it does.
_MEMBERS = (
    select(CaseMember, Individual)
    .join(Individual, col(Individual.id) == col(CaseMember.individual_id))
    .where(col(CaseMember.case_id).in_(bindparam("cases", expanding=True)), col(CaseMember.left_at).is_(None))
    .order_by(col(CaseMember.case_id), col(CaseMember.place))
    # Read after a wait for its lock: what was read before no longer counts.
    .execution_options(populate_existing=True)
)


async def members_of(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, Standing]]:
    """The members of these cases in their order, in one query; who left a case is none of it."""
    wanted = list(case_ids)
    found: dict[UUID, dict[UUID, Standing]] = {case_id: {} for case_id in wanted}
    for member, individual in (await session.exec(_MEMBERS, params={"cases": wanted})).all():
        found[member.case_id][individual.id] = Standing(member, individual)
    return found


async def read_file(session: Session, case_id: UUID) -> CaseFile:
    """The case as it stands. Raises `NotFound`."""
    case = await session.get(Case, case_id)
    if case is None:
        raise NotFound("case")
    return CaseFile(case, (await members_of(session, [case_id]))[case_id])


async def lock_file(session: Session, case_id: UUID) -> CaseFile:
    """The case under its lock, open or closed. Raises `NotFound`."""
    case = await locked(session, Case, case_id)
    if case is None:
        raise NotFound("case")
    return CaseFile(case, (await members_of(session, [case_id]))[case_id])


async def open_file(session: Session, case_id: UUID) -> CaseFile:
    """The case under its lock. Raises `NotFound`, and `CaseAlreadyClosed` where nothing may be done any more."""
    file = await lock_file(session, case_id)
    if file.closed:
        raise CaseAlreadyClosed()
    return file


async def lock_files(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, CaseFile]:
    """Those of the cases that exist, locked in the order of their ids."""
    cases = await locked_all(session, Case, case_ids)
    members = await members_of(session, [case.id for case in cases])
    return {case.id: CaseFile(case, members[case.id]) for case in cases}


async def household_of(session: Session, file: CaseFile) -> Household:
    household = await session.get(Household, file.case.household_id)
    assert household is not None  # a foreign key
    return household


class ShownLine(NamedTuple):
    """What a case shows: one line for each document of each member, or one for a member without any. `held_by`: the
    lists of individuals of the open holds, as JSON, with commas between them."""

    case_id: UUID
    household_id: UUID
    site_id: UUID | None
    channel: str
    host_country: str
    destination_country: str
    destination_area: str | None
    arrived_in_host_country: date
    means: str
    case_status: str
    closed_at: datetime | None
    closed_reason: str | None
    registered_at: datetime
    version: int
    phone: str | None
    email: str | None
    address: str | None
    held_by: str | None
    relation: str
    status: str
    attempt: int
    responsible: list[str]
    protection_pending: bool
    clearance_id: UUID | None
    flight_id: UUID | None
    individual_id: UUID
    sex: str
    nationality: str
    last_assisted_return: date | None
    age_disputed: bool
    given_name: str
    family_name: str | None
    birth_date: date
    other_nationalities: list[str]
    languages: list[str]
    document_id: UUID | None
    kind: str
    number: str
    issuing_country: str
    valid_from: date | None
    valid_until: date | None
    for_country: str | None
    single_journey: bool
    valid: bool
    invalid_reason: str | None
    recorded_at: datetime

    @property
    def closed(self) -> bool:
        return self.closed_at is not None


async def shown_lines(database: Database, case_id: UUID) -> list[ShownLine]:
    """The case as it stands, by its members in their order and their documents, oldest first. Raises `NotFound`."""
    rows = await _SHOWN.alone(database, case_id=case_id)
    if not rows:
        raise NotFound("case")
    return [ShownLine._make(row) for row in rows]


def _shown() -> Asked:
    case: Any = Case
    comma: Any = literal_column("','")
    open_holds = (
        select_columns(func.aggregate_strings(cast(Hold.individuals, Text), comma))
        .where(col(Hold.case_id) == case.id, col(Hold.released_at).is_(None))
        .scalar_subquery()
    )
    columns = [case.id, case.household_id, case.site_id, case.channel, case.host_country, case.destination_country]
    columns += [case.destination_area, case.arrived_in_host_country, case.means, case.status, case.closed_at]
    columns += [case.closed_reason, case.registered_at, case.version]
    columns += [Household.phone, Household.email, Household.address, open_holds]
    columns += [CaseMember.relation, CaseMember.status, CaseMember.attempt]
    columns += [type_coerce(col(CaseMember.responsible), JsonColumn), CaseMember.protection_pending]
    columns += [CaseMember.clearance_id, CaseMember.flight_id]
    columns += [Individual.id, Individual.sex, Individual.nationality, Individual.last_assisted_return]
    columns += [Individual.age_disputed]
    columns += [Individual.given_name, Individual.family_name, Individual.birth_date]
    columns += [Individual.other_nationalities, Individual.languages]
    columns += [Document.id, Document.kind, Document.number, Document.issuing_country, Document.valid_from]
    columns += [Document.valid_until, Document.for_country, Document.single_journey, Document.valid]
    columns += [Document.invalid_reason, Document.recorded_at]
    return Asked(
        select_columns(*columns)
        .join(Household, col(Household.id) == case.household_id)
        .join(CaseMember, col(CaseMember.case_id) == case.id)
        .join(Individual, col(Individual.id) == col(CaseMember.individual_id))
        .outerjoin(Document, col(Document.individual_id) == col(Individual.id))
        .where(case.id == bindparam("case_id"), col(CaseMember.left_at).is_(None))
        .order_by(col(CaseMember.place), col(Document.id))
    )


_SHOWN = _shown()


class Line(NamedTuple):
    """What a list shows of one member of a case."""

    id: UUID
    site_id: UUID | None
    status: str
    host_country: str
    destination_country: str
    registered_at: datetime
    individual_id: UUID
    relation: str
    stands: str
    birth_date: date
    age_disputed: bool
    given_name: str
    family_name: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list, with a line for each member, in their order."""

    id: UUID
    lines: list[Line]


async def list_files(
    database: Database, *, status: str | None, site_id: UUID | None, before: UUID | None, limit: int
) -> list[Listed]:
    """Newest first, one more than `limit` where more follow: one query whatever the limit."""
    given = {"status": status, "site_id": site_id, "before": before}
    asked = {name: value for name, value in given.items() if value is not None}
    found: dict[UUID, list[Line]] = {}
    for row in await _listing(frozenset(asked), limit).alone(database, **asked):
        found.setdefault(row[0], []).append(Line._make(row))
    return [Listed(case_id, lines) for case_id, lines in found.items()]


@lru_cache(maxsize=64)
def _listing(asked: frozenset[str], limit: int) -> Asked:
    case: Any = Case
    # The limit is written out: a planner that does not know it plans for a tenth of the table.
    page = select_columns(case.id).limit(literal_column(str(limit + 1)))
    for column in (case.site_id, case.status):
        if column.key in asked:
            page = page.where(exactly(column, bindparam(column.key))).order_by(column.desc())
    page = page.order_by(case.id.desc())
    if "before" in asked:
        page = page.where(case.id < bindparam("before"))
    columns = [case.id, case.site_id, case.status, case.host_country, case.destination_country, case.registered_at]
    columns += [CaseMember.individual_id, CaseMember.relation, CaseMember.status]
    columns += [Individual.birth_date, Individual.age_disputed, Individual.given_name, Individual.family_name]
    return Asked(
        select_columns(*columns)
        .join(CaseMember, col(CaseMember.case_id) == case.id)
        .join(Individual, col(Individual.id) == col(CaseMember.individual_id))
        .where(case.id.in_(page.scalar_subquery()), col(CaseMember.left_at).is_(None))
        .order_by(case.id.desc(), col(CaseMember.place))
    )


async def individuals_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, tuple[Individual, Household]]:
    """These individuals with their households, those that exist, in one query."""
    rows = (
        select(Individual, Household)
        .join(Household, col(Household.id) == col(Individual.household_id))
        .where(col(Individual.id).in_(list(ids)))
    )
    return {one.id: (one, household) for one, household in (await session.exec(rows)).all()}


async def cases_told_before(session: Session, day: date, limit: int) -> Sequence[UUID]:
    """Ids of cases that are not closed and whose bands were last told before that day, those first that wait longest:
    the order of their index, so that the thousandth page of a day costs what the first did."""
    wanted = select(Case.id).where(col(Case.closed_at).is_(None), col(Case.bands_told_on) < day)
    return (await session.exec(wanted.order_by(col(Case.bands_told_on), col(Case.id)).limit(limit))).all()
