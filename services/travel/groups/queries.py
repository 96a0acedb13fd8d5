"""Reading groups."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.travel.groups.models import GroupCase, TravelGroup
from shared.database import Session
from shared.problems import NotFound

__all__ = ["GroupCase", "TravelGroup", "cases_of", "group", "groups_of_bookings", "groups_on"]


async def group(session: Session, group_id: UUID) -> TravelGroup:
    """As it is now, also after a wait. Raises `NotFound`."""
    rows = select(TravelGroup).where(col(TravelGroup.id) == group_id).execution_options(populate_existing=True)
    found = (await session.exec(rows)).first()
    if found is None:
        raise NotFound("travel group")
    return found


async def groups_on(session: Session, flight_id: UUID) -> Sequence[TravelGroup]:
    """In the order in which they were formed."""
    rows = select(TravelGroup).where(col(TravelGroup.flight_id) == flight_id).order_by(col(TravelGroup.id))
    return (await session.exec(rows.execution_options(populate_existing=True))).all()


async def groups_of_bookings(session: Session, booking_ids: Iterable[UUID]) -> dict[UUID, TravelGroup]:
    """By booking, the open group out of whose allotment it was made; of a flight that is locked."""
    rows = (
        select(GroupCase.booking_id, TravelGroup)
        .join(TravelGroup, col(TravelGroup.id) == col(GroupCase.group_id))
        .where(col(GroupCase.booking_id).in_(sorted(set(booking_ids))), TravelGroup.status == "open")
    )
    return dict((await session.exec(rows)).all())


async def cases_of(session: Session, groups: Iterable[UUID]) -> dict[UUID, list[GroupCase]]:
    """By group, in the order of the cases' ids."""
    wanted = sorted(set(groups))
    rows = select(GroupCase).where(col(GroupCase.group_id).in_(wanted)).order_by(col(GroupCase.case_id))
    found: dict[UUID, list[GroupCase]] = {each: [] for each in wanted}
    for row in (await session.exec(rows.execution_options(populate_existing=True))).all():
        found[row.group_id].append(row)
    return found
