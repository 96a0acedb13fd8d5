"""Reading fares and their ledger."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, union_all
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from services.travel.fares.models import Fare, FareEntry, FareEntryBeside
from services.travel.fares.rules import FareFor, Step, Terms, until_cut_off
from services.travel.flights.queries import Flight
from shared.database import MoneyColumn, Session, core

__all__ = [
    "Fare",
    "FareEntry",
    "FareEntryBeside",
    "Sold",
    "entries_of",
    "fares_of",
    "losses_of",
    "sold_as",
    "sums_by_line",
]

Sold = tuple[Terms, UUID | None, str, str]
"""Terms of a seat, the fare they come from, project code and budget line."""


async def fares_of(session: Session, flight_id: UUID) -> Sequence[Fare]:
    """Oldest first."""
    return (await session.exec(select(Fare).where(col(Fare.flight_id) == flight_id).order_by(col(Fare.id)))).all()


def sold_as(flight: Flight, fares: Sequence[Fare], *, adult: bool, booked_at: datetime) -> Sold:
    """The fare by which a seat was sold: the last one for such a person that was there when it was booked; where there
    was none, the flight's own until its cut-off."""
    whom = (FareFor.ADULT if adult else FareFor.CHILD, FareFor.ANYBODY)
    there = [each for each in fares if each.for_whom in whom and each.recorded_at <= booked_at]
    if not there:
        terms = until_cut_off(flight.fare, flight.currency, flight.departs_at, flight.cut_off_at)
        return terms, None, flight.project_code, flight.budget_line
    fare = max(there, key=lambda each: (each.recorded_at, each.id))
    return terms_of(fare), fare.id, fare.project_code, fare.budget_line


def terms_of(fare: Fare) -> Terms:
    steps = tuple(
        Step(timedelta(hours=each["hours_before"]), _decimal(each["share"]), _decimal(each["amount"]))
        for each in fare.steps
    )
    return Terms(fare.amount, fare.currency, steps, fare.no_show_fee)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


async def entries_of(
    session: Session, flight_id: UUID, after: UUID | None, limit: int
) -> Sequence[FareEntry | FareEntryBeside]:
    """By id, of passengers' own seats and those beside them; one more than `limit`, to see whether more follow."""
    own = select(FareEntry).where(col(FareEntry.flight_id) == flight_id).order_by(col(FareEntry.id)).limit(limit + 1)
    beside = select(FareEntryBeside).where(col(FareEntryBeside.flight_id) == flight_id)
    beside = beside.order_by(col(FareEntryBeside.id)).limit(limit + 1)
    if after is not None:
        own, beside = own.where(col(FareEntry.id) > after), beside.where(col(FareEntryBeside.id) > after)
    found: list[FareEntry | FareEntryBeside] = [*(await session.exec(own)).all()]
    found += (await session.exec(beside)).all()
    return sorted(found, key=lambda each: each.id)[: limit + 1]


async def entries_of_passengers(session: Session, passengers: Iterable[UUID]) -> dict[UUID, list[FareEntry]]:
    """The entries of each, in their order."""
    rows = select(FareEntry).where(col(FareEntry.passenger_id).in_(sorted(set(passengers))))
    found: dict[UUID, list[FareEntry]] = {}
    for each in (await session.exec(rows.order_by(col(FareEntry.number)))).all():
        found.setdefault(each.passenger_id, []).append(each)
    return found


async def losses_of(session: Session, flight_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """What the programme bears for seats given up, by flight, in its currency; nothing for flights that lost none."""
    wanted = sorted(set(flight_ids))

    def lost_of(ledger: Any) -> Any:
        of_flight = select_columns(ledger.flight_id, ledger.lost).join(Flight, col(Flight.id) == ledger.flight_id)
        # Said of both: the planner does not carry a list from one side of a join to the other, and read every flight.
        both = ledger.flight_id.in_(wanted), col(Flight.id).in_(wanted)
        return of_flight.where(*both, ledger.currency == col(Flight.currency))

    each: Any = union_all(lost_of(FareEntry), lost_of(FareEntryBeside)).subquery()
    rows: Any = select_columns(each.c.flight_id, func.sum(each.c.lost, type_=MoneyColumn())).group_by(each.c.flight_id)
    found: Any = (await core(session, rows)).all()
    return {flight_id: lost for flight_id, lost in found}


async def sums_by_line(session: Session, since: date, until: date) -> list[tuple[Any, ...]]:
    """Of the days from `since` to `until` (UTC, both included): project, line, currency, outcome; entries, and the sums
    of fare, refunded and lost."""
    start = datetime.combine(since, time(), UTC)
    end = datetime.combine(until, time(), UTC) + timedelta(days=1)

    def of(ledger: Any) -> Any:
        names = ("project_code", "budget_line", "currency", "outcome", "fare", "refunded", "lost")
        return select_columns(*(getattr(ledger, name) for name in names)).where(ledger.at >= start, ledger.at < end)

    each: Any = union_all(of(FareEntry), of(FareEntryBeside)).subquery()
    by: Any = (each.c.project_code, each.c.budget_line, each.c.currency, each.c.outcome)
    sums = [func.sum(amount, type_=MoneyColumn()) for amount in (each.c.fare, each.c.refunded, each.c.lost)]
    rows: Any = select_columns(*by, func.count(), *sums).group_by(*by).order_by(*by)
    return [tuple(row) for row in (await core(session, rows)).all()]
