"""Sums of the ledger, as they were known at a position of this service's facts. Each is one query over an index."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, union
from sqlmodel import col

from services.reintegration.budgets.queries import BudgetEntry
from services.reintegration.budgets.rules import Movement
from services.reintegration.counselling.queries import CounsellingSession
from services.reintegration.plans.queries import Plan
from services.reintegration.postarrival.queries import PostArrivalHelp
from services.reintegration.reports.rules import Moved
from services.reintegration.visits.queries import Visit
from shared.contracts.reintegration import PaymentReversed
from shared.database import Session, core, outbox

DAYS: dict[Any, Any] = {
    Visit: col(Visit.made_on),
    CounsellingSession: col(CounsellingSession.held_on),
    PostArrivalHelp: col(PostArrivalHelp.given_on),
}
"""What is done and moves no money, each with its business day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the ledger a report is about."""

    project: str
    since: date
    until: date
    position: int


async def moved(session: Session, asked: Asked) -> list[Moved]:
    entry = BudgetEntry
    rows = await core(
        session,
        _known(
            asked, col(entry.budget_line), col(entry.currency), col(entry.movement), func.sum(col(entry.amount))
        ).group_by(col(entry.budget_line), col(entry.currency), col(entry.movement)),
    )
    return [Moved(*tuple(row)) for row in rows.all()]


async def activities(session: Session, asked: Asked) -> dict[str, int]:
    """How many activities there were of each kind that moves money: payments that stand, and deliveries."""
    kind = col(BudgetEntry.movement)
    rows: Any = (await core(session, _helped(asked, kind, func.count()).group_by(kind))).all()
    return {movement: count for movement, count in rows}


async def visits_by_kind(session: Session, asked: Asked) -> dict[str, int]:
    return await _by_kind(session, asked, Visit, col(Visit.kind))


async def help_by_kind(session: Session, asked: Asked) -> dict[str, int]:
    """Help right after the arrival."""
    return await _by_kind(session, asked, PostArrivalHelp, col(PostArrivalHelp.help))


async def talks(session: Session, asked: Asked) -> int:
    return (await core(session, _done(asked, CounsellingSession, func.count()))).scalar() or 0


async def cases_helped(session: Session, asked: Asked) -> int:
    cases = [_done(asked, table, col(table.case_id)) for table in DAYS]
    helped = union(_helped(asked, col(BudgetEntry.case_id)), *cases).subquery()
    return (await core(session, select(func.count()).select_from(helped))).scalar() or 0


async def people_helped(session: Session, asked: Asked) -> int:
    """Those who had arrived when the plan was approved, of every plan that money was spent on or goods were delivered
    by, and whoever was visited, talked to or helped; each once."""
    plans = _helped(asked, col(BudgetEntry.plan_id)).distinct()
    arrived = await core(session, select(col(Plan.arrived)).where(col(Plan.id).in_(plans)))
    people = {str(individual) for (those,) in arrived.all() for individual in those or ()}
    for table in (Visit, CounsellingSession):
        there = await core(session, _done(asked, table, col(table.individuals)))
        people |= {str(individual) for (those,) in there.all() for individual in those}
    helped = await core(session, _done(asked, PostArrivalHelp, col(PostArrivalHelp.individual_id)).distinct())
    return len(people | {str(individual) for (individual,) in helped.all()})


async def _by_kind(session: Session, asked: Asked, table: Any, kind: Any) -> dict[str, int]:
    rows: Any = (await core(session, _done(asked, table, kind, func.count()).group_by(kind).order_by(kind))).all()
    return {name: count for name, count in rows}


def _done(asked: Asked, table: Any, *what: Any) -> Any:
    """What was done in the period for cases that the project has money for, as far as both were known by then."""
    told = outbox.alias("told")
    day = DAYS[table]
    return (
        select(*what)
        .select_from(table)
        .join(told, told.c.event_id == col(table.event_id))
        .where(
            col(table.case_id).in_(_entered(asked, col(BudgetEntry.case_id))),
            day >= asked.since,
            day <= asked.until,
            told.c.position <= asked.position,
        )
    )


def _entered(asked: Asked, *what: Any) -> Any:  # a Select of whatever columns are asked for
    """Of the project, whenever it moved."""
    return (
        select(*what)
        .select_from(BudgetEntry)
        .join(outbox, outbox.c.event_id == col(BudgetEntry.event_id))
        .where(col(BudgetEntry.project_code) == asked.project, outbox.c.position <= asked.position)
    )


def _known(asked: Asked, *what: Any) -> Any:
    moved_on = col(BudgetEntry.moved_on)
    return _entered(asked, *what).where(moved_on >= asked.since, moved_on <= asked.until)


def _helped(asked: Asked, *what: Any) -> Any:
    """A payment that was taken back, whenever that was known by then, helped nobody."""
    back = outbox.alias("back")
    taken_back = select(back.c.event_id).where(
        back.c.key == outbox.c.key,
        back.c.subject == outbox.c.subject,
        back.c.type == PaymentReversed.type,
        back.c.position <= asked.position,
    )
    stands = or_(col(BudgetEntry.movement) == Movement.DELIVERED, ~taken_back.exists())
    return _known(asked, *what).where(col(BudgetEntry.movement).in_((Movement.PAID, Movement.DELIVERED)), stands)
