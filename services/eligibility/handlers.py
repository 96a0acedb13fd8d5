"""What eligibility hears, and what it does with it: one table. Each fact is kept first, then the case is looked at."""

from uuid import UUID

from services.eligibility.cases.actions import look_again, open_case
from services.eligibility.decisions.rules import Because
from services.eligibility.facts.actions import (
    keep_attempt,
    keep_case,
    keep_case_withdrawal,
    keep_closed,
    keep_departure,
    keep_link,
    keep_member_withdrawal,
    keep_refusal_at_border,
    keep_reopened,
    keep_return,
    keep_undone_return,
    keep_unlink,
)
from services.eligibility.facts.queries import cases_of_individual
from shared.act import Act
from shared.contracts.registration import (
    CaseClosed,
    CaseCorrected,
    CaseFacts,
    CaseRegistered,
    CaseReopened,
    CaseWithdrawn,
    DeclarationSigned,
    MemberJoined,
    MemberLeft,
    MemberWithdrawn,
    PeopleLinked,
    PeopleUnlinked,
    ReturnRecorded,
    ReturnReversed,
)
from shared.contracts.travel import PassengerDeparted, PassengerFact, PassengerNotAdmitted
from shared.database import Session
from shared.events import Envelope
from shared.inbox import Handler, Handlers


async def on_case_registered(session: Session, act: Act, envelope: Envelope, fact: CaseFacts) -> None:
    await open_case(session, act, fact.case)
    await look_again(session, act, [fact.case], Because.CASE_REGISTERED)


async def on_case_corrected(session: Session, act: Act, envelope: Envelope, fact: CaseFacts) -> None:
    await open_case(session, act, fact.case)
    await look_again(session, act, [fact.case], Because.CASE_CORRECTED)


async def on_member_joined_or_left(
    session: Session, act: Act, envelope: Envelope, fact: MemberJoined | MemberLeft
) -> None:
    """Another party: decided again for those who are in it now."""
    await open_case(session, act, fact.case)
    because = Because.MEMBER_JOINED if isinstance(fact, MemberJoined) else Because.MEMBER_LEFT
    await look_again(session, act, [fact.case], because)


async def on_declaration_signed(session: Session, act: Act, envelope: Envelope, _fact: DeclarationSigned) -> None:
    """Only a new attempt changes anything: the first declaration belongs to the attempt already decided."""
    if envelope.attempt == 1:
        return
    await look_again(session, act, [UUID(envelope.key)], Because.NEW_ATTEMPT)


async def on_withdrawn(session: Session, act: Act, envelope: Envelope, _fact: object) -> None:
    await look_again(session, act, [UUID(envelope.key)], Because.MEMBER_WITHDREW)


async def on_case_closed_or_reopened(session: Session, act: Act, envelope: Envelope, _fact: object) -> None:
    await look_again(session, act, [UUID(envelope.key)], Because.CASE_REOPENED)


async def on_passage(session: Session, act: Act, envelope: Envelope, fact: PassengerFact) -> None:
    """The case itself has ended for who left; any other case of theirs now has an earlier return to count."""
    cases = {UUID(envelope.key), *await cases_of_individual(session, fact.individual)}
    await look_again(session, act, sorted(cases), Because.EARLIER_RETURN)


async def on_return_recorded(session: Session, act: Act, envelope: Envelope, _fact: ReturnRecorded) -> None:
    """Home without a departure of ours: no help to travel; help there, where they came home before anyone knew."""
    await look_again(session, act, [UUID(envelope.key)], Because.RETURN_RECORDED)


async def on_return_undone(session: Session, act: Act, envelope: Envelope, _fact: ReturnReversed) -> None:
    """Recorded by mistake: decided again as if nobody had said it."""
    await look_again(session, act, [UUID(envelope.key)], Because.RETURN_UNDONE)


async def on_people_linked(session: Session, act: Act, envelope: Envelope, fact: PeopleLinked | PeopleUnlinked) -> None:
    """One person, or two again: what one record had counts for the other, in every case of either."""
    cases = {UUID(envelope.key), fact.standing_case}
    for individual in (fact.duplicate, fact.stands):
        cases |= set(await cases_of_individual(session, individual))
    await look_again(session, act, sorted(cases), Because.PEOPLE_LINKED)


HANDLERS: Handlers = {
    CaseRegistered: Handler(fold=keep_case, react=on_case_registered),
    CaseCorrected: Handler(fold=keep_case, react=on_case_corrected),
    MemberJoined: Handler(fold=keep_case, react=on_member_joined_or_left),
    MemberLeft: Handler(fold=keep_case, react=on_member_joined_or_left),
    DeclarationSigned: Handler(fold=keep_attempt, react=on_declaration_signed),
    CaseWithdrawn: Handler(fold=keep_case_withdrawal, react=on_withdrawn),
    MemberWithdrawn: Handler(fold=keep_member_withdrawal, react=on_withdrawn),
    CaseClosed: Handler(fold=keep_closed, react=on_case_closed_or_reopened),
    CaseReopened: Handler(fold=keep_reopened, react=on_case_closed_or_reopened),
    ReturnRecorded: Handler(fold=keep_return, react=on_return_recorded),
    ReturnReversed: Handler(fold=keep_undone_return, react=on_return_undone),
    PeopleLinked: Handler(fold=keep_link, react=on_people_linked),
    PeopleUnlinked: Handler(fold=keep_unlink, react=on_people_linked),
    PassengerDeparted: Handler(fold=keep_departure, react=on_passage),
    PassengerNotAdmitted: Handler(fold=keep_refusal_at_border, react=on_passage),
}
