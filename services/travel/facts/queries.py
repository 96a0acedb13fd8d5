"""Everything known about cases from the other services, read in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, col, select

from services.travel.facts.models import (
    AttemptFact,
    CaseFact,
    CheckFact,
    ClearanceFact,
    DecisionFact,
    DocumentFact,
    HoldFact,
    LinkFact,
    MemberFact,
    ProtectionFact,
    RestrictionFact,
    ReturnFact,
)
from services.travel.tables import Base
from shared.asked import Asked
from shared.database import Session, core
from shared.gathered import Gathered

__all__ = [
    "AttemptFact",
    "CheckFact",
    "Dossier",
    "MemberFact",
    "RestrictionFact",
    "Traits",
    "clearance_of",
    "dossier_of",
    "dossiers_of",
    "is_withdrawal_stated_late",
    "links_around",
    "members_of",
    "released_of",
    "traits_of",
]

Fact = TypeVar("Fact", bound=Base)


@dataclass(slots=True)
class Dossier:
    """What is known about one case. `returns`: who came home, and in which try. `duplicates`: whose other record
    stands. `case` is None while registration's own fact has not come."""

    case: CaseFact | None = None
    members: dict[UUID, MemberFact] = field(default_factory=dict)
    attempts: dict[UUID, list[AttemptFact]] = field(default_factory=dict)
    holds: list[HoldFact] = field(default_factory=list)
    protection: dict[UUID, bool] = field(default_factory=dict)
    documents: dict[UUID, list[DocumentFact]] = field(default_factory=dict)
    checks: dict[UUID, list[CheckFact]] = field(default_factory=dict)
    decision: DecisionFact | None = None
    returns: set[tuple[UUID, int]] = field(default_factory=set)
    duplicates: set[UUID] = field(default_factory=set)
    restrictions: list[RestrictionFact] = field(default_factory=list)

    def attempt_now(self, individual: UUID) -> int:
        """The individual's current try: facts of an earlier one are kept and never act."""
        member = self.members.get(individual)
        tries = [row.attempt for row in self.attempts.get(individual, [])]
        return max([member.attempt if member else 1, *tries])

    def attempt_row(self, individual: UUID, attempt: int) -> AttemptFact | None:
        return next((row for row in self.attempts.get(individual, []) if row.attempt == attempt), None)

    def withdrawn(self, individual: UUID, attempt: int) -> bool:
        row = self.attempt_row(individual, attempt)
        return row is not None and row.withdrawn_at is not None

    def staying(self) -> set[UUID]:
        """Who is of the case, and has neither withdrawn nor come home by other means in the try that counts."""
        tries = {each: self.attempt_now(each) for each in self.members}
        return {
            each
            for each, attempt in tries.items()
            if not self.withdrawn(each, attempt) and (each, attempt) not in self.returns
        }

    def stated_late(self, individual: UUID, attempt: int) -> bool:
        """Whether a withdrawal was said after clearance, and stands as a statement."""
        row = self.attempt_row(individual, attempt)
        return row is not None and row.stated_late_at is not None


def _of_cases(among: Any) -> dict[type[SQLModel], ColumnElement[bool]]:
    cases = {model: among(model.case_id) for model in OF_CASE}
    there = select(CaseFact.destination_country).where(cases[CaseFact])
    return {**cases, RestrictionFact: col(RestrictionFact.country).in_(there)}


OF_CASE: Any = (
    CaseFact,
    MemberFact,
    AttemptFact,
    HoldFact,
    ProtectionFact,
    DocumentFact,
    CheckFact,
    ReturnFact,
    LinkFact,
    DecisionFact,
)
KNOWN = Gathered(_of_cases)
STATED_LATE = Asked(
    select_columns(col(AttemptFact.stated_late_at)).where(
        col(AttemptFact.case_id) == bindparam("case"),
        col(AttemptFact.individual_id) == bindparam("individual"),
        col(AttemptFact.attempt) == bindparam("attempt"),
    )
)


async def dossier_of(session: Session, case_id: UUID) -> Dossier:
    return (await dossiers_of(session, [case_id]))[case_id]


async def dossiers_of(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, Dossier]:
    """The dossiers of these cases, asked together: their rows are nobody's to change."""
    wanted = sorted(set(case_ids))
    found = {case_id: Dossier() for case_id in wanted}
    rows = await KNOWN(session, wanted)
    for case in rows.of(CaseFact):
        found[case.case_id].case = case
    for member in rows.of(MemberFact):
        found[member.case_id].members[member.individual_id] = member
    for attempt in rows.of(AttemptFact):
        found[attempt.case_id].attempts.setdefault(attempt.individual_id, []).append(attempt)
    for hold in rows.of(HoldFact):
        found[hold.case_id].holds.append(hold)
    for said in rows.of(ProtectionFact):
        found[said.case_id].protection[said.individual_id] = said.pending
    for document in rows.of(DocumentFact):
        found[document.case_id].documents.setdefault(document.individual_id, []).append(document)
    for check in rows.of(CheckFact):
        found[check.case_id].checks.setdefault(check.individual_id, []).append(check)
    for home in rows.of(ReturnFact):
        found[home.case_id].returns.add((home.individual_id, home.attempt))
    for link in rows.of(LinkFact):
        if not link.undone:
            found[link.case_id].duplicates.add(link.duplicate)
    for decision in rows.of(DecisionFact):
        found[decision.case_id].decision = decision
    for restriction in rows.of(RestrictionFact):
        for dossier in found.values():
            if dossier.case is not None and dossier.case.destination_country == restriction.country:
                dossier.restrictions.append(restriction)
    return found


async def is_withdrawal_stated_late(session: Session, case_id: UUID, individual: UUID, attempt: int) -> bool:
    """Whether a withdrawal of theirs was said after clearance, and stands as a statement."""
    row = await STATED_LATE(session, case=case_id, individual=individual, attempt=attempt)
    return bool(row) and row[0][0] is not None


async def members_of(session: Session, case_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], MemberFact]:
    """The members of these cases, by case and individual."""
    return {(row.case_id, row.individual_id): row for row in await _rows(session, MemberFact, sorted(set(case_ids)))}


async def links_around(session: Session, individuals: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """The links that stand among these and whoever is linked with them, however far: pairs of a record and the one that
    stands for it."""
    found: dict[UUID, tuple[UUID, UUID]] = {}
    wanted, seen = set(individuals), set[UUID]()
    while wanted - seen:
        new = sorted(wanted - seen)
        seen |= wanted
        touching = or_(col(LinkFact.duplicate).in_(new), col(LinkFact.stands).in_(new))
        for link in (await session.exec(select(LinkFact).where(touching, ~col(LinkFact.undone)))).all():
            found[link.link_id] = (link.duplicate, link.stands)
            wanted |= {link.duplicate, link.stands}
    return [found[link] for link in sorted(found)]


async def clearance_of(session: Session, clearance_id: UUID) -> Sequence[ClearanceFact]:
    rows = select(ClearanceFact).where(col(ClearanceFact.clearance_id) == clearance_id)
    return (await session.exec(rows)).all()


async def released_of(session: Session, clearances: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Of these clearances, whom registration let go again: clearance and individual."""
    fact = ClearanceFact
    rows = select(fact.clearance_id, fact.individual_id).where(
        col(fact.clearance_id).in_(sorted(set(clearances))), col(fact.released)
    )
    return set((await session.exec(rows)).all())


async def _rows(session: Session, model: type[Fact], case_ids: list[UUID]) -> Sequence[Fact]:
    # A case's turn may have been waited for: what was read before the wait is read again.
    kind: Any = model
    rows = select(model).where(kind.case_id.in_(case_ids)).execution_options(populate_existing=True)
    return (await session.exec(rows)).all()


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a person that is counted; None where nobody told."""

    nationality: str | None = None
    sex: str | None = None
    age_group: str | None = None
    site: UUID | None = None


async def traits_of(session: Session, case_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], Traits]:
    """Those of everyone in these cases, by case and individual. One query."""
    member = MemberFact
    known: Any = (
        member.case_id,
        member.individual_id,
        member.nationality,
        member.sex,
        member.age_group,
        CaseFact.site_id,
    )
    rows: Any = (
        select_columns(*known)
        .join(CaseFact, col(CaseFact.case_id) == col(MemberFact.case_id), isouter=True)
        .where(col(MemberFact.case_id).in_(sorted(set(case_ids))))
    )
    found: Any = (await core(session, rows)).all()
    return {(case, individual): Traits(*rest) for case, individual, *rest in found}
