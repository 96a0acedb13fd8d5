"""What reintegration does with the facts of others: keep each, then look at the case again with all that is kept."""

from typing import Any
from uuid import UUID

from services.reintegration.cases.queries import is_opened
from services.reintegration.facts.actions import (
    PASSAGES,
    keep_allowance,
    keep_booking,
    keep_cancelled_booking,
    keep_case,
    keep_case_withdrawal,
    keep_closure,
    keep_decision,
    keep_declaration,
    keep_late_statement,
    keep_link,
    keep_member_withdrawal,
    keep_passage,
    keep_reopening,
    keep_return,
    keep_undone_return,
    keep_unlinking,
)
from services.reintegration.standing.actions import look_again
from shared.act import Act
from shared.contracts import eligibility, registration, travel
from shared.database import Session
from shared.events import Envelope
from shared.inbox import Handler, Handlers


async def on_any_fact(session: Session, act: Act, envelope: Envelope, fact: Any) -> None:
    """Every fact that is heard here is about a case, and may change what follows for it."""
    await look_again(session, act, UUID(envelope.key))


async def on_return_undone(session: Session, act: Act, envelope: Envelope, _fact: registration.ReturnReversed) -> None:
    """A case that opened with that return alone stands here, with nobody to wait for."""
    case_id = UUID(envelope.key)
    await look_again(session, act, case_id, opened=await is_opened(session, case_id))


HANDLERS: Handlers = {
    registration.CaseRegistered: Handler(fold=keep_case, react=on_any_fact),
    registration.CaseCorrected: Handler(fold=keep_case, react=on_any_fact),
    registration.MemberJoined: Handler(fold=keep_case, react=on_any_fact),
    registration.MemberLeft: Handler(fold=keep_case, react=on_any_fact),
    registration.DeclarationSigned: Handler(fold=keep_declaration, react=on_any_fact),
    registration.CaseWithdrawn: Handler(fold=keep_case_withdrawal, react=on_any_fact),
    registration.MemberWithdrawn: Handler(fold=keep_member_withdrawal, react=on_any_fact),
    registration.WithdrawalStatedLate: Handler(fold=keep_late_statement, react=on_any_fact),
    registration.CaseClosed: Handler(fold=keep_closure, react=on_any_fact),
    registration.CaseReopened: Handler(fold=keep_reopening, react=on_any_fact),
    registration.ReturnRecorded: Handler(fold=keep_return, react=on_any_fact),
    registration.ReturnReversed: Handler(fold=keep_undone_return, react=on_return_undone),
    # Looked at when a plan is drafted or approved: a link by itself changes nothing that stands.
    registration.PeopleLinked: Handler(fold=keep_link),
    registration.PeopleUnlinked: Handler(fold=keep_unlinking),
    eligibility.EligibilityDecided: Handler(fold=keep_decision, react=on_any_fact),
    travel.BookingMade: Handler(fold=keep_booking, react=on_any_fact),
    travel.BookingCancelled: Handler(fold=keep_cancelled_booking, react=on_any_fact),
    travel.AllowancePaid: Handler(fold=keep_allowance, react=on_any_fact),
    **{passage: Handler(fold=keep_passage, react=on_any_fact) for passage in PASSAGES},
}
