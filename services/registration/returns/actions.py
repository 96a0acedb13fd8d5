"""Verbs of returns without us."""

from collections.abc import Sequence

from services.registration.cases.queries import CaseFile
from services.registration.declarations.actions import lapse_if_unsigned
from services.registration.declarations.queries import live_declarations
from services.registration.returns.models import RecordedReturn
from services.registration.returns.queries import returns_of
from services.registration.returns.rules import NoReturnRecorded, check_return, way_back
from services.registration.returns.schemas import ReturnBody, UndoReturnBody
from services.registration.withdrawals.actions import late_becomes_withdrawal
from shared.act import Act
from shared.contracts.registration import ReturnRecorded, ReturnReversed
from shared.database import Session, new_id
from shared.occurrence import on_day
from shared.outbox import stage


async def record_return(session: Session, act: Act, file: CaseFile, body: ReturnBody) -> list[RecordedReturn]:
    """They are home without a departure of ours, and stand as departed: nothing is booked or declared any more.

    Raises `NotAMember`, `NotPossibleNow`, `DatesImpossible`, and what `on_day` raises.
    """
    home = file.chosen(body.individuals)
    check_return(body.returned_on, file.case.arrived_in_host_country)
    happened = on_day(act, body.returned_on, body)
    rows = []
    for each in home:
        stood = each.member.status
        file.move(each, "record_return")
        row = RecordedReturn(
            id=new_id(),
            case_id=file.id,
            individual_id=each.id,
            attempt=each.member.attempt,
            kind=body.kind,
            country=body.country,
            returned_on=body.returned_on,
            recorded_at=act.now,
            recorded_by=act.by,
            stood=stood,
        )
        session.add(row)
        rows.append(row)
    file.settle()
    fact = ReturnRecorded(
        individuals=tuple(each.id for each in home),
        attempts={each.id: each.member.attempt for each in home},
        kind=body.kind,
        country=body.country,
        returned_on=body.returned_on,
        entered_at=act.now,
    )
    await stage(session, act, fact, key=file.id, occurred=happened)
    return rows


async def undo_return(session: Session, act: Act, file: CaseFile, body: UndoReturnBody) -> Sequence[RecordedReturn]:
    """They were taken for home by mistake, and stand where they stood before. What fell meanwhile stays fallen: a
    declaration that is no longer signed as it must be, and the return of whoever has said no since.

    Gives all returns of the case, oldest first. Raises `NotAMember`, `NoReturnRecorded`.
    """
    rows = await returns_of(session, file.id)
    standing = {
        row.individual_id: row
        for row in rows
        if row.undone_at is None and row.attempt == file.one(row.individual_id).member.attempt
    }
    chosen = [file.one(one) for one in dict.fromkeys(body.individuals or standing)]
    without = [each.id for each in chosen if each.id not in standing]
    if without or not chosen:
        raise NoReturnRecorded(without=without)
    declared = await live_declarations(session, [file.id])
    for each in chosen:
        row = standing[each.id]
        for verb in way_back(row.stood, declared=(file.id, each.id) in declared):
            file.move(each, verb)
        row.undone_at = act.now
        row.undone_by = act.by
        row.undone_because = body.reason
        row.undone_note = body.note
    file.settle()
    fact = ReturnReversed(
        individuals=tuple(each.id for each in chosen), attempts={each.id: each.member.attempt for each in chosen}
    )
    await stage(session, act, fact, key=file.id)
    for each in chosen:
        await lapse_if_unsigned(session, act, file, each)
    await late_becomes_withdrawal(session, act, file, [each.id for each in chosen])
    file.settle()
    return rows
