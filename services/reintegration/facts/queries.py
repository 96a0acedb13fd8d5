"""Reads the facts kept about a case, as the picture they give."""

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Integer,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    null,
    union_all,
)
from sqlalchemy import select as parts
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
from shared.database import MoneyColumn, Session, UtcDateTime, core

__all__ = [
    "DecisionKept",
    "FactSeat",
    "PackageLineKept",
    "Picture",
    "Position",
    "Stage",
    "Traveller",
    "read_picture",
    "somebody_had_a_seat",
]


OF_CASE = bindparam("of_case", type_=Uuid)


def _part(kind: str, table: Any, **columns: Any) -> Select[Any]:
    """One kind of fact among those that are read together: what it does not have is null."""
    shape: dict[str, Any] = {
        "individual": Uuid(),
        "attempt": Integer(),
        "word": String(),
        "other": String(),
        "flag": Boolean(),
        "at": UtcDateTime(),
        "until": UtcDateTime(),
        "amount": MoneyColumn(),
    }
    shown = [columns.get(name, cast(null(), type_)).label(name) for name, type_ in shape.items()]
    return parts(literal(kind).label("kind"), *shown).where(table.case_id == OF_CASE)


# One statement for what six tables say of a case: each fact that arrives asks for all of it.
KEPT = union_all(
    _part(
        "member",
        FactMember,
        individual=col(FactMember.individual_id),
        attempt=col(FactMember.attempt),
        word=col(FactMember.relation),
        flag=col(FactMember.adult),
    ).where(col(FactMember.present).is_(True)),
    _part(
        "seat",
        FactSeat,
        individual=col(FactSeat.individual_id),
        attempt=col(FactSeat.attempt),
        word=col(FactSeat.standing),
        other=col(FactSeat.met_by),
        at=col(FactSeat.at),
        until=col(FactSeat.expected_at),
    ),
    _part(
        "withdrawal", FactWithdrawal, individual=col(FactWithdrawal.individual_id), attempt=col(FactWithdrawal.attempt)
    ),
    _part(
        "statement",
        FactLateStatement,
        individual=col(FactLateStatement.individual_id),
        attempt=col(FactLateStatement.attempt),
        at=col(FactLateStatement.stated_at),
        until=col(FactLateStatement.entered_at),
    ),
    _part("case", FactCase, word=col(FactCase.closed_reason)),
    _part(
        "allowance", FactAllowance, word=col(FactAllowance.currency), amount=func.sum(col(FactAllowance.amount))
    ).group_by(col(FactAllowance.currency)),
)


NEWEST = (
    parts(
        col(FactDecision.decision_id),
        col(FactDecision.outcome),
        col(FactDecision.attempts),
        col(FactDecision.currency),
        col(FactDecision.package),
    )
    .where(col(FactDecision.case_id) == OF_CASE)
    .order_by(col(FactDecision.sequence).desc())
    .limit(1)
)


async def read_picture(session: Session, case_id: UUID) -> Picture:
    """What all facts kept so far say about the case. The caller holds the case's lock where it acts on it."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in (await core(session, KEPT, {"of_case": case_id})).all():
        found[row.kind].append(row)
    case = found["case"]
    return picture_of(
        Kept(
            members={row.individual: MemberKept(row.attempt, row.flag, row.word) for row in found["member"]},
            seats=[
                SeatKept(row.individual, row.attempt, row.word, row.at, row.until, row.other) for row in found["seat"]
            ],
            withdrawals={(row.individual, row.attempt) for row in found["withdrawal"]},
            statements=[LateStatement(row.individual, row.attempt, row.at, row.until) for row in found["statement"]],
            decision=await _current_decision(session, case_id),
            closed_reason=case[0].word if case else None,
            paid_before_departure={row.word: row.amount for row in found["allowance"]},
        )
    )


async def somebody_had_a_seat(session: Session, case_id: UUID) -> bool:
    """Whether travel ever told of a seat: before that there is nothing here to look at."""
    return (
        await session.exec(select(FactSeat.case_id).where(FactSeat.case_id == case_id).limit(1))
    ).first() is not None


async def _current_decision(session: Session, case_id: UUID) -> DecisionKept | None:
    row = (await core(session, NEWEST, {"of_case": case_id})).first()
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
