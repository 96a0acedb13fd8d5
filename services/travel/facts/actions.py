"""Keeping foreign facts: pure upkeep of rows. Nothing here decides; facts of different sources come in any order."""

from uuid import UUID

from sqlmodel import col, delete

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
from shared.contracts import eligibility as e
from shared.contracts import registration as r
from shared.database import Session
from shared.events import Envelope
from shared.folding import keep_row, latest, table_of

PROTECTION = latest(table_of(ProtectionFact))
DOCUMENT = latest(table_of(DocumentFact))
CHECK = latest(table_of(CheckFact))
DECISION = latest(table_of(DecisionFact))


async def keep_case(session: Session, envelope: Envelope, fact: r.CaseFacts) -> None:
    """The whole case as it now is: who is no longer named has left it."""
    known = await session.get(CaseFact, fact.case)
    if known is None:
        known = CaseFact(
            case_id=fact.case, host_country=fact.host_country, destination_country=fact.destination_country
        )
    known.host_country = fact.host_country
    known.destination_country = fact.destination_country
    known.destination_area = fact.destination_area
    known.site_id = fact.site
    if isinstance(fact, r.CaseRegistered):
        known.registered_at = envelope.time
    session.add(known)
    named = [member.individual for member in fact.members]
    gone = delete(MemberFact).where(col(MemberFact.case_id) == fact.case, col(MemberFact.individual_id).not_in(named))
    await session.exec(gone)
    for member in fact.members:
        row = MemberFact(
            case_id=fact.case,
            individual_id=member.individual,
            nationality=member.nationality,
            adult=member.age_band is r.AgeBand.ADULT,
            responsible=[str(each) for each in member.responsible],
            attempt=member.attempt,
            sex=str(member.sex),
            age_group=str(member.age_band),
        )
        await session.merge(row)


async def keep_case_closed(session: Session, envelope: Envelope, fact: r.CaseClosed) -> None:
    await _mark_closed(session, UUID(envelope.key), closed=True)


async def keep_case_reopened(session: Session, envelope: Envelope, fact: r.CaseReopened) -> None:
    await _mark_closed(session, UUID(envelope.key), closed=False)


async def _mark_closed(session: Session, case_id: UUID, *, closed: bool) -> None:
    known = await session.get(CaseFact, case_id)
    if known is not None:
        known.closed = closed


async def keep_declaration(session: Session, envelope: Envelope, fact: r.DeclarationSigned) -> None:
    row = await _attempt(session, envelope, fact.individual)
    row.declaration_id = fact.declaration
    row.lapsed = False


async def keep_lapse(session: Session, envelope: Envelope, fact: r.DeclarationLapsed) -> None:
    row = await _attempt(session, envelope, fact.individual)
    row.lapsed = True


async def keep_case_withdrawal(session: Session, envelope: Envelope, fact: r.CaseWithdrawn) -> None:
    for individual in fact.individuals:
        row = await _attempt(session, envelope, individual, fact.attempts.get(individual))
        row.withdrawn_at = fact.withdrawn_at


async def keep_member_withdrawal(session: Session, envelope: Envelope, fact: r.MemberWithdrawn) -> None:
    row = await _attempt(session, envelope, fact.individual)
    row.withdrawn_at = fact.withdrawn_at


async def keep_late_statement(session: Session, envelope: Envelope, fact: r.WithdrawalStatedLate) -> None:
    row = await _attempt(session, envelope, fact.individual)
    row.stated_late_at = fact.stated_at


async def _attempt(session: Session, envelope: Envelope, individual: UUID, attempt: int | None = None) -> AttemptFact:
    """The row of the try that a fact is about; a fact that does not say which is about the first."""
    case_id = UUID(envelope.key)
    number = attempt or envelope.attempt or 1
    row = await session.get(AttemptFact, (case_id, individual, number))
    if row is None:
        row = AttemptFact(case_id=case_id, individual_id=individual, attempt=number)
        session.add(row)
    return row


async def keep_return(session: Session, envelope: Envelope, fact: r.ReturnRecorded) -> None:
    """A person's try that ended at home without a flight of ours."""
    for individual in fact.individuals:
        attempt = fact.attempts.get(individual, 1)
        await session.merge(ReturnFact(case_id=UUID(envelope.key), individual_id=individual, attempt=attempt))


async def keep_undone_return(session: Session, envelope: Envelope, fact: r.ReturnReversed) -> None:
    """Nobody came home in that try after all."""
    for individual in fact.individuals:
        row = await session.get(ReturnFact, (UUID(envelope.key), individual, fact.attempts.get(individual, 1)))
        if row is not None:
            await session.delete(row)


async def keep_link(session: Session, envelope: Envelope, fact: r.PeopleLinked | r.PeopleUnlinked) -> None:
    undone = isinstance(fact, r.PeopleUnlinked)
    row = LinkFact(
        link_id=fact.link, case_id=UUID(envelope.key), duplicate=fact.duplicate, stands=fact.stands, undone=undone
    )
    await session.merge(row)


async def keep_hold(session: Session, envelope: Envelope, fact: r.CaseHeld) -> None:
    for individual in fact.individuals:
        await session.merge(HoldFact(hold_id=fact.hold, individual_id=individual, case_id=UUID(envelope.key)))


async def keep_release(session: Session, envelope: Envelope, fact: r.CaseReleased) -> None:
    for individual in fact.individuals:
        row = HoldFact(hold_id=fact.hold, individual_id=individual, case_id=UUID(envelope.key), released=True)
        await session.merge(row)


async def keep_protection_pending(session: Session, envelope: Envelope, fact: r.ProtectionPending) -> None:
    row = {"case_id": UUID(envelope.key), "individual_id": fact.individual, "pending": True}
    keep_row(session, PROTECTION, row)


async def keep_protection_cleared(session: Session, envelope: Envelope, fact: r.ProtectionCleared) -> None:
    row = {"case_id": UUID(envelope.key), "individual_id": fact.individual, "pending": False}
    keep_row(session, PROTECTION, row)


async def keep_document(session: Session, envelope: Envelope, fact: r.DocumentRecorded) -> None:
    row = {
        "document_id": fact.document,
        "case_id": UUID(envelope.key),
        "individual_id": fact.individual,
        "kind": str(fact.kind),
        "issuing_country": fact.issuing_country,
        "valid_from": fact.valid_from,
        "valid_until": fact.valid_until,
        "for_country": fact.for_country,
        "single_journey": fact.single_journey,
        "valid": fact.valid,
    }
    keep_row(session, DOCUMENT, row)


async def keep_check(session: Session, envelope: Envelope, fact: r.FitnessAssessed) -> None:
    row = {
        "check_id": fact.check,
        "case_id": UUID(envelope.key),
        "individual_id": fact.individual,
        "outcome": str(fact.outcome),
        "checked_at": fact.checked_at,
        "support": list(fact.support),
        "fly_before": fact.fly_before,
        "sequence": envelope.sequence,
    }
    keep_row(session, CHECK, row)


async def keep_clearance(session: Session, envelope: Envelope, fact: r.DepartureCleared) -> None:
    for individual in fact.individuals:
        row = ClearanceFact(
            clearance_id=fact.clearance,
            individual_id=individual,
            case_id=UUID(envelope.key),
            flight_id=fact.flight,
            cleared=True,
        )
        await session.merge(row)


async def keep_refusal(session: Session, envelope: Envelope, fact: r.DepartureRefused) -> None:
    for refused in fact.refused:
        row = ClearanceFact(
            clearance_id=fact.clearance,
            individual_id=refused.individual,
            case_id=UUID(envelope.key),
            flight_id=fact.flight,
            cleared=False,
            reason=str(refused.reason),
        )
        await session.merge(row)


async def keep_clearance_release(session: Session, envelope: Envelope, fact: r.ClearanceReleased) -> None:
    row = await session.get(ClearanceFact, (fact.clearance, fact.individual))
    if row is None:
        row = ClearanceFact(
            clearance_id=fact.clearance,
            individual_id=fact.individual,
            case_id=UUID(envelope.key),
            flight_id=fact.flight,
            cleared=True,
        )
        session.add(row)
    row.released = True


async def keep_decision(session: Session, envelope: Envelope, fact: e.EligibilityDecided) -> None:
    row = {
        "case_id": UUID(envelope.key),
        "decision_id": fact.decision,
        "outcome": str(fact.outcome),
        "good_until": fact.good_until,
        "attempts": {str(individual): attempt for individual, attempt in fact.attempts.items()},
        "package": [line.model_dump(mode="json") for line in fact.package],
    }
    keep_row(session, DECISION, row)


async def keep_restriction(session: Session, envelope: Envelope, fact: e.RestrictionSet) -> None:
    row = RestrictionFact(
        restriction_id=fact.restriction,
        country=fact.country,
        area=fact.area,
        valid_from=fact.valid_from,
        valid_until=fact.valid_until,
        source=fact.source,
    )
    await session.merge(row)


async def keep_lifting(session: Session, envelope: Envelope, fact: e.RestrictionLifted) -> None:
    row = await session.get(RestrictionFact, fact.restriction)
    if row is not None:
        row.lifted_on = fact.lifted_on
