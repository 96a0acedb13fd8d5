"""What is done to the case's own row. Whoever calls holds its lock."""

from uuid import UUID

from sqlalchemy import literal_column
from sqlalchemy.dialects import sqlite
from sqlmodel import col

from services.reintegration.cases.models import AssistedCase, CaseTurn
from services.reintegration.cases.rules import CASES, status_of
from shared.act import Act
from shared.concurrency import locked, touch
from shared.database import Session
from shared.joined import on_driver
from shared.on_file import OnFile

TURN_ON_POSTGRES = """
    INSERT INTO case_turn (case_id, turns) VALUES ($1, 1)
    ON CONFLICT (case_id) DO UPDATE SET turns = case_turn.turns + 1
"""
_MORE = {"turns": col(CaseTurn.turns) + literal_column("1")}
TURN_ON_FILE = OnFile(
    sqlite.insert(CaseTurn).on_conflict_do_update(index_elements=["case_id"], set_=_MORE), ("case_id", "turns")
)


async def take_turn(session: Session, case_id: UUID) -> None:
    """Waits until nobody else looks at this case's facts, and keeps it so until the commit."""
    if session.get_bind().dialect.name == "postgresql":
        await on_driver(session, TURN_ON_POSTGRES, [case_id])
    else:
        await TURN_ON_FILE(session, case_id=case_id, turns=1)


async def open_case(session: Session, act: Act, case_id: UUID) -> AssistedCase:
    """The case's row, locked; made when a seat is first told of."""
    case = await locked(session, AssistedCase, case_id)
    if case is None:
        case = AssistedCase(id=case_id, status=CASES.initial, opened_at=act.now)
        session.add(case)
        await session.flush()
    return case


def move_case(case: AssistedCase, verb: str) -> None:
    """Takes the case where a person's verb leads. Raises `NotPossibleNow`."""
    status = CASES.after(case.status, verb)
    case.status = status
    touch(case)


def check_case(case: AssistedCase, verb: str) -> None:
    """That the verb is taken where the case stands, which it leaves. Raises `NotPossibleNow`."""
    CASES.after(case.status, verb)


def settle_status(case: AssistedCase, stage: str, plan: str | None, *, spent: bool, closed: bool) -> None:
    """Puts the case where the facts and its plan say it stands."""
    status = status_of(stage, plan, spent=spent, closed=closed)
    if status != case.status:
        case.status = status
        touch(case)


def remember_told(case: AssistedCase, attempts: dict[UUID, int]) -> bool:
    """Whether the end of these tries has not been told yet; from now on it has."""
    tries = {str(who): attempt for who, attempt in sorted(attempts.items())}
    if case.told_withdrawn == tries:
        return False
    case.told_withdrawn = tries
    touch(case)
    return True
