"""Trying to reach those who have come home, and saying that contact is lost."""

from services.reintegration.attempts.models import ContactAttempt, LostContact
from services.reintegration.attempts.queries import lost_contact_of, tried_so_far
from services.reintegration.attempts.rules import ContactLostAlready, Reached, check_lost
from services.reintegration.attempts.schemas import AttemptBody
from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, check_members, open_picture
from shared.act import Act
from shared.contracts.reintegration import ContactLost, ContactRegained
from shared.database import Session, new_id
from shared.occurrence import when
from shared.outbox import stage


async def record_contact_attempt(session: Session, act: Act, case: AssistedCase, body: AttemptBody) -> ContactAttempt:
    """Records an attempt on a locked case. One that reaches somebody ends that contact is lost.

    Raises `NotPossibleNow`, `CaseClosedElsewhere`, `NotOfThisCase`, and what `when` raises.
    """
    move_case(case, "record_contact_attempt")
    picture = await open_picture(session, case.id)
    check_members(picture, [body.individual_id] if body.individual_id else [])
    moment = when(act, body)
    attempt = ContactAttempt(
        id=new_id(),
        case_id=case.id,
        individual_id=body.individual_id,
        way=body.way,
        outcome=body.outcome,
        next_on=body.next_on,
        by=act.by,
        occurred_at=moment,
        recorded_at=act.now,
    )
    session.add(attempt)
    lost = await lost_contact_of(session, case.id)
    if lost is not None and body.outcome in (Reached.REACHED, Reached.WANTS_NO_CONTACT) and moment >= lost.since:
        await session.delete(lost)
        await stage(session, act, ContactRegained(at=moment), key=case.id, occurred=moment)
    return attempt


async def declare_contact_lost(session: Session, act: Act, case: AssistedCase) -> LostContact:
    """Says of a locked case that nobody of it can be reached.

    Raises `NotPossibleNow`, `CaseClosedElsewhere`, `ContactLostAlready`, `ContactNotLostYet`.
    """
    move_case(case, "declare_contact_lost")
    await open_picture(session, case.id)
    if await lost_contact_of(session, case.id) is not None:
        raise ContactLostAlready()
    since = check_lost(await tried_so_far(session, case.id), act.now)
    lost = LostContact(case_id=case.id, since=since, declared_by=act.by, declared_at=act.now)
    session.add(lost)
    await stage(session, act, ContactLost(since=since), key=case.id)
    return lost
