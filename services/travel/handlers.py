"""What travel hears, and what it does with it: each fact is kept; some are then looked at for what follows."""

from typing import Any
from uuid import UUID

from services.travel.bookings.actions import look_again
from services.travel.doors.actions import note_cleared, note_refused, note_release
from services.travel.facts import actions as facts
from services.travel.holds.actions import note_joined, on_restriction_changed
from services.travel.requests.actions import on_document_recorded
from services.travel.returns.actions import on_people_linked
from services.travel.supports.actions import on_fitness_assessed
from services.travel.waiting.actions import keep_priority, on_priority_assigned, wait_along
from shared.act import Act
from shared.contracts import eligibility as e
from shared.contracts import registration as r
from shared.database import Session
from shared.events import Envelope
from shared.inbox import Handler, Handlers


async def on_case_changed(session: Session, act: Act, envelope: Envelope, fact: Any) -> None:
    """Something is known about a case that may cost somebody a seat."""
    await look_again(session, act, UUID(envelope.key))


async def on_member_joined(session: Session, act: Act, envelope: Envelope, fact: r.MemberJoined) -> None:
    """Who is booked was booked without them, and waits until they have a seat too. Who waits, waits with them."""
    await note_joined(session, fact.case, fact.individual)
    await look_again(session, act, fact.case)
    await wait_along(session, act, fact.case, fact.individual)


HANDLERS: Handlers = {
    r.CaseRegistered: Handler(facts.keep_case),
    r.CaseCorrected: Handler(facts.keep_case, on_case_changed),
    r.MemberJoined: Handler(facts.keep_case, on_member_joined),
    r.MemberLeft: Handler(facts.keep_case, on_case_changed),
    r.DeclarationSigned: Handler(facts.keep_declaration),
    r.DeclarationLapsed: Handler(facts.keep_lapse),
    r.CaseWithdrawn: Handler(facts.keep_case_withdrawal, on_case_changed),
    r.MemberWithdrawn: Handler(facts.keep_member_withdrawal, on_case_changed),
    r.WithdrawalStatedLate: Handler(facts.keep_late_statement),
    r.CaseHeld: Handler(facts.keep_hold, on_case_changed),
    r.CaseReleased: Handler(facts.keep_release, on_case_changed),
    r.ProtectionPending: Handler(facts.keep_protection_pending),
    r.ProtectionCleared: Handler(facts.keep_protection_cleared),
    r.ReturnRecorded: Handler(facts.keep_return, on_case_changed),
    r.ReturnReversed: Handler(facts.keep_undone_return),
    r.PeopleLinked: Handler(facts.keep_link, on_people_linked),
    r.PeopleUnlinked: Handler(facts.keep_link, on_people_linked),
    r.PriorityAssigned: Handler(keep_priority, on_priority_assigned),
    r.DocumentRecorded: Handler(facts.keep_document, on_document_recorded),
    r.FitnessAssessed: Handler(facts.keep_check, on_fitness_assessed),
    r.DepartureCleared: Handler(facts.keep_clearance, note_cleared),
    r.DepartureRefused: Handler(facts.keep_refusal, note_refused),
    r.ClearanceReleased: Handler(facts.keep_clearance_release, note_release),
    r.CaseClosed: Handler(facts.keep_case_closed, on_case_changed),
    r.CaseReopened: Handler(facts.keep_case_reopened),
    e.EligibilityDecided: Handler(facts.keep_decision, on_case_changed),
    e.RestrictionSet: Handler(facts.keep_restriction, on_restriction_changed),
    e.RestrictionLifted: Handler(facts.keep_lifting, on_restriction_changed),
}
"""Holds, restrictions and changed decisions put a booking on hold and take nobody's seat; the next gate stops its
people and says why, as it does where two records are one person."""
