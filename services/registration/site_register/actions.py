"""Verbs of the register."""

from uuid import UUID

from sqlmodel import col, select

from services.registration.cases.queries import Individual
from services.registration.site_register.models import SiteMovement
from services.registration.site_register.rules import (
    Direction,
    EntryReversedAlready,
    PersonUnknown,
    check_named,
    direction_of,
)
from services.registration.site_register.schemas import MovementBody
from shared.act import Act
from shared.concurrency import locked
from shared.database import Session, new_id
from shared.occurrence import when
from shared.problems import NotFound


async def record_movement(session: Session, act: Act, site_id: UUID, body: MovementBody) -> SiteMovement:
    """Raises `DirectionUnclear`, `MorePeopleNamedThanMoved`, `PersonUnknown`, and as `when`."""
    direction = direction_of(body.reason, body.direction)
    check_named(body.people, body.individuals)
    if body.individuals:
        known = (await session.exec(select(Individual.id).where(col(Individual.id).in_(body.individuals)))).all()
        if len(known) != len(body.individuals):
            raise PersonUnknown()
    entry = SiteMovement(
        id=new_id(),
        site_id=site_id,
        reason=body.reason,
        change=body.people if direction is Direction.IN else -body.people,
        individuals=body.individuals,
        occurred_at=when(act, body),
        late_reason=body.late_reason,
        evidence=body.evidence,
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(entry)
    return entry


async def reverse_movement(session: Session, act: Act, site_id: UUID, entry_id: UUID) -> SiteMovement:
    """Takes back an entry that was wrong, for the moment it was said to be of. Raises `NotFound`,
    `EntryReversedAlready`."""
    wrong = await locked(session, SiteMovement, entry_id)
    if wrong is None or wrong.site_id != site_id:
        raise NotFound("movement at this site")
    again = select(SiteMovement.id).where(SiteMovement.reverses == wrong.id)
    if wrong.reverses is not None or (await session.exec(again)).first() is not None:
        raise EntryReversedAlready()
    entry = SiteMovement(
        id=new_id(),
        site_id=site_id,
        reason=wrong.reason,
        change=-wrong.change,
        individuals=wrong.individuals,
        reverses=wrong.id,
        occurred_at=wrong.occurred_at,
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(entry)
    return entry
