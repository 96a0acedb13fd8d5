"""Reading runs and places."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.travel.transport.models import TransportPlace, TransportRun
from shared.database import Session
from shared.problems import NotFound

__all__ = ["TransportPlace", "TransportRun", "places_held_by", "places_on", "run", "runs_to"]


async def run(session: Session, run_id: UUID) -> TransportRun:
    """As it is now, also after a wait. Raises `NotFound`."""
    rows = select(TransportRun).where(col(TransportRun.id) == run_id).execution_options(populate_existing=True)
    found = (await session.exec(rows)).first()
    if found is None:
        raise NotFound("vehicle")
    return found


async def runs_to(session: Session, flight_id: UUID) -> Sequence[TransportRun]:
    """In the order in which they leave."""
    rows = select(TransportRun).where(col(TransportRun.flight_id) == flight_id)
    rows = rows.order_by(col(TransportRun.pickup_at), col(TransportRun.id))
    return (await session.exec(rows.execution_options(populate_existing=True))).all()


async def places_on(session: Session, runs: Iterable[UUID]) -> dict[UUID, list[TransportPlace]]:
    """The places that are held, by run."""
    wanted = sorted(set(runs))
    rows = select(TransportPlace).where(col(TransportPlace.run_id).in_(wanted), col(TransportPlace.status) == "held")
    found: dict[UUID, list[TransportPlace]] = {each: [] for each in wanted}
    for place in (await session.exec(rows.order_by(col(TransportPlace.id)))).all():
        found[place.run_id].append(place)
    return found


async def places_held_by(session: Session, passengers: Iterable[UUID]) -> Sequence[TransportPlace]:
    rows = select(TransportPlace).where(
        col(TransportPlace.passenger_id).in_(sorted(set(passengers))), col(TransportPlace.status) == "held"
    )
    return (await session.exec(rows.order_by(col(TransportPlace.id)))).all()
