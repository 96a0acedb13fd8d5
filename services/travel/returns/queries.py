"""Sums over the ledger. Each is one statement over an index, whatever is asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, extract, func, or_, select
from sqlmodel import col
from sqlmodel import select as select_rows

from services.travel.flights.queries import Flight
from services.travel.passengers.queries import LIVING, Passenger
from services.travel.returns.models import Departure, DepartureBeside, DepartureUndone
from services.travel.returns.rules import By
from shared.database import Session, core, outbox

MOST_FLIGHTS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """Which departures a report counts."""

    since: date
    as_of: date
    position: int
    from_airport: str | None = None
    site: UUID | None = None
    flight_kind: str | None = None


async def counted(session: Session, asked: Asked) -> int:
    return (await core(session, _known(asked, func.count()))).scalar() or 0


async def counted_by(session: Session, asked: Asked, by: By) -> dict[str | None, int]:
    """Counts by a person's or the journey's trait, in its order."""
    key = _trait(by)
    rows: Any = (await core(session, _known(asked, key.label("key"), func.count()).group_by(key))).all()
    found = {None if value is None else _as_text(by, value): count for value, count in rows}
    return dict(sorted(found.items(), key=lambda each: (each[0] is None, str(each[0]))))


async def departure_of(session: Session, individual_id: UUID, attempt: int) -> Departure | None:
    rows = select_rows(Departure).where(
        col(Departure.individual_id) == individual_id, col(Departure.attempt) == attempt
    )
    return (await session.exec(rows.order_by(col(Departure.id).desc()).limit(1))).first()


async def returns_of(session: Session, individuals: Collection[UUID]) -> Sequence[Departure]:
    """The departures of these, but of who was not admitted."""
    undone = select(col(DepartureUndone.departure_id))
    rows = select_rows(Departure).where(
        col(Departure.individual_id).in_(sorted(individuals)), col(Departure.id).not_in(undone)
    )
    return (await session.exec(rows.order_by(col(Departure.id)))).all()


async def beside_now(session: Session, departures: Collection[UUID]) -> dict[UUID, DepartureBeside]:
    """Those of these that are not counted now, since their person is under another record."""
    rows = select_rows(DepartureBeside).where(
        col(DepartureBeside.departure_id).in_(sorted(departures)), col(DepartureBeside.undone_event_id).is_(None)
    )
    return {row.departure_id: row for row in (await session.exec(rows)).all()}


async def planned_by_flight(session: Session, since: datetime, days: int) -> list[tuple[Flight, int]]:
    """Flights to leave within so many days, with the persons who have a seat on them."""
    last = datetime.combine((since + timedelta(days=days)).date(), time(), UTC) + timedelta(days=1)
    seated = (
        select(func.count())
        .where(col(Passenger.flight_id) == col(Flight.id), col(Passenger.status).in_(LIVING))
        .correlate(Flight)
        .scalar_subquery()
    )
    rows = (
        select_rows(Flight, seated)
        .where(
            col(Flight.departs_at) >= since,
            col(Flight.departs_at) < last,
            col(Flight.status).not_in(("departed", "cancelled")),
        )
        .order_by(col(Flight.departs_at), col(Flight.id))
        .limit(MOST_FLIGHTS)
    )
    return [(flight, persons) for flight, persons in (await session.exec(rows)).all()]


def _known(asked: Asked, *what: Any) -> Any:  # a Select of whatever columns are asked for
    undone = (
        select(col(DepartureUndone.departure_id))
        .join(outbox, outbox.c.event_id == col(DepartureUndone.event_id))
        .where(outbox.c.position <= asked.position)
    )
    told, taken_back = outbox.alias("told"), outbox.alias("taken_back")
    beside = (
        select(col(DepartureBeside.departure_id))
        .join(told, told.c.event_id == col(DepartureBeside.event_id))
        .join(taken_back, taken_back.c.event_id == col(DepartureBeside.undone_event_id), isouter=True)
        .where(
            told.c.position <= asked.position,
            or_(taken_back.c.position.is_(None), taken_back.c.position > asked.position),
        )
    )
    rows = (
        select(*what)
        .select_from(Departure)
        .join(outbox, outbox.c.event_id == col(Departure.event_id))
        .where(
            col(Departure.departed_on) >= asked.since,
            col(Departure.departed_on) <= asked.as_of,
            outbox.c.position <= asked.position,
            col(Departure.id).not_in(undone),
            col(Departure.id).not_in(beside),
        )
    )
    if asked.from_airport is not None:
        rows = rows.where(col(Departure.from_airport) == asked.from_airport)
    if asked.site is not None:
        rows = rows.where(col(Departure.site_id) == asked.site)
    if asked.flight_kind is not None:
        rows = rows.where(col(Departure.flight_kind) == asked.flight_kind)
    return rows


def _trait(by: By) -> ColumnElement[Any]:
    if by is By.MONTH:
        day = col(Departure.departed_on)
        return extract("year", day) * 100 + extract("month", day)
    named: dict[By, Any] = {
        By.NATIONALITY: Departure.nationality,
        By.DESTINATION: Departure.destination,
        By.SEX: Departure.sex,
        By.AGE_GROUP: Departure.age_group,
        By.SITE: Departure.site_id,
        By.FLIGHT_KIND: Departure.flight_kind,
    }
    return named[by]  # type: ignore[no-any-return]  # SQLModel's attributes are columns once they are asked of the class


def _as_text(by: By, value: Any) -> str:
    return f"{int(value) // 100}-{int(value) % 100:02}" if by is By.MONTH else str(value)
