"""Sums of the ledger, as they were known at a position of this service's facts. Each is one query over an index."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import distinct, func, or_, select
from sqlmodel import col

from services.reintegration.budgets.queries import BudgetEntry
from services.reintegration.budgets.rules import Movement
from services.reintegration.plans.queries import Plan
from services.reintegration.reports.rules import Moved
from shared.contracts.reintegration import PaymentReversed
from shared.database import Session, core, outbox


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
    """How many activities there were of each kind: payments that stand, and deliveries."""
    kind = col(BudgetEntry.movement)
    rows: Any = (await core(session, _helped(asked, kind, func.count()).group_by(kind))).all()
    return {movement: count for movement, count in rows}


async def cases_helped(session: Session, asked: Asked) -> int:
    helped = _helped(asked, func.count(distinct(col(BudgetEntry.case_id))))
    return (await core(session, helped)).scalar() or 0


async def people_helped(session: Session, asked: Asked) -> int:
    """Those who had arrived when the plan was approved, of every plan with an activity; each once."""
    plans = _helped(asked, col(BudgetEntry.plan_id)).distinct()
    rows = await core(session, select(col(Plan.arrived)).where(col(Plan.id).in_(plans)))
    return len({individual for (arrived,) in rows.all() for individual in arrived or ()})


def _known(asked: Asked, *what: Any) -> Any:  # a Select of whatever columns are asked for
    return (
        select(*what)
        .select_from(BudgetEntry)
        .join(outbox, outbox.c.event_id == col(BudgetEntry.event_id))
        .where(
            col(BudgetEntry.project_code) == asked.project,
            col(BudgetEntry.moved_on) >= asked.since,
            col(BudgetEntry.moved_on) <= asked.until,
            outbox.c.position <= asked.position,
        )
    )


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
