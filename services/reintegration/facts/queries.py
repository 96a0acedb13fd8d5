"""Reads the facts kept about a case, as the picture they give."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.reintegration.facts.models import (
    FactAllowance,
    FactCase,
    FactDecision,
    FactLateStatement,
    FactMember,
    FactSeat,
    FactWithdrawal,
)
from services.reintegration.facts.rules import (
    DecisionKept,
    Kept,
    LateStatement,
    MemberKept,
    PackageLineKept,
    Picture,
    Position,
    SeatKept,
    Stage,
    Traveller,
    picture_of,
)
from shared.database import Session

__all__ = [
    "DecisionKept",
    "PackageLineKept",
    "Picture",
    "Position",
    "Stage",
    "Traveller",
    "read_picture",
    "somebody_had_a_seat",
]


async def read_picture(session: Session, case_id: UUID) -> Picture:
    """What all facts kept so far say about the case. The caller holds the case's lock where it acts on it."""
    return picture_of(
        Kept(
            members=await _members(session, case_id),
            seats=[
                SeatKept(s.individual_id, s.attempt, s.standing, s.at, s.expected_at, s.met_by)
                for s in await _rows(session, FactSeat, case_id)
            ],
            withdrawals={(w.individual_id, w.attempt) for w in await _rows(session, FactWithdrawal, case_id)},
            statements=[
                LateStatement(s.individual_id, s.attempt, s.stated_at, s.entered_at)
                for s in await _rows(session, FactLateStatement, case_id)
            ],
            decision=await _current_decision(session, case_id),
            closed_reason=await _closed_reason(session, case_id),
            paid_before_departure=await _paid_before_departure(session, case_id),
        )
    )


async def somebody_had_a_seat(session: Session, case_id: UUID) -> bool:
    """Whether travel ever told of a seat: before that there is nothing here to look at."""
    return (
        await session.exec(select(FactSeat.case_id).where(FactSeat.case_id == case_id).limit(1))
    ).first() is not None


async def _rows(session: Session, table: type[Any], case_id: UUID) -> list[Any]:
    # What another transaction committed while this one waited for the case's lock must be seen.
    rows = select(table).where(table.case_id == case_id).execution_options(populate_existing=True)
    return list((await session.exec(rows)).all())


async def _members(session: Session, case_id: UUID) -> dict[UUID, MemberKept]:
    rows = await _rows(session, FactMember, case_id)
    return {m.individual_id: MemberKept(m.attempt, m.adult, m.relation) for m in rows if m.present}


async def _closed_reason(session: Session, case_id: UUID) -> str | None:
    rows = await _rows(session, FactCase, case_id)
    return rows[0].closed_reason if rows else None


async def _current_decision(session: Session, case_id: UUID) -> DecisionKept | None:
    newest = select(FactDecision).where(FactDecision.case_id == case_id).order_by(col(FactDecision.sequence).desc())
    row = (await session.exec(newest.limit(1).execution_options(populate_existing=True))).first()
    if row is None:
        return None
    return DecisionKept(
        decision=row.decision_id,
        outcome=row.outcome,
        attempts={UUID(individual): attempt for individual, attempt in row.attempts.items()},
        currency=row.currency,
        after_return=tuple(_package_line(line) for line in row.package if line["stage"] == "after_return"),
    )


def _package_line(line: dict[str, Any]) -> PackageLineKept:
    whose = line["individual"]
    return PackageLineKept(
        line["line"], line["code"], line["modality"], UUID(whose) if whose else None, Decimal(line["amount"])
    )


async def _paid_before_departure(session: Session, case_id: UUID) -> dict[str, Decimal]:
    sums = select(FactAllowance.currency, func.sum(FactAllowance.amount)).where(FactAllowance.case_id == case_id)
    rows = await session.exec(sums.group_by(FactAllowance.currency))
    return {currency: total for currency, total in rows.all()}
