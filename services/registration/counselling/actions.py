"""Verbs of counselling."""

from services.registration.cases.queries import CaseFile
from services.registration.counselling.models import CounsellingSession
from services.registration.counselling.rules import check_session
from services.registration.counselling.schemas import CounsellingBody
from shared.act import Act
from shared.database import Session, new_id
from shared.occurrence import when


async def record_counselling(session: Session, act: Act, file: CaseFile, body: CounsellingBody) -> CounsellingSession:
    """Who understood goes on from `open` to `counselled`.

    Raises `NotAMember`, `InterpreterUnclear`, `LanguageNotSpoken`, `NotPossibleNow` for who is cleared or gone, and
    what `when` raises.
    """
    there = file.chosen(body.individuals)
    check_session(
        body.language,
        body.interpreter.present,
        body.interpreter.kind,
        {each.id: each.individual.languages for each in there},
    )
    held = CounsellingSession(
        id=new_id(),
        case_id=file.id,
        individuals=[each.id for each in there],
        language=body.language,
        interpreter=body.interpreter.kind,
        topics=[str(topic) for topic in body.topics],
        understood=body.understood,
        occurred_at=when(act, body),
        recorded_at=act.now,
        recorded_by=act.by,
        late_reason=body.late_reason,
        evidence=body.evidence,
    )
    if body.understood:
        for each in there:
            file.move(each, "record_counselling")
    session.add(held)
    file.settle()
    return held
