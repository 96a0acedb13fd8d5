"""Verbs of closing and opening again."""

from services.registration.cases.queries import CaseFile, check_file_verb
from services.registration.closures.rules import check_closure, closes_with_assistance
from services.registration.duplicates.queries import linked_in
from services.registration.facts.queries import assistance_of
from shared.act import Act
from shared.contracts.registration import CaseClosed, CaseClosureReason, CaseReopened
from shared.database import Session
from shared.outbox import stage


async def close_case(session: Session, act: Act, file: CaseFile, reason: CaseClosureReason) -> None:
    """Raises `CaseAlreadyClosed`, `SomebodyIsCleared`, `ReasonDoesNotFit`."""
    check_file_verb(file, "close_case")
    linked = await linked_in(session, file.id) if reason is CaseClosureReason.DUPLICATE else set()
    statuses = {each.member.status for each in file.members.values()}
    check_closure(reason, statuses, duplicates=linked == set(file.members))
    await _close(session, act, file, reason)


async def close_with_assistance(session: Session, act: Act, file: CaseFile) -> None:
    """Closes the case if the other service has closed its assistance and nobody is still on the way; once for each
    such fact, so that a reopened case stays open."""
    fact = await assistance_of(session, file.id)
    if fact is None or file.closed or file.case.closed_on_assistance == fact.event_id:
        return
    if closes_with_assistance(fact.reason, {each.member.status for each in file.members.values()}):
        file.case.closed_on_assistance = fact.event_id
        await _close(session, act, file, CaseClosureReason.ASSISTANCE_CLOSED)


async def _close(session: Session, act: Act, file: CaseFile, reason: CaseClosureReason) -> None:
    file.case.closed_at = act.now
    file.case.closed_reason = reason
    file.settle()
    await stage(session, act, CaseClosed(reason=reason), key=file.id)


async def reopen_case(session: Session, act: Act, file: CaseFile) -> None:
    """Each member stands again where they stood. Raises `NotPossibleNow` for an open case."""
    check_file_verb(file, "reopen_case")
    file.case.closed_at = None
    file.case.closed_reason = None
    file.settle()
    await stage(session, act, CaseReopened(), key=file.id)
