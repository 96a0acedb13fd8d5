"""Verbs of withdrawals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.cases.queries import CaseFile
from services.registration.closures.actions import close_with_assistance
from services.registration.declarations.actions import lapse_declaration
from services.registration.declarations.queries import Declaration, end_declaration, live_declarations
from services.registration.departures.queries import departures_of
from services.registration.incidents.actions import open_incident
from services.registration.incidents.queries import IncidentKind
from services.registration.withdrawals.models import Statement
from services.registration.withdrawals.queries import late_statements, origins_of
from services.registration.withdrawals.rules import (
    ON_THE_WAY,
    Outcome,
    Stands,
    Unwinding,
    WithdrawalChannel,
    is_ahead,
    overall,
    stated_at,
    unwind,
)
from services.registration.withdrawals.schemas import WithdrawalBody
from shared.act import Act
from shared.contracts.registration import CaseWithdrawn, MemberWithdrawn, WithdrawalStatedLate
from shared.database import Session, new_id
from shared.outbox import stage


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """How a withdrawal was taken."""

    outcome: Outcome
    unwinding: Unwinding
    statements: list[Statement]
    incident: bool


async def withdraw(session: Session, act: Act, file: CaseFile, body: WithdrawalBody) -> Withdrawn:
    """Always taken, whatever the status, and however late it is recorded. Raises `NotAMember`."""
    who = [each.id for each in file.chosen(body.individuals)]
    ahead = is_ahead(act.now, body.occurred_at)
    return await take_withdrawal(
        session,
        act,
        file,
        who,
        Said(stated_at(act.now, body.occurred_at), body.channel, act.cause, body.late_reason, body.evidence, ahead),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """When and how a withdrawal was stated, and the request or event it came by."""

    at: datetime
    channel: WithdrawalChannel
    origin: UUID
    late_reason: str | None = None
    evidence: str | None = None
    dated_ahead: bool = False


async def take_withdrawal(session: Session, act: Act, file: CaseFile, who: Sequence[UUID], said: Said) -> Withdrawn:
    """Keeps the statement of each, and undoes what it undoes."""
    declared = await live_declarations(session, [file.id])
    unwinding = unwind(_standings(file, act, declared), who)
    concerned = [(one, Outcome.WITHDRAWN) for one in unwinding.withdrawn]
    concerned += [(one, Outcome.TOO_LATE) for one in unwinding.late]
    concerned += [(one, Outcome.KEPT) for one in unwinding.kept]
    rows = [_statement(act, file, one, outcome, said, said_for=one not in who) for one, outcome in concerned]
    session.add_all(rows)
    await _undo(session, act, file, unwinding, declared, dict.fromkeys(unwinding.withdrawn, said.at))
    incident = False
    for row in rows:
        if row.outcome == Outcome.TOO_LATE:
            await _tell_late(session, act, file, row)
            incident = await note_contradictions(session, act, file, row.individual_id) or incident
    file.settle()
    await close_with_assistance(session, act, file)
    return Withdrawn(overall(unwinding), unwinding, rows, incident)


async def _tell_late(session: Session, act: Act, file: CaseFile, row: Statement) -> None:
    fact = WithdrawalStatedLate(
        individual=row.individual_id, statement=row.id, stated_at=row.stated_at, entered_at=act.now
    )
    await stage(session, act, fact, key=file.id, subject=row.individual_id, attempt=row.attempt)


async def late_becomes_withdrawal(session: Session, act: Act, file: CaseFile, released: Sequence[UUID]) -> None:
    """Whoever said no after the doors had closed, and was then taken off, has withdrawn: by itself. So has whoever
    said it while a return was recorded of them that is now undone."""
    back = [one for one in released if file.members[one].member.status in ON_THE_WAY]
    waiting = [
        row
        for row in await late_statements(session, file.id, back)
        if row.attempt == file.members[row.individual_id].member.attempt
    ]
    if not waiting:
        return
    for row in waiting:
        row.settled_at = act.now
        row.version += 1
    said = {row.individual_id: row.stated_at for row in waiting}
    declared = await live_declarations(session, [file.id])
    unwinding = unwind(_standings(file, act, declared), list(said))
    moments = {one: said.get(one, max(said.values())) for one in unwinding.withdrawn}
    await _undo(session, act, file, unwinding, declared, moments)
    file.settle()
    await _keep_for_children(session, act, file, unwinding.late, waiting[-1])


async def _keep_for_children(
    session: Session, act: Act, file: CaseFile, children: Sequence[UUID], parents: Statement
) -> None:
    """The word of a parent who was taken off, for children still cleared with somebody else: as if the parent had said
    it after being taken off."""
    heard = await origins_of(session, file.id)
    said = Said(parents.stated_at, WithdrawalChannel(parents.channel), parents.origin)
    for child in children:
        if (child, said.origin) not in heard:
            row = _statement(act, file, child, Outcome.TOO_LATE, said, said_for=True)
            session.add(row)
            await _tell_late(session, act, file, row)


async def note_contradictions(session: Session, act: Act, file: CaseFile, individual: UUID) -> bool:
    """Somebody departed who had said no before: an incident for each such statement, whichever came first here."""
    attempt = file.members[individual].member.attempt
    left = [d for d in await departures_of(session, file.id) if d.individual_id == individual and d.attempt == attempt]
    found = False
    for departure in left:
        for row in await late_statements(session, file.id, [individual]):
            if row.attempt == attempt and row.stated_at < departure.departed_at:
                kind = IncidentKind.PAPER_CONTRADICTS_DEPARTURE
                await open_incident(session, act, file, file.members[individual], kind, row.id, row.stated_at)
                found = True
    return found


def _standings(file: CaseFile, act: Act, declared: Mapping[tuple[UUID, UUID], Declaration]) -> list[Stands]:
    found = []
    for each in file.members.values():
        live = declared.get((file.id, each.id))
        signed_by = live.signed_by if live else ()
        found.append(Stands(each.id, each.member.status, each.is_adult(act.today), each.responsible, signed_by))
    return found


def _statement(act: Act, file: CaseFile, one: UUID, outcome: Outcome, said: Said, *, said_for: bool) -> Statement:
    return Statement(
        id=new_id(),
        case_id=file.id,
        individual_id=one,
        attempt=file.members[one].member.attempt,
        channel=said.channel,
        outcome=outcome,
        said_for=said_for,
        dated_ahead=said.dated_ahead,
        stated_at=said.at,
        recorded_at=act.now,
        recorded_by=act.by,
        late_reason=said.late_reason,
        evidence=said.evidence,
        origin=said.origin,
    )


async def _undo(
    session: Session,
    act: Act,
    file: CaseFile,
    unwinding: Unwinding,
    declared: Mapping[tuple[UUID, UUID], Declaration],
    moments: Mapping[UUID, datetime],
) -> None:
    for one in unwinding.withdrawn:
        file.move(file.members[one], "withdraw")
        file.members[one].member.withdrawn_at = moments[one]
        end_declaration(declared.get((file.id, one)), "withdrawn", act.now)
    for child in unwinding.lapsed:
        await lapse_declaration(session, act, file, file.members[child], declared[file.id, child])
    if unwinding.whole_case:
        attempts = {each.id: each.member.attempt for each in file.members.values()}
        last = max(moments.values())
        fact_of_all = CaseWithdrawn(individuals=tuple(file.members), attempts=attempts, withdrawn_at=last)
        await stage(session, act, fact_of_all, key=file.id, occurred=last)
        return
    for one in unwinding.withdrawn:
        out = MemberWithdrawn(individual=one, withdrawn_at=moments[one])
        attempt = file.members[one].member.attempt
        await stage(session, act, out, key=file.id, subject=one, attempt=attempt, occurred=moments[one])
