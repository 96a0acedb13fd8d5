"""Reads of notices."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.notices.models import Notice, Telling
from shared.database import Session
from shared.pagination import exactly


async def list_rows(
    session: Session, *, status: str, case_id: UUID | None, before: UUID | None, limit: int
) -> Sequence[Notice]:
    """Those of the status, newest first, one more than `limit` where more follow."""
    rows = select(Notice)
    if case_id is not None:
        rows = rows.where(Notice.case_id == case_id, Notice.status == status)
    else:
        rows = rows.where(exactly(col(Notice.status), status)).order_by(col(Notice.status).desc())
    if before is not None:
        rows = rows.where(col(Notice.id) < before)
    return (await session.exec(rows.order_by(col(Notice.id).desc()).limit(limit + 1))).all()


async def tellings_of(session: Session, notices: Iterable[UUID]) -> dict[UUID, list[Telling]]:
    """By notice, oldest first, in one query."""
    rows = select(Telling).where(col(Telling.notice_id).in_(list(notices))).order_by(col(Telling.id))
    found: dict[UUID, list[Telling]] = defaultdict(list)
    for row in (await session.exec(rows)).all():
        found[row.notice_id].append(row)
    return found


async def open_about(
    session: Session, case_id: UUID, booking_id: UUID, people: Iterable[UUID], about: Iterable[str]
) -> Sequence[Notice]:
    """What of that is still to be told these people of a case about a booking."""
    rows = select(Notice).where(
        Notice.case_id == case_id,
        Notice.status == "open",
        Notice.booking_id == booking_id,
        col(Notice.about).in_(sorted(about)),
        col(Notice.individual_id).in_(list(people)),
    )
    return (await session.exec(rows.with_for_update())).all()


async def open_of_flight(session: Session, case_id: UUID, flight_id: UUID, about: Iterable[str]) -> Sequence[Notice]:
    """What of that is still to be told anybody of a case about a flight."""
    rows = select(Notice).where(
        Notice.case_id == case_id,
        Notice.status == "open",
        Notice.flight_id == flight_id,
        col(Notice.about).in_(sorted(about)),
    )
    return (await session.exec(rows.with_for_update())).all()


async def told_of(session: Session, event_id: UUID) -> set[UUID]:
    """For whom the fact has its notice."""
    return set((await session.exec(select(Notice.individual_id).where(Notice.event_id == event_id))).all())


async def told_about(session: Session, case_id: UUID, booking_id: UUID, about: str) -> set[UUID]:
    """Who was told that."""
    rows = select(Notice.individual_id).where(
        Notice.case_id == case_id, Notice.status == "told", Notice.booking_id == booking_id, Notice.about == about
    )
    return set((await session.exec(rows)).all())
