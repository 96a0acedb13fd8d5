"""Verbs of capacity."""

from uuid import UUID

from sqlmodel import col, select

from services.registration.capacity.models import CapacityDoubt
from services.registration.capacity.rules import (
    CapacityOutcome,
    DoubtRaisedAlready,
    DoubtSettledAlready,
    check_representative,
)
from services.registration.capacity.schemas import CapacityAssessmentBody
from services.registration.cases.queries import CaseFile
from services.registration.declarations.actions import lapse_declaration
from services.registration.declarations.queries import live_declarations
from services.registration.holds.actions import HoldBody, HoldReason, place_hold, release_if_open
from shared.act import Act
from shared.database import Session, new_id
from shared.occurrence import when
from shared.problems import NotFound


async def doubt_capacity(session: Session, act: Act, file: CaseFile, individual: UUID) -> CapacityDoubt:
    """Holds the person and keeps them from signing until a professional has assessed it.

    Raises `NotAMember`, `DoubtRaisedAlready`, `DepartureAlreadyCleared`.
    """
    person = file.one(individual)
    same = select(CapacityDoubt.id).where(
        CapacityDoubt.case_id == file.id,
        CapacityDoubt.individual_id == person.id,
        col(CapacityDoubt.assessed_at).is_(None),
    )
    if (await session.exec(same)).first() is not None:
        raise DoubtRaisedAlready()
    hold = await place_hold(session, act, file, HoldBody(individuals=[person.id], reason=HoldReason.CAPACITY))
    await session.flush()
    row = CapacityDoubt(
        id=new_id(), case_id=file.id, individual_id=person.id, hold_id=hold.id, raised_at=act.now, raised_by=act.by
    )
    session.add(row)
    return row


async def assess_capacity(
    session: Session, act: Act, file: CaseFile, doubt_id: UUID, body: CapacityAssessmentBody
) -> CapacityDoubt:
    """Settles the doubt and releases its hold. What somebody not able signed for themselves, or for a child, lapses.

    Raises `NotFound`, `DoubtSettledAlready`, `RepresentativeUnclear`, and what `when` raises.
    """
    row = await session.get(CapacityDoubt, doubt_id)
    if row is None or row.case_id != file.id:
        raise NotFound("assessment of capacity")
    if row.assessed_at is not None:
        raise DoubtSettledAlready()
    check_representative(body.outcome, named=body.representative is not None, paper=body.paper is not None)
    row.assessed_at = when(act, body)
    row.assessed_by = act.by
    row.recorded_at = act.now
    row.profession = body.profession
    row.outcome = body.outcome
    row.representative = body.representative
    row.paper = body.paper
    row.version += 1
    await release_if_open(session, act, file, row.hold_id)
    if body.outcome is CapacityOutcome.NOT_ABLE:
        declared = await live_declarations(session, [file.id])
        for (_, individual), live in declared.items():
            if row.individual_id in live.signed_by and file.members[individual].member.status == "declared":
                await lapse_declaration(session, act, file, file.members[individual], live)
    file.settle()
    return row
