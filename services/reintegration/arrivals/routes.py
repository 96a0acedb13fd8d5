"""Arrivals that are expected, for the team that meets them."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from fastapi import APIRouter

from services.reintegration.arrivals.queries import expected_between
from services.reintegration.arrivals.rules import check_days
from services.reintegration.arrivals.schemas import ArrivalsAnswer, ExpectedAnswer
from services.reintegration.contacts.actions import ask_contacts
from shared.auth import Role, allow
from shared.call import Call, calls_outside
from shared.fields import BusinessDate
from shared.pagination import Cursor, Limit, cursor_at, place_after
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["arrivals"])


@router.get("/arrivals", dependencies=[allow(Role.REINTEGRATION_OFFICER), calls_outside()])
async def list_arrivals(
    call: Call,
    since: BusinessDate,
    until: BusinessDate,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ArrivalsAnswer:
    """Everyone on the way who is to arrive from `since` to `until` (UTC, both days included), in the order of arrival,
    with contact and language where consent covers it: asked of registration in one call, and kept nowhere."""
    check_days(since, until)
    async with call.runtime.database.reading() as session:
        rows = await expected_between(
            session, _begins(since), _begins(until + timedelta(days=1)), place_after(cursor, _place), limit
        )
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    found = await ask_contacts(call.runtime.others, call.act, [each.individual_id for each in shown])
    contacts = {each.individual_id: each for each in found.contacts} if found else {}
    return ArrivalsAnswer(
        since=since,
        until=until,
        contacts_available=found is not None,
        items=[
            ExpectedAnswer(
                case_id=each.case_id,
                individual_id=each.individual_id,
                booking_id=each.booking_id,
                standing=each.standing,
                expected_at=each.expected_at,
                contact=contacts.get(each.individual_id),
            )
            for each in shown
        ],
        next=cursor_at(last.expected_at, last.booking_id, last.individual_id) if last else None,
    )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _place(at: str, booking: str, individual: str) -> tuple[datetime, UUID, UUID]:
    moment = datetime.fromisoformat(at)
    if moment.utcoffset() != timedelta(0):
        raise ValueError("no moment in UTC, as every cursor given out here has it")
    return moment, UUID(booking), UUID(individual)
