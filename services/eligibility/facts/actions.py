"""Folds: keep what other services told, and decide nothing. Facts of different services come in any order."""

from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from services.eligibility.facts.models import CaseFact, LinkFact, MemberFact, PassageFact
from services.eligibility.facts.queries import are_linked
from shared.contracts.registration import (
    CaseFacts,
    CaseWithdrawn,
    DeclarationSigned,
    MemberWithdrawn,
    PeopleLinked,
    PeopleUnlinked,
    ReturnRecorded,
    ReturnReversed,
)
from shared.contracts.travel import PassengerDeparted, PassengerNotAdmitted
from shared.database import Session, core
from shared.events import Envelope


async def keep_case(session: Session, envelope: Envelope, fact: CaseFacts) -> None:
    """The whole case as it now is; who is no longer in it is marked, not forgotten."""
    row = await session.get(CaseFact, fact.case)
    if row is None:
        row = CaseFact(
            case_id=fact.case,
            channel=fact.channel,
            host_country=fact.host_country,
            destination_country=fact.destination_country,
            arrived_on=fact.arrived_in_host_country,
            registered_on=envelope.time.date(),
            means=fact.means,
        )
        session.add(row)
    row.channel = fact.channel
    row.host_country = fact.host_country
    row.destination_country = fact.destination_country
    row.destination_area = fact.destination_area
    row.arrived_on = fact.arrived_in_host_country
    row.means = fact.means
    await _keep_members(session, fact)


async def _keep_members(session: Session, fact: CaseFacts) -> None:
    found = (await session.exec(select(MemberFact).where(MemberFact.case_id == fact.case))).all()
    rows = {row.individual_id: row for row in found}
    for row in found:
        row.belongs = False
    new = [member.individual for member in fact.members if member.individual not in rows]
    linked = await are_linked(session, new) if new else set()
    for member in fact.members:
        kept = rows.get(member.individual)
        if kept is None:
            kept = MemberFact(
                case_id=fact.case,
                individual_id=member.individual,
                relation=member.relation,
                nationality=member.nationality,
                sex=member.sex,
                age_band=member.age_band,
                attempt=member.attempt,
                linked=member.individual in linked,
            )
            session.add(kept)
        kept.relation = member.relation
        kept.nationality = member.nationality
        kept.sex = member.sex
        kept.age_band = member.age_band
        kept.attempt = max(kept.attempt, member.attempt)
        kept.last_assisted_return = member.last_assisted_return
        kept.belongs = True


async def keep_attempt(session: Session, envelope: Envelope, fact: DeclarationSigned) -> None:
    """A declaration says which attempt the individual is at."""
    row = await session.get(MemberFact, (UUID(envelope.key), fact.individual))
    if row is not None:
        row.attempt = max(row.attempt, envelope.attempt or 1)


async def keep_case_withdrawal(session: Session, envelope: Envelope, fact: CaseWithdrawn) -> None:
    for individual in fact.individuals:
        await _withdraw(session, UUID(envelope.key), individual, fact.attempts.get(individual, 1))


async def keep_member_withdrawal(session: Session, envelope: Envelope, fact: MemberWithdrawn) -> None:
    await _withdraw(session, UUID(envelope.key), fact.individual, envelope.attempt or 1)


async def _withdraw(session: Session, case_id: UUID, individual: UUID, attempt: int) -> None:
    row = await session.get(MemberFact, (case_id, individual))
    if row is not None:
        row.withdrawn_attempt = max(row.withdrawn_attempt, attempt)


async def keep_return(session: Session, envelope: Envelope, fact: ReturnRecorded) -> None:
    """Home without a departure of ours, in the try that is named."""
    for individual in fact.individuals:
        row = await session.get(MemberFact, (UUID(envelope.key), individual))
        attempt = fact.attempts.get(individual, 1)
        if row is not None and attempt >= row.returned_attempt:
            row.returned_attempt = attempt
            row.returned_kind = fact.kind
            row.returned_on = fact.returned_on


async def keep_undone_return(session: Session, envelope: Envelope, fact: ReturnReversed) -> None:
    """Nobody came home in that try after all."""
    for individual in fact.individuals:
        row = await session.get(MemberFact, (UUID(envelope.key), individual))
        if row is not None and row.returned_attempt == fact.attempts.get(individual, 1):
            row.returned_attempt = 0
            row.returned_kind = None
            row.returned_on = None


async def keep_link(session: Session, envelope: Envelope, fact: PeopleLinked) -> None:
    """The link, and a mark on every record of the two: a case told later finds the link when it comes."""
    row = await _link(session, fact)
    row.undone = False
    await _mark_duplicate(session, UUID(envelope.key), fact.duplicate, fact.stands)


async def keep_unlink(session: Session, envelope: Envelope, fact: PeopleUnlinked) -> None:
    row = await _link(session, fact)
    row.undone = True
    await _mark_duplicate(session, UUID(envelope.key), fact.duplicate, None)


async def _link(session: Session, fact: PeopleLinked | PeopleUnlinked) -> LinkFact:
    row = await session.get(LinkFact, fact.link)
    if row is None:
        row = LinkFact(link_id=fact.link, duplicate=fact.duplicate, stands=fact.stands)
        session.add(row)
    await session.flush()
    either = col(MemberFact.individual_id).in_((fact.duplicate, fact.stands))
    both = update(MemberFact).where(either, col(MemberFact.linked).is_(False))
    await core(session, both.values(linked=True))
    return row


async def _mark_duplicate(session: Session, case_id: UUID, duplicate: UUID, stands: UUID | None) -> None:
    row = await session.get(MemberFact, (case_id, duplicate), populate_existing=True)
    if row is not None:
        row.duplicate_of = stands


async def keep_closed(session: Session, envelope: Envelope, _fact: object) -> None:
    await _close(session, UUID(envelope.key), closed=True)


async def keep_reopened(session: Session, envelope: Envelope, _fact: object) -> None:
    await _close(session, UUID(envelope.key), closed=False)


async def _close(session: Session, case_id: UUID, *, closed: bool) -> None:
    row = await session.get(CaseFact, case_id)
    if row is not None:
        row.closed = closed


async def keep_departure(session: Session, envelope: Envelope, fact: PassengerDeparted) -> None:
    row = await _passage(session, envelope, fact.individual)
    row.departed_at = fact.at


async def keep_refusal_at_border(session: Session, envelope: Envelope, fact: PassengerNotAdmitted) -> None:
    """Refused entry, detained or left in transit: the passage is kept, and does not count as assisted."""
    row = await _passage(session, envelope, fact.individual)
    row.not_admitted = True


async def _passage(session: Session, envelope: Envelope, individual: UUID) -> PassageFact:
    key = (UUID(envelope.key), individual, envelope.attempt or 1)
    row = await session.get(PassageFact, key)
    if row is None:
        row = PassageFact(case_id=key[0], individual_id=key[1], attempt=key[2])
        session.add(row)
    return row
