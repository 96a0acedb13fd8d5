"""Verbs of guardianships."""

from uuid import UUID

from sqlmodel import col, select

from services.registration.cases.actions import derive_protection, tell_case
from services.registration.cases.queries import CaseFile
from services.registration.declarations.actions import lapse_if_unsigned
from services.registration.guardians.models import Guardianship
from services.registration.guardians.queries import link_of
from services.registration.guardians.rules import GuardianEndedAlready, GuardianStands, check_guardian
from services.registration.guardians.schemas import GuardianBody
from services.registration.memberships.queries import once_a_member
from shared.act import Act
from shared.contracts.registration import CaseCorrected
from shared.database import Session, new_id
from shared.occurrence import when
from shared.problems import NotFound


async def record_guardian(session: Session, act: Act, file: CaseFile, body: GuardianBody) -> Guardianship:
    """The adult is responsible for the child from now on, and signs as such: who was alone is so no more.

    Raises `NotAMember`, `GuardianUnclear`, `GuardianStands`, and what `when` raises.
    """
    child, guardian = file.one(body.individual_id), file.one(body.guardian_id)
    check_guardian(
        body.showing,
        link_of(file, child.id, guardian.id),
        child_is_adult=child.is_adult(act.today),
        adult_is_adult=guardian.is_adult(act.today),
    )
    same = select(Guardianship).where(
        Guardianship.case_id == file.id,
        Guardianship.individual_id == child.id,
        Guardianship.guardian_id == guardian.id,
        col(Guardianship.ended_at).is_(None),
    )
    standing = (await session.exec(same)).first()
    if standing is not None:
        if guardian.id in child.responsible:
            raise GuardianStands()
        _end(act, standing)  # one of them was out of the case meanwhile: what is shown now counts
        await session.flush()
    row = Guardianship(
        id=new_id(),
        case_id=file.id,
        individual_id=child.id,
        guardian_id=guardian.id,
        showing=body.showing,
        reference=body.reference,
        happened_at=when(act, body),
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(row)
    if guardian.id not in child.responsible:
        await _follow(session, act, file, child.id, [*child.responsible, guardian.id])
    return row


async def end_guardian(session: Session, act: Act, file: CaseFile, guardianship_id: UUID) -> Guardianship:
    """Taken whatever the case's status: with nobody left who is responsible, the child is alone, and its journey stops.
    One that rests, as one of them is out of the case, comes back with nobody then.

    Raises `NotFound`, `GuardianEndedAlready`.
    """
    row = await session.get(Guardianship, guardianship_id)
    if row is None or row.case_id != file.id:
        raise NotFound("guardianship of this case")
    if row.ended_at is not None:
        raise GuardianEndedAlready()
    _end(act, row)
    child = file.members.get(row.individual_id) or await once_a_member(session, file.id, row.individual_id)
    if child is not None and row.guardian_id in child.responsible:
        others = [one for one in child.responsible if one != row.guardian_id]
        if child.id in file.members:
            await _follow(session, act, file, child.id, others)
        else:
            child.member.responsible = others
    return row


def _end(act: Act, row: Guardianship) -> None:
    row.ended_at = act.now
    row.ended_by = act.by
    row.version += 1


async def _follow(session: Session, act: Act, file: CaseFile, child: UUID, responsible: list[UUID]) -> None:
    standing = file.one(child)
    standing.member.responsible = responsible
    file.settle()
    await session.flush()
    await tell_case(session, act, file, CaseCorrected)
    await derive_protection(session, act, file)
    await lapse_if_unsigned(session, act, file, standing)
