"""Verbs of returns without us."""

from services.registration.cases.queries import CaseFile
from services.registration.returns.models import RecordedReturn
from services.registration.returns.rules import check_return
from services.registration.returns.schemas import ReturnBody
from shared.act import Act
from shared.contracts.registration import ReturnRecorded
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
