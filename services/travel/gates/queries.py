"""Gathering what the gates need: from facts, rules on papers, and the journeys people made before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.travel.facts.queries import CheckFact, Dossier, dossiers_of, released_of
from services.travel.flights.queries import FlightLeg
from services.travel.gates.rules import (
    CaseKnown,
    Check,
    Decision,
    Missing,
    Person,
    Suspension,
    Trip,
    missing_at_booking,
    missing_at_check_in,
    missing_at_doors,
)
from services.travel.papers.queries import Document, Journey, Stop, asked_in, papers_missing, papers_relied_on
from services.travel.passengers.queries import cleared_and_taken_off, documents_flown_with
from services.travel.supports.queries import Arranged, arranged_on
from services.travel.supports.rules import support_now
from shared.database import Session

__all__ = ["Gatekeeper", "Missing", "gatekeeper"]


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """All that is known about some cases and one journey: answers for any of their individuals what is missing."""

    dossiers: dict[UUID, Dossier]
    journey: Journey | None
    used: frozenset[UUID]
    today: date
    arranged: Arranged
    still_cleared: frozenset[tuple[UUID, int]] = frozenset()

    def at_booking(self, case_id: UUID, individual: UUID, attempt: int) -> list[Missing]:
        case, person = self._case(case_id), self.person(case_id, individual, attempt)
        return missing_at_booking(person, case, self.trip, self.today)

    def at_check_in(self, case_id: UUID, individual: UUID, attempt: int) -> list[Missing]:
        case, person = self._case(case_id), self.person(case_id, individual, attempt)
        return missing_at_check_in(person, case, self.trip, self.today)

    def at_doors(self, case_id: UUID, individual: UUID, attempt: int, word: str | None) -> list[Missing]:
        case, person = self._case(case_id), self.person(case_id, individual, attempt)
        return missing_at_doors(person, case, self.trip, self.today, word)

    def relied_on(self, case_id: UUID, individual: UUID) -> list[UUID]:
        """The documents a check-in of theirs rests on."""
        member = self.dossiers[case_id].members.get(individual)
        if self.journey is None or member is None:
            return []
        return papers_relied_on(member.nationality, self._documents(self.dossiers[case_id], individual), self.journey)

    def person(self, case_id: UUID, individual: UUID, attempt: int) -> Person:
        """The individual in that attempt. One whose current attempt is a later one stands as withdrawn in this."""
        dossier = self.dossiers[case_id]
        member = dossier.members.get(individual)
        row = dossier.attempt_row(individual, attempt)
        documents = self._documents(dossier, individual)
        nationality = member.nationality if member else ""
        support = support_now(dossier.checks.get(individual, []))
        held = any(hold.individual_id == individual and not hold.released for hold in dossier.holds)
        return Person(
            individual=individual,
            in_case=member is not None,
            adult=member is None or member.adult,
            attempt=attempt,
            declared=row is not None and row.declaration_id is not None and not row.lapsed,
            withdrawn=dossier.withdrawn(individual, attempt) or dossier.attempt_now(individual) != attempt,
            held=held,
            protection_pending=_protection_pending(dossier, individual),
            papers_missing=tuple(papers_missing(nationality, documents, self.journey, self.today)),
            home_already=(individual, attempt) in dossier.returns,
            other_record_stands=individual in dossier.duplicates,
            still_cleared=(individual, attempt) in self.still_cleared,
            check=self._check(individual, dossier.checks.get(individual, [])),
            second_seat_missing=self.arranged.needs_seats(individual, support),
            escort_missing=self.arranged.needs_escort(individual, support),
        )

    def suspended_by(self, case_id: UUID) -> tuple[date, str] | None:
        """First day and source of what suspends the case's destination on the day of this journey."""
        on = self.trip.departs.date() if self.trip else self.today
        found = [
            (each.valid_from, each.source)
            for each in self.dossiers[case_id].restrictions
            if Suspension(each.area, each.valid_from, each.valid_until, each.lifted_on).is_in_force(on)
        ]
        return min(found, default=None)

    @property
    def trip(self) -> Trip | None:
        return None if self.journey is None else Trip(self.journey.departs, self.journey.destination)

    def _documents(self, dossier: Dossier, individual: UUID) -> list[Document]:
        return [
            Document(
                id=each.document_id,
                kind=each.kind,
                valid_from=each.valid_from,
                valid_until=each.valid_until,
                for_country=each.for_country,
                single_journey=each.single_journey,
                used=each.document_id in self.used,
            )
            for each in dossier.documents.get(individual, [])
            if each.valid
        ]

    def support(self, case_id: UUID, individual: UUID) -> list[str]:
        """What the last check asks to arrange, in codes."""
        return sorted(support_now(self.dossiers[case_id].checks.get(individual, [])))

    def fly_before(self, case_id: UUID, individual: UUID) -> date | None:
        """The latest day of departure that the last check is good for."""
        checks = self.dossiers[case_id].checks.get(individual, [])
        last = max(checks, key=lambda each: (each.checked_at, each.sequence), default=None)
        return None if last is None else last.fly_before

    def _check(self, individual: UUID, checks: Sequence[CheckFact]) -> Check | None:
        if not checks:
            return None
        last = max(checks, key=lambda each: (each.checked_at, each.sequence))
        validity = self.arranged.validity(last.outcome)
        lost = self.arranged.lost_seat_at.get(individual)
        repeat = validity.repeat_after_cancellation and lost is not None and last.checked_at < lost
        return Check(last.outcome, last.checked_at, last.fly_before, validity.good_for, repeat)

    def _case(self, case_id: UUID) -> CaseKnown:
        dossier = self.dossiers[case_id]
        case, decision = dossier.case, dossier.decision
        return CaseKnown(
            closed=case is None or case.closed,
            destination_country=case.destination_country if case else "",
            destination_area=case.destination_area if case else None,
            decision=None
            if decision is None
            else Decision(
                decision.outcome, decision.good_until, {UUID(key): tried for key, tried in decision.attempts.items()}
            ),
            suspensions=tuple(
                Suspension(each.area, each.valid_from, each.valid_until, each.lifted_on)
                for each in dossier.restrictions
            ),
        )


async def gatekeeper(
    session: Session, case_ids: Iterable[UUID], legs: Sequence[FlightLeg] | None, today: date
) -> Gatekeeper:
    """`legs`: of the flight that is asked about; None asks about no flight in particular, as of `today`."""
    dossiers = await dossiers_of(session, case_ids)
    individuals = {individual for dossier in dossiers.values() for individual in dossier.members}
    used = await documents_flown_with(session, individuals)
    still = await _still_cleared(session, individuals)
    journey = None if not legs else await _journey(session, legs)
    checks = {individual: rows for dossier in dossiers.values() for individual, rows in dossier.checks.items()}
    support = {individual: support_now(rows) for individual, rows in checks.items()}
    arranged = (
        Arranged() if not legs else await arranged_on(session, legs[0].flight_id, legs[0].departs.date(), support)
    )
    return Gatekeeper(dossiers, journey, frozenset(used), today, arranged, still)


async def _still_cleared(session: Session, individuals: Iterable[UUID]) -> frozenset[tuple[UUID, int]]:
    """Individual and attempt of those whom registration still has as cleared for a flight that they did not take: asked
    at the doors of the next one, it would refuse them."""
    off = await cleared_and_taken_off(session, individuals)
    released = await released_of(session, {by for _, _, by in off}) if off else set()
    return frozenset((one, attempt) for one, attempt, by in off if (by, one) not in released)


async def _journey(session: Session, legs: Sequence[FlightLeg]) -> Journey:
    countries = {legs[0].from_country, *(leg.to_country for leg in legs)}
    return Journey(
        stops=tuple(Stop(leg.from_country, leg.to_country, leg.departs, leg.arrives, leg.to_airport) for leg in legs),
        papers=await asked_in(session, countries),
    )


def _protection_pending(dossier: Dossier, individual: UUID) -> bool:
    """What protection last said; a child nobody in the case is responsible for waits for protection in any case."""
    said = dossier.protection.get(individual)
    member = dossier.members.get(individual)
    if said is not None:
        return said
    return member is not None and not member.adult and not member.responsible
