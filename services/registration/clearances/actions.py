"""Verbs of clearances."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from services.registration.cases.queries import CaseFile, Standing, lock_files
from services.registration.clearances.models import Clearance, ClearedPassenger
from services.registration.clearances.queries import standing_clearances
from services.registration.clearances.rules import Asked, ClearanceDiffers, Known, Refusals, decide_clearance
from services.registration.clearances.schemas import ClearanceAnswer, ClearanceBody, RefusedPassenger
from services.registration.declarations.queries import live_declarations
from services.registration.holds.queries import held_in
from services.registration.withdrawals.actions import late_becomes_withdrawal
from shared.act import Act
from shared.contracts.registration import ClearanceReleased, DepartureCleared, DepartureRefused, RefusedIndividual
from shared.database import Session, core
from shared.outbox import stage


async def clear_departure(session: Session, act: Act, body: ClearanceBody) -> ClearanceAnswer:
    """Decides once who of these may leave. All their cases are locked, in the order of their ids; from here on the
    cleared cannot withdraw. Asked again under the same id, it gives the same answer.

    Raises `ClearanceDiffers` when the id stands for another flight or other people.
    """
    earlier = await _claim(session, act, body)
    if earlier is not None:
        return earlier
    files = await lock_files(session, (one.case_id for one in body.passengers))
    asked = [Asked(one.individual_id, one.case_id, one.attempt, one.willing) for one in body.passengers]
    known = await _known(session, act, files, asked)
    refused = decide_clearance(asked, known)
    for case_id in sorted(files):
        of_case = [one for one in asked if one.case == case_id and one.individual in files[case_id].members]
        await _record(session, act, body, files[case_id], of_case, refused)
    answer = ClearanceAnswer(
        clearance_id=body.clearance_id,
        flight_id=body.flight_id,
        decided_at=act.now,
        cleared=[one.individual for one in asked if one.individual not in refused],
        refused=[RefusedPassenger(individual_id=one, reason=reason) for one, reason in refused.items()],
    )
    clearance = await session.get(Clearance, body.clearance_id)
    assert clearance is not None  # claimed above
    clearance.answer = answer.model_dump(mode="json")
    return answer


async def _claim(session: Session, act: Act, body: ClearanceBody) -> ClearanceAnswer | None:
    # First insert, then look: who asks at the same time under the same id waits here for the first to commit.
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Clearance).values(
        id=body.clearance_id, flight_id=body.flight_id, closing_at=body.closing_at, decided_at=act.now
    )
    taken = await core(session, row.on_conflict_do_nothing().returning(col(Clearance.id)))
    if taken.first() is not None:
        return None
    clearance = await session.get(Clearance, body.clearance_id)
    assert clearance is not None  # it was in the way
    answer = ClearanceAnswer.model_validate(clearance.answer)
    people = {*answer.cleared, *(one.individual_id for one in answer.refused)}
    if clearance.flight_id != body.flight_id or people != {one.individual_id for one in body.passengers}:
        raise ClearanceDiffers()
    return answer


async def _known(session: Session, act: Act, files: dict[UUID, CaseFile], asked: Sequence[Asked]) -> dict[UUID, Known]:
    held = await held_in(session, files)
    declared = await live_declarations(session, files)
    elsewhere = await standing_clearances(session, (one.individual for one in asked))
    asked_in = {one.individual: one.case for one in asked}
    found = {}
    for file in files.values():
        for each in file.members.values():
            if asked_in.get(each.id, file.id) != file.id:
                continue  # the same person in another case on the same flight: asked about in that one
            live = declared.get((file.id, each.id))
            found[each.id] = Known(
                individual=each.id,
                case=file.id,
                status=each.member.status,
                attempt=each.member.attempt,
                is_adult=each.is_adult(act.today),
                responsible=each.responsible,
                held=(file.id, each.id) in held,
                protection_pending=each.member.protection_pending,
                case_closed=file.closed,
                signed_by=live.signed_by if live else (),
                signed_at=live.signed_at if live else None,
                withdrawn_at=each.member.withdrawn_at,
                cleared_elsewhere=each.id in elsewhere,
            )
    return found


async def _record(
    session: Session, act: Act, body: ClearanceBody, file: CaseFile, asked: Sequence[Asked], refused: Refusals
) -> None:
    for one in asked:
        reason = refused.get(one.individual)
        row = ClearedPassenger(
            clearance_id=body.clearance_id,
            individual_id=one.individual,
            case_id=file.id,
            attempt=one.attempt,
            willing=one.willing,
            reason=reason,
        )
        session.add(row)
        if reason is None:
            member = file.members[one.individual].member
            file.move(file.members[one.individual], "clear")
            member.clearance_id = body.clearance_id
            member.flight_id = body.flight_id
    file.settle()
    cleared = [one for one in asked if one.individual not in refused]
    if cleared:
        fact = DepartureCleared(
            clearance=body.clearance_id,
            flight=body.flight_id,
            individuals=tuple(one.individual for one in cleared),
            attempts={one.individual: one.attempt for one in cleared},
        )
        await stage(session, act, fact, key=file.id, subject=body.clearance_id)
    stays = [
        RefusedIndividual(individual=one.individual, attempt=one.attempt, reason=refused[one.individual])
        for one in asked
        if one.individual in refused
    ]
    if stays:
        no = DepartureRefused(clearance=body.clearance_id, flight=body.flight_id, refused=tuple(stays))
        await stage(session, act, no, key=file.id, subject=body.clearance_id)


async def release_clearance(session: Session, act: Act, file: CaseFile, standing: Standing) -> None:
    """Somebody cleared did not leave: they stand as declared again, and what they said meanwhile counts."""
    row = await _standing_row(session, standing)
    row.released_at = act.now
    row.version += 1
    fact = ClearanceReleased(clearance=row.clearance_id, flight=_flight(standing), individual=standing.id)
    file.move(standing, "release")
    standing.member.clearance_id = None
    standing.member.flight_id = None
    file.settle()
    await stage(session, act, fact, key=file.id, subject=standing.id, attempt=standing.member.attempt)
    await late_becomes_withdrawal(session, act, file, [standing.id])


async def end_with_departure(session: Session, standing: Standing, departed_at: datetime) -> None:
    """The clearance was used."""
    row = await _standing_row(session, standing)
    row.departed_at = departed_at
    row.version += 1


async def _standing_row(session: Session, standing: Standing) -> ClearedPassenger:
    row = await session.get(ClearedPassenger, (standing.member.clearance_id, standing.id))
    assert row is not None  # whoever is cleared has one: the member's clearance names it
    return row


def _flight(standing: Standing) -> UUID:
    assert standing.member.flight_id is not None  # set with the clearance
    return standing.member.flight_id
