"""Making a decision: a new row that names the one it replaces, told to the others; nothing where nothing is new."""

from uuid import UUID

from services.eligibility.decisions.models import Decision
from services.eligibility.decisions.queries import KeptDecision
from services.eligibility.decisions.rules import Because, Record, digest_of, is_the_same
from services.eligibility.inputs.rules import Inputs
from services.eligibility.programmes.queries import Ruling
from shared.act import Act
from shared.contracts.eligibility import EligibilityDecided, PackageLine, PayableWindow
from shared.database import Session, new_id
from shared.outbox import stage


async def make_decision(
    session: Session,
    act: Act,
    case_id: UUID,
    ruling: Ruling,
    inputs: Inputs,
    current: KeptDecision | None,
    because: Because,
) -> KeptDecision | None:
    """Asks the programme's version about the case as seen, and keeps the answer. None where it says nothing new; an
    officer who asks as of another date, or under another version, is always given a decision of that date.

    The caller holds the rules and the case's lock.
    """
    record = Record.of(ruling.scope, ruling.number, ruling.version, inputs)
    finding = record.finding
    if current is not None and is_the_same(record, current.record):
        same_question = (record.version, inputs.evaluated_on) == (
            current.record.version,
            current.record.inputs.evaluated_on,
        )
        if same_question or because is not Because.OFFICER_ASKED:
            return None
    written = record.written()
    row = Decision(
        id=new_id(),
        case_id=case_id,
        version_id=ruling.version_id,
        evaluated_on=inputs.evaluated_on,
        outcome=finding.outcome,
        good_until=finding.good_until,
        replaces=None if current is None else current.row.id,
        because=because,
        total=finding.total,
        currency=finding.currency,
        record=written,
        digest=digest_of(written),
        decided_by=act.by,
        decided_at=act.now,
    )
    session.add(row)
    await session.flush()
    made = KeptDecision(row, record)
    await stage(session, act, _told(made), key=case_id)
    return made


def _told(made: KeptDecision) -> EligibilityDecided:
    """The decision as others may know it: no answer, no trace, no reason."""
    finding = made.record.finding
    return EligibilityDecided(
        decision=made.row.id,
        programme=made.record.programme,
        programme_version=made.record.version,
        evaluated_on=made.record.inputs.evaluated_on,
        outcome=finding.outcome,
        good_until=finding.good_until,
        replaces=made.row.replaces,
        on_exception=finding.on_exception,
        attempts=made.attempts,
        package=tuple(
            PackageLine(
                line=line.line,
                code=line.code,
                basis=line.basis,
                individual=line.individual,
                modality=line.modality,
                stage=line.stage,
                instalments=line.instalments,
                amount=line.amount,
                currency=line.currency,
                window=None if line.window is None else PayableWindow(**dict(line.window)),
            )
            for line in finding.package
        ),
        total=finding.total,
        currency=finding.currency,
    )
