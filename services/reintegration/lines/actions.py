"""What is done to the lines of a plan. The caller holds the lock of the plan and touches it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, delete, select

from services.reintegration.lines.models import Instalment, PlanLine
from services.reintegration.lines.queries import instalments_of, lines_of, locked_line, state_of
from services.reintegration.lines.rules import (
    CASH,
    ZERO,
    Entitled,
    InstalmentAsked,
    LineAsked,
    LineReleased,
    PaidInCash,
    check_fits,
    check_keeps_account,
    check_lines,
    check_not_less,
    check_shape,
)
from shared.act import Act
from shared.database import Session, new_id
from shared.problems import NotFound


async def lay_lines(
    session: Session, plan_id: UUID, lines: Sequence[LineAsked], package: Mapping[str, Entitled]
) -> None:
    """Puts these lines in the place of those the plan had. Raises `PlanNotConsistent`, `MoreThanPackage`."""
    check_lines(lines, package)
    before = select(PlanLine.id).where(PlanLine.plan_id == plan_id)
    await session.exec(delete(Instalment).where(col(Instalment.line_id).in_(before)))
    await session.exec(delete(PlanLine).where(col(PlanLine.plan_id) == plan_id))
    laid = [(_new_line(plan_id, ordinal, line, package), line) for ordinal, line in enumerate(lines, start=1)]
    session.add_all(row for row, _ in laid)
    await session.flush()
    session.add_all(
        _new_instalment(row.id, number, each)
        for row, line in laid
        for number, each in enumerate(line.instalments, start=1)
    )


async def change_lines(
    session: Session,
    plan_id: UUID,
    lines: Sequence[LineAsked],
    package: Mapping[str, Entitled],
    floors: Mapping[UUID, Decimal],
) -> None:
    """Changes the lines of an approved plan that are named by their code, and adds those it has not; the others stay.
    `floors`: what is ordered or shared of a line, below which it does not go.

    Raises `PlanNotConsistent`, `LineReleased`, `LineKeepsItsAccount`, `LessThanMoved`.
    """
    check_shape(lines, package)
    existing = {line.code: line for line in await lines_of(session, plan_id)}
    tranches = await instalments_of(session, list(existing.values()))
    for asked in lines:
        row = existing.get(asked.code)
        if row is None:
            row = _new_line(plan_id, len(existing) + 1, asked, package)
            existing[row.code] = row
            session.add(row)
            await session.flush()
        elif row.released_at is not None:
            raise LineReleased()
        else:
            check_keeps_account(asked, row)
            moved = max(state_of(row, tranches[row.id]).spent, row.delivered, floors.get(row.id, ZERO))
            check_not_less(row.code, asked.amount, moved)
            row.amount, row.description = asked.amount, asked.description
        await _lay_instalments(session, row, asked, tranches.get(row.id, []))


async def _lay_instalments(session: Session, row: PlanLine, asked: LineAsked, before: Sequence[Instalment]) -> None:
    """Instalments keep their numbers, and never go below what was paid on them."""
    for old in before[len(asked.instalments) :]:
        check_not_less(row.code, ZERO, old.paid)
        await session.delete(old)
    for number, each in enumerate(asked.instalments, start=1):
        if number <= len(before):
            old = before[number - 1]
            check_not_less(row.code, each.amount, old.paid)
            old.amount, old.due_from, old.due_until = each.amount, each.due_from, each.due_until
        else:
            session.add(_new_instalment(row.id, number, each))


def _new_instalment(line_id: UUID, number: int, asked: InstalmentAsked) -> Instalment:
    return Instalment(
        id=new_id(),
        line_id=line_id,
        number=number,
        amount=asked.amount,
        due_from=asked.due_from,
        due_until=asked.due_until,
    )


def _new_line(plan_id: UUID, ordinal: int, line: LineAsked, package: Mapping[str, Entitled]) -> PlanLine:
    return PlanLine(
        id=new_id(),
        plan_id=plan_id,
        ordinal=ordinal,
        code=line.code,
        description=line.description,
        modality=line.modality,
        package_line=line.package_line,
        individual_id=package[line.package_line].individual,
        amount=line.amount,
        currency=line.currency,
        project_code=line.project_code,
        budget_line=line.budget_line,
    )


async def add_delivered(session: Session, plan_id: UUID, line_id: UUID, amount: Decimal) -> PlanLine:
    """Counts goods or a service as delivered. Raises `PaidInCash`, `LineReleased`, `MoreThanApproved`, `NotFound`."""
    line = await open_line(session, plan_id, line_id)
    if line.modality == CASH:
        raise PaidInCash()
    line.delivered = check_fits(line.delivered, line.amount, amount, line.currency)
    return line


async def add_paid(session: Session, plan_id: UUID, line_id: UUID, number: int, amount: Decimal) -> Instalment:
    """Counts money as paid on an instalment. Raises `LineReleased`, `MoreThanApproved`, `NotFound`."""
    line = await open_line(session, plan_id, line_id)
    instalment = await _instalment(session, line.id, number)
    instalment.paid = check_fits(instalment.paid, instalment.amount, amount, line.currency)
    return instalment


async def take_back_paid(session: Session, plan_id: UUID, line_id: UUID, number: int, amount: Decimal) -> None:
    """Counts a reversed payment out again, on a released line too: money that came back came back."""
    line = await locked_line(session, plan_id, line_id)
    instalment = await _instalment(session, line.id, number)
    instalment.paid -= amount


async def mark_released(session: Session, act: Act, plan_id: UUID, line_id: UUID, reason: str) -> PlanLine:
    """Gives up what was not spent of a line. Raises `LineReleased`, `NotFound`."""
    line = await open_line(session, plan_id, line_id)
    line.released_reason, line.released_by, line.released_at = reason, act.by, act.now
    return line


async def open_line(session: Session, plan_id: UUID, line_id: UUID) -> PlanLine:
    """A line on which money can move. Raises `NotFound`, `LineReleased`."""
    line = await locked_line(session, plan_id, line_id)
    if line.released_at is not None:
        raise LineReleased()
    return line


async def _instalment(session: Session, line_id: UUID, number: int) -> Instalment:
    rows = select(Instalment).where(Instalment.line_id == line_id, Instalment.number == number)
    instalment = (await session.exec(rows.execution_options(populate_existing=True))).first()
    if instalment is None:
        raise NotFound("instalment of this line")
    return instalment
