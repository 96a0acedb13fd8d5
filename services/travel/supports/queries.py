"""Reading rules on support, and what is arranged for people on a flight."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from services.travel.escorts.queries import booked_on
from services.travel.facts.queries import Dossier
from services.travel.passengers.queries import LIVING, Passenger
from services.travel.supports.models import CheckRule, SupportRule
from services.travel.supports.rules import (
    NEEDS,
    VALIDITY,
    Need,
    Validity,
    escorts_missing,
    extra_seats_needed,
    support_now,
)
from shared.database import Session, core

__all__ = [
    "Arranged",
    "CheckRule",
    "SupportRule",
    "arranged_on",
    "check_rules",
    "extra_seats_of",
    "needs_on",
    "support_rules",
]


@dataclass(frozen=True, slots=True)
class Arranged:
    """What is arranged on one flight, beside the rules of its day. `flight` None: nothing is asked of any. `seats`:
    extra ones held; `escorts`: kinds of those who go along; `lost_seat_at`: when somebody was last taken off a flight
    (asked only where a rule needs it)."""

    flight: UUID | None = None
    needs: Mapping[str, Need] = field(default_factory=lambda: NEEDS)
    validities: Mapping[str, Validity] = field(default_factory=dict)
    seats: Mapping[UUID, int] = field(default_factory=dict)
    escorts: Mapping[UUID, set[str]] = field(default_factory=dict)
    lost_seat_at: Mapping[UUID, datetime] = field(default_factory=dict)

    def needs_seats(self, individual: UUID, support: Iterable[str]) -> bool:
        return self.flight is not None and self.seats.get(individual, 0) < extra_seats_needed(support, self.needs)

    def needs_escort(self, individual: UUID, support: Iterable[str]) -> bool:
        return self.flight is not None and escorts_missing(support, self.needs, self.escorts.get(individual, ()))

    def validity(self, outcome: str) -> Validity:
        return self.validities.get(outcome, VALIDITY)


async def arranged_on(session: Session, flight_id: UUID, day: date, support: Mapping[UUID, frozenset[str]]) -> Arranged:
    """For those who were checked, with the codes of each. Whoever needs nothing costs no question but that for the
    rules."""
    if not support:
        return Arranged()
    validities = await validities_on(session, day)
    repeats = any(each.repeat_after_cancellation for each in validities.values())
    lost = await _lost_seats(session, support) if repeats else {}
    if not any(support.values()):
        return Arranged(flight_id, validities=validities, lost_seat_at=lost)
    held: Any = select_columns(col(Passenger.individual_id), col(Passenger.extra_seats)).where(
        col(Passenger.flight_id) == flight_id, col(Passenger.status).in_(LIVING), col(Passenger.extra_seats) > 0
    )
    escorts: dict[UUID, set[str]] = {}
    for each in await booked_on(session, flight_id):
        for individual in each.individuals:
            escorts.setdefault(UUID(individual), set()).add(each.kind)
    rows: Any = (await core(session, held)).all()
    seats = {individual: extra for individual, extra in rows}
    return Arranged(flight_id, await needs_on(session, day), validities, seats, escorts, lost)


async def _lost_seats(session: Session, individuals: Iterable[UUID]) -> dict[UUID, datetime]:
    rows: Any = (
        select_columns(col(Passenger.individual_id), func.max(col(Passenger.taken_off_at)))
        .where(col(Passenger.individual_id).in_(sorted(individuals)), col(Passenger.taken_off_at).is_not(None))
        .group_by(col(Passenger.individual_id))
    )
    found: Any = (await core(session, rows)).all()
    return {individual: at for individual, at in found}


async def needs_on(session: Session, day: date) -> dict[str, Need]:
    """What each code asks for on a day: by the last rule that is valid then, or as it is without one."""
    found: dict[str, Need] = {str(code): need for code, need in NEEDS.items()}
    rows = select(SupportRule).where(col(SupportRule.valid_from) <= day)
    for rule in (await session.exec(rows.order_by(col(SupportRule.valid_from), col(SupportRule.id)))).all():
        found[rule.code] = Need(rule.extra_seats, frozenset(rule.escorts))
    return found


# Built once: making a statement anew costs twice what asking it does.
_RULES_SINCE = (
    select(CheckRule)
    .where(col(CheckRule.valid_from) <= bindparam("day"))
    .order_by(col(CheckRule.valid_from), col(CheckRule.id))
)


async def validities_on(session: Session, day: date) -> dict[str, Validity]:
    """By outcome; those without a rule are left out."""
    return {
        rule.outcome: Validity(timedelta(hours=rule.good_for_hours), rule.repeat_after_cancellation)
        for rule in (await session.exec(_RULES_SINCE, params={"day": day})).all()
    }


async def extra_seats_of(session: Session, dossier: Dossier, going: Iterable[UUID], day: date) -> dict[UUID, int]:
    """Seats that people of a case need beside their own, by their last checks; nobody else is named."""
    support = {each: support_now(dossier.checks.get(each, [])) for each in going}
    if not any(support.values()):
        return {}
    needs = await needs_on(session, day)
    found = {each: extra_seats_needed(codes, needs) for each, codes in support.items()}
    return {each: extra for each, extra in found.items() if extra}


async def support_rules(session: Session) -> Sequence[SupportRule]:
    return (await session.exec(select(SupportRule).order_by(col(SupportRule.valid_from), col(SupportRule.id)))).all()


async def check_rules(session: Session) -> Sequence[CheckRule]:
    return (await session.exec(select(CheckRule).order_by(col(CheckRule.valid_from), col(CheckRule.id)))).all()
