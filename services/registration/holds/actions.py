"""Verbs of holds."""

from uuid import UUID

from services.registration.cases.queries import CaseFile, lock_files
from services.registration.holds.models import Hold
from services.registration.holds.queries import due_holds, open_holds
from services.registration.holds.rules import (
    ENDS_BY_ITSELF,
    HoldReason,
    HoldReleasedAlready,
    check_can_be_held,
    check_until,
)
from services.registration.holds.schemas import HoldBody
from shared.act import Act
from shared.contracts.registration import CaseHeld, CaseReleased
from shared.database import Session, new_id
from shared.outbox import stage
from shared.problems import NotFound

__all__ = [
    "HoldBody",
    "HoldReason",
    "hold_after_desk",
    "hold_who_joined",
    "place_hold",
    "release_hold",
    "release_if_open",
]


async def place_hold(session: Session, act: Act, file: CaseFile, body: HoldBody) -> Hold:
    """Raises `HoldOverAlready`, `NotAMember`, `DepartureAlreadyCleared`."""
    check_until(body.until, act.today)
    covered = file.chosen(body.individuals)
    check_can_be_held([(each.id, each.member.status) for each in covered])
    return await _place(session, act, file, new_id(), [each.id for each in covered], body)


async def hold_who_joined(session: Session, act: Act, file: CaseFile, individual: UUID) -> None:
    """Whoever comes into a case that is held as a whole is held by the same holds, and released with the rest."""
    for hold in await open_holds(session, [file.id]):
        if hold.everyone and individual not in hold.individuals:
            hold.individuals = [*hold.individuals, individual]
            hold.version += 1
            fact = CaseHeld(hold=hold.id, individuals=(individual,))
            await stage(session, act, fact, key=file.id, subject=hold.id)


async def hold_after_desk(session: Session, act: Act, file: CaseFile, individual: UUID, hold_id: UUID) -> None:
    """Someone at the desk was not sure, or was pressed: held for protection to look at, once for each statement, whose
    id makes `hold_id`. It is placed on whoever is cleared too, for the day the clearance is released."""
    if await session.get(Hold, hold_id) is None:
        await _place(
            session, act, file, hold_id, [individual], HoldBody(individuals=[individual], reason=HoldReason.PROTECTION)
        )


async def _place(
    session: Session, act: Act, file: CaseFile, hold_id: UUID, individuals: list[UUID], body: HoldBody
) -> Hold:
    hold = Hold(
        id=hold_id,
        case_id=file.id,
        individuals=individuals,
        everyone=not body.individuals,
        reason=body.reason,
        note=body.note,
        until=body.until,
        placed_at=act.now,
        placed_by=act.by,
    )
    session.add(hold)
    file.settle()
    fact = CaseHeld(hold=hold.id, individuals=tuple(individuals))
    await stage(session, act, fact, key=file.id, subject=hold.id)
    return hold


async def release_hold(session: Session, act: Act, file: CaseFile, hold_id: UUID) -> Hold:
    """Raises `NotFound`, `HoldReleasedAlready`."""
    hold = await session.get(Hold, hold_id)
    if hold is None or hold.case_id != file.id:
        raise NotFound("hold of this case")
    if hold.released_at is not None:
        raise HoldReleasedAlready()
    hold.released_at = act.now
    hold.released_by = act.by
    hold.version += 1
    file.settle()
    fact = CaseReleased(hold=hold.id, individuals=tuple(hold.individuals))
    await stage(session, act, fact, key=file.id, subject=hold.id)
    return hold


async def release_if_open(session: Session, act: Act, file: CaseFile, hold_id: UUID | None) -> None:
    """Releases what an action of its own placed, unless somebody has released it meanwhile."""
    hold = None if hold_id is None else await session.get(Hold, hold_id)
    if hold is not None and hold.released_at is None:
        await release_hold(session, act, file, hold.id)


async def review_holds(session: Session, act: Act, limit: int) -> list[UUID]:
    """Releases up to `limit` holds whose day has passed, of those that end by it. Gives their ids."""
    due = await due_holds(session, act.today, ENDS_BY_ITSELF, limit)
    files = await lock_files(session, {hold.case_id for hold in due})
    released = []
    for hold in due:
        await session.refresh(hold)  # as it is under the lock of its case
        if hold.released_at is None:
            await release_hold(session, act, files[hold.case_id], hold.id)
            released.append(hold.id)
    return released
