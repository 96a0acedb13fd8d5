"""The folds: each keeps one foreign fact and decides nothing.

Facts of one source and case come in order and once; facts of different sources in any order. So each fold touches only
rows of its own source, and the last fact of a source is the one that counts.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Final
from uuid import UUID

from sqlmodel import select

from services.reintegration.facts.models import (
    FactAllowance,
    FactCase,
    FactDecision,
    FactLateStatement,
    FactLink,
    FactMember,
    FactReturn,
    FactSeat,
    FactWithdrawal,
)
from shared.contracts import eligibility, registration, travel
from shared.database import Session
from shared.events import Envelope

# Whoever has left the ground is not put back by a booking that is cancelled for the others.
_UNDER_WAY: Final = frozenset({"departed", "in_transit", "arrived", "not_admitted"})
_MISSED: Final = frozenset({"no_show", "offloaded"})


async def keep_case(session: Session, envelope: Envelope, fact: registration.CaseFacts) -> None:
    """The case as it now is; members that are no longer told of are no longer in it."""
    row = await _case(session, fact.case)
    row.host_country, row.destination_country = fact.host_country, fact.destination_country
    told = {member.individual: member for member in fact.members}
    for known in (await session.exec(select(FactMember).where(FactMember.case_id == fact.case))).all():
        if known.individual_id not in told:
            known.present = False
    for member in fact.members:
        row_of = await session.get(FactMember, (fact.case, member.individual))
        if row_of is None:
            row_of = FactMember(case_id=fact.case, individual_id=member.individual, relation="", adult=False, attempt=1)
            session.add(row_of)
        row_of.relation = member.relation
        row_of.adult = member.age_band is registration.AgeBand.ADULT
        row_of.attempt = max(row_of.attempt, member.attempt)
        row_of.present = True


async def keep_declaration(session: Session, envelope: Envelope, fact: registration.DeclarationSigned) -> None:
    """Says nothing here but which try it is for."""
    member = await session.get(FactMember, (UUID(envelope.key), fact.individual))
    if member is not None and envelope.attempt is not None:
        member.attempt = max(member.attempt, envelope.attempt)


async def keep_case_withdrawal(session: Session, envelope: Envelope, fact: registration.CaseWithdrawn) -> None:
    case_id = UUID(envelope.key)
    for individual in fact.individuals:
        attempt = fact.attempts.get(individual) or await _known_attempt(session, case_id, individual)
        await _keep_withdrawal(session, case_id, individual, attempt, fact.withdrawn_at)


async def keep_member_withdrawal(session: Session, envelope: Envelope, fact: registration.MemberWithdrawn) -> None:
    case_id = UUID(envelope.key)
    attempt = envelope.attempt or await _known_attempt(session, case_id, fact.individual)
    await _keep_withdrawal(session, case_id, fact.individual, attempt, fact.withdrawn_at)


async def keep_late_statement(session: Session, envelope: Envelope, fact: registration.WithdrawalStatedLate) -> None:
    if await session.get(FactLateStatement, fact.statement) is None:
        statement = FactLateStatement(
            statement_id=fact.statement,
            case_id=UUID(envelope.key),
            individual_id=fact.individual,
            attempt=envelope.attempt,
            stated_at=fact.stated_at,
            entered_at=fact.entered_at,
        )
        session.add(statement)


async def keep_closure(session: Session, envelope: Envelope, fact: registration.CaseClosed) -> None:
    (await _case(session, UUID(envelope.key))).closed_reason = fact.reason


async def keep_reopening(session: Session, envelope: Envelope, fact: registration.CaseReopened) -> None:
    (await _case(session, UUID(envelope.key))).closed_reason = None


async def keep_decision(session: Session, envelope: Envelope, fact: eligibility.EligibilityDecided) -> None:
    if await session.get(FactDecision, fact.decision) is None:
        decision = FactDecision(
            decision_id=fact.decision,
            case_id=UUID(envelope.key),
            sequence=envelope.sequence,
            outcome=fact.outcome,
            evaluated_on=fact.evaluated_on,
            attempts={str(individual): attempt for individual, attempt in fact.attempts.items()},
            package=[line.model_dump(mode="json") for line in fact.package],
            currency=fact.currency,
        )
        session.add(decision)


async def keep_booking(session: Session, envelope: Envelope, fact: travel.BookingMade) -> None:
    for individual in fact.individuals:
        attempt = fact.attempts.get(individual, 1)
        seat = await _seat(session, envelope, fact.booking, individual, attempt, fact.arrives)
        if seat.standing not in _UNDER_WAY:
            seat.standing, seat.at, seat.attempt = "booked", envelope.time, attempt


async def keep_cancelled_booking(session: Session, envelope: Envelope, fact: travel.BookingCancelled) -> None:
    """`individuals` are those who lost their seat by this; the others keep theirs."""
    for individual in fact.individuals:
        seat = await _seat(session, envelope, fact.booking, individual, fact.attempts.get(individual, 1), None)
        # Whose flight left without them is still waited for: that their booking then falls says nothing new.
        if seat.standing not in _UNDER_WAY | _MISSED:
            seat.standing, seat.at = "cancelled", envelope.time


async def keep_passage(session: Session, envelope: Envelope, fact: travel.PassengerFact) -> None:
    """Departed, in transit, arrived, not admitted, no-show or offloaded: the last that travel told counts."""
    seat = await _seat(session, envelope, fact.booking, fact.individual, envelope.attempt or 1, None)
    standing = _STANDINGS[type(fact)]
    if standing in _MISSED and seat.standing not in _MISSED:
        seat.missed += 1
    seat.standing, seat.at = standing, fact.at
    if isinstance(fact, travel.PassengerArrived | travel.PassengerInTransit | travel.PassengerNotAdmitted):
        seat.country = fact.country
    if isinstance(fact, travel.PassengerArrived):
        seat.met_by = fact.met_by


async def keep_return(session: Session, envelope: Envelope, fact: registration.ReturnRecorded) -> None:
    """Home without a departure of ours; told again, the last counts."""
    case_id = UUID(envelope.key)
    for individual in fact.individuals:
        attempt = fact.attempts.get(individual) or await _known_attempt(session, case_id, individual)
        row = await session.get(FactReturn, (case_id, individual, attempt))
        returned_at = datetime.combine(fact.returned_on, time(12), UTC)
        if row is None:
            row = FactReturn(
                case_id=case_id,
                individual_id=individual,
                attempt=attempt,
                kind=fact.kind,
                country=fact.country,
                returned_at=returned_at,
                entered_at=fact.entered_at,
            )
            session.add(row)
        row.kind, row.country = fact.kind, fact.country
        row.returned_at, row.entered_at = returned_at, fact.entered_at


async def keep_undone_return(session: Session, envelope: Envelope, fact: registration.ReturnReversed) -> None:
    """Nobody came home in that try after all."""
    case_id = UUID(envelope.key)
    for individual in fact.individuals:
        attempt = fact.attempts.get(individual) or await _known_attempt(session, case_id, individual)
        row = await session.get(FactReturn, (case_id, individual, attempt))
        if row is not None:
            await session.delete(row)


async def keep_link(session: Session, envelope: Envelope, fact: registration.PeopleLinked) -> None:
    await _keep_link(session, envelope, fact, undone=False)


async def keep_unlinking(session: Session, envelope: Envelope, fact: registration.PeopleUnlinked) -> None:
    await _keep_link(session, envelope, fact, undone=True)


async def _keep_link(
    session: Session,
    envelope: Envelope,
    fact: registration.PeopleLinked | registration.PeopleUnlinked,
    *,
    undone: bool,
) -> None:
    row = await session.get(FactLink, fact.link)
    if row is None:
        row = FactLink(
            id=fact.link,
            case_id=UUID(envelope.key),
            duplicate=fact.duplicate,
            stands=fact.stands,
            standing_case=fact.standing_case,
        )
        session.add(row)
    row.undone = undone


async def keep_allowance(session: Session, envelope: Envelope, fact: travel.AllowancePaid) -> None:
    if await session.get(FactAllowance, fact.payment) is None:
        allowance = FactAllowance(
            payment_id=fact.payment,
            case_id=UUID(envelope.key),
            individual_id=fact.individual,
            line=fact.line,
            amount=fact.amount,
            currency=fact.currency,
            given_back=fact.given_back,
        )
        session.add(allowance)


_STANDINGS: Final[dict[type[travel.PassengerFact], str]] = {
    travel.PassengerNoShow: "no_show",
    travel.PassengerOffloaded: "offloaded",
    travel.PassengerDeparted: "departed",
    travel.PassengerInTransit: "in_transit",
    travel.PassengerArrived: "arrived",
    travel.PassengerNotAdmitted: "not_admitted",
}
PASSAGES: Final[Iterable[type[travel.PassengerFact]]] = tuple(_STANDINGS)


async def _case(session: Session, case_id: UUID) -> FactCase:
    row = await session.get(FactCase, case_id)
    if row is None:
        row = FactCase(case_id=case_id)
        session.add(row)
    return row


async def _known_attempt(session: Session, case_id: UUID, individual: UUID) -> int:
    member = await session.get(FactMember, (case_id, individual))
    return member.attempt if member else 1


async def _keep_withdrawal(session: Session, case_id: UUID, individual: UUID, attempt: int, at: datetime) -> None:
    if await session.get(FactWithdrawal, (case_id, individual, attempt)) is None:
        session.add(FactWithdrawal(case_id=case_id, individual_id=individual, attempt=attempt, withdrawn_at=at))


async def _seat(
    session: Session, envelope: Envelope, booking: UUID, individual: UUID, attempt: int, expected: datetime | None
) -> FactSeat:
    seat = await session.get(FactSeat, (booking, individual))
    if seat is None:
        seat = FactSeat(
            booking_id=booking,
            individual_id=individual,
            case_id=UUID(envelope.key),
            attempt=attempt,
            standing="booked",
            at=envelope.time,
            expected_at=expected,
        )
        session.add(seat)
    return seat
