"""Answers about returns."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.travel.returns.rules import By
from shared.fields import Answer


class ReturnsCell(Answer):
    """`key` null: not known. `count` null: fewer than five, and not shown."""

    key: str | None
    count: int | None


class ReturnsReport(Answer):
    """`as_known_at`: the position to ask with again, for the same answer. `count` null: asked for
    the public, and fewer than five, or it would tell a number that is. `year_to_date` null: asked for the public."""

    definition: str
    since: date
    as_of: date
    as_known_at: int
    from_airport: str | None
    count: int | None
    year_to_date: int | None
    share: Decimal | None
    by: By | None
    cells: list[ReturnsCell]


class PlannedFlight(Answer):
    """`persons`: who has a seat on it now; `seats`: held for the programme."""

    flight_id: UUID
    departs_at: datetime
    destination: str
    kind: str
    persons: int
    seats: int


class PlannedReport(Answer):
    """Seats that are still planned in the coming days; none of them is a return."""

    asked_at: datetime
    days: int
    persons: int
    flights: list[PlannedFlight]
