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
    or_,
    union_all,
)
from sqlalchemy import select as parts
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from services.reintegration.facts.models import (
    FactAllowance,
    FactCase,
    FactDecision,
    FactLateStatement,
    FactLink,
    FactMember,
    FactReturn,
    FactSeat,
    FactWithdrawal,
)
from services.reintegration.facts.rules import (
    RETROACTIVE,
    DecisionKept,
    Kept,
    LateStatement,
    MemberKept,
    PackageLineKept,
    Picture,
    Position,
    ReturnKept,
    SeatKept,
    Stage,
    Traveller,
    picture_of,
)
from services.reintegration.windows.rules import read_window
from shared.asked import Asked
from shared.database import MoneyColumn, Session, UtcDateTime, core

__all__ = [
    "DecisionKept",
    "FactSeat",
    "PackageLineKept",
    "Picture",
    "Position",
    "Stage",
    "Traveller",
    "destination_of",
    "has_link",
    "last_named",
    "linked_cases",
    "read_picture",
    "something_to_follow",
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
        "times": Integer(),
    }
    shown = [columns.get(name, cast(null(), type_)).label(name) for name, type_ in shape.items()]
    return parts(literal(kind).label("kind"), *shown).where(table.case_id == OF_CASE)


_AGAIN = aliased(FactAllowance)
# Whichever of the two is heard of first: the payment that came back, or the one after it.
_GIVEN_BACK = parts(col(_AGAIN.given_back)).where(col(_AGAIN.case_id) == OF_CASE, col(_AGAIN.given_back).is_not(None))

# One statement for what seven tables say of a case: each fact that arrives asks for all of it.
KEPT = union_all(
    _part(
        "member",
        FactMember,
        individual=col(FactMember.individual_id),
        attempt=col(FactMember.attempt),
        word=col(FactMember.relation),
        flag=col(FactMember.adult),
    ).where(col(FactMember.present).is_(True)),
    _part("left", FactMember, individual=col(FactMember.individual_id)).where(col(FactMember.present).is_(False)),
    _part(
        "seat",
        FactSeat,
        individual=col(FactSeat.individual_id),
        attempt=col(FactSeat.attempt),
        word=col(FactSeat.standing),
        other=col(FactSeat.met_by),
        at=col(FactSeat.at),
        until=col(FactSeat.expected_at),
        times=col(FactSeat.missed),
    ),
    _part(
        "return",
        FactReturn,
        individual=col(FactReturn.individual_id),
        attempt=col(FactReturn.attempt),
        word=col(FactReturn.kind),
        at=col(FactReturn.returned_at),
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
    _part("allowance", FactAllowance, word=col(FactAllowance.currency), amount=func.sum(col(FactAllowance.amount)))
    .where(col(FactAllowance.payment_id).not_in(_GIVEN_BACK))
    .group_by(col(FactAllowance.currency)),
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
            left={row.individual for row in found["left"]},
            seats=[
                SeatKept(row.individual, row.attempt, row.word, row.at, row.until, row.other, row.times)
                for row in found["seat"]
            ],
            withdrawals={(row.individual, row.attempt) for row in found["withdrawal"]},
            statements=[LateStatement(row.individual, row.attempt, row.at, row.until) for row in found["statement"]],
            decision=await _current_decision(session, case_id),
            closed_reason=case[0].word if case else None,
            paid_before_departure={row.word: row.amount for row in found["allowance"]},
            returns=[ReturnKept(row.individual, row.attempt, row.word, row.at) for row in found["return"]],
        )
    )


_SEAT = select(FactSeat.case_id).where(FactSeat.case_id == bindparam("case"))
_HOME = select(FactReturn.case_id).where(FactReturn.case_id == bindparam("case"), FactReturn.kind == RETROACTIVE)
_SOMETHING = Asked(select(or_(_SEAT.exists(), _HOME.exists())))


async def something_to_follow(session: Session, case_id: UUID) -> bool:
    """Whether travel ever told of a seat, or registration of somebody who was home before anybody knew: before that
    there is nothing here to look at."""
    return bool((await _SOMETHING(session, case=case_id))[0][0])


async def destination_of(session: Session, case_id: UUID) -> str | None:
    """The country the case goes to, as registration told it."""
    rows = select(FactCase.destination_country).where(FactCase.case_id == case_id)
    return (await session.exec(rows)).first()


async def linked_cases(session: Session, case_id: UUID) -> set[UUID]:
    """The other cases in which somebody of this case has a record; the links are locked until the commit."""
    either = or_(col(FactLink.case_id) == case_id, col(FactLink.standing_case) == case_id)
    rows = select(FactLink).where(either, col(FactLink.undone).is_(False)).order_by(col(FactLink.id)).with_for_update()
    found = (await session.exec(rows.execution_options(populate_existing=True))).all()
    return {each for link in found for each in (link.case_id, link.standing_case)} - {case_id}


async def has_link(session: Session, case_id: UUID) -> bool:
    """Whether somebody of this case has a record in another one."""
    either = or_(col(FactLink.case_id) == case_id, col(FactLink.standing_case) == case_id)
    rows = select(FactLink.id).where(either, col(FactLink.undone).is_(False)).limit(1)
    return (await session.exec(rows)).first() is not None


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


async def last_named(session: Session, case_id: UUID, package_line: str) -> PackageLineKept | None:
    """The line of the package as the last decision on the case that named it gave it. A case has few decisions."""
    rows = select(FactDecision.package).where(FactDecision.case_id == case_id)
    for package in (await session.exec(rows.order_by(col(FactDecision.sequence).desc()))).all():
        for line in package:
            if line["line"] == package_line and line["stage"] == "after_return":
                return _package_line(line)
    return None


def _package_line(line: dict[str, Any]) -> PackageLineKept:
    whose = line["individual"]
    return PackageLineKept(
        line["line"],
        line["code"],
        line["modality"],
        UUID(whose) if whose else None,
        Decimal(line["amount"]),
        read_window(line.get("window")),
    )
