"""Verbs of restrictions: set one, lift one. Both are told, and open cases with that destination are decided again."""

from datetime import date, timedelta

from services.eligibility.changes.actions import announce, spread
from services.eligibility.decisions.rules import Because
from services.eligibility.programmes.queries import change_rules
from services.eligibility.restrictions.models import Restriction
from services.eligibility.restrictions.rules import check_area, check_dates, check_lifting
from services.eligibility.restrictions.schemas import RestrictionBody
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.eligibility import RestrictionLifted, RestrictionSet
from shared.database import Session, new_id
from shared.outbox import stage


async def set_restriction(session: Session, act: Act, body: RestrictionBody) -> tuple[Restriction, int]:
    """Suspends returns to a country or an area of it. Gives the row, and how many cases are still to be looked at.

    Raises `RestrictionDatesImpossible` and `AreaElsewhere`.
    """
    check_area(body.country, body.area)
    check_dates(body.valid_from, body.valid_until)
    await change_rules(session)
    row = Restriction(
        id=new_id(),
        country=body.country,
        area=body.area,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        source=body.source,
        set_by=act.by,
        set_at=act.now,
    )
    session.add(row)
    await session.flush()
    told = RestrictionSet(
        restriction=row.id,
        country=row.country,
        area=row.area,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        source=row.source,
    )
    await stage(session, act, told, key=row.country, subject=row.id)
    await announce(session, act, row.valid_from, Because.RESTRICTION_CHANGED, country=row.country)
    if row.valid_until is not None:
        day_after = row.valid_until + timedelta(days=1)
        await announce(session, act, day_after, Because.RESTRICTION_CHANGED, country=row.country)
    left = await spread(session, act, Because.RESTRICTION_CHANGED, country=row.country)
    return row, left


async def lift_restriction(session: Session, act: Act, row: Restriction, lifted_on: date) -> int:
    """Opens returns again from a day on. Gives how many cases are still to be looked at. The caller has locked the row.

    Raises `RestrictionAlreadyLifted` or `RestrictionDatesImpossible`.
    """
    check_lifting(row.valid_from, row.lifted_on, lifted_on)
    row.lifted_on = lifted_on
    row.lifted_by = act.by
    touch(row)
    await session.flush()
    await announce(session, act, lifted_on, Because.RESTRICTION_CHANGED, country=row.country)
    told = RestrictionLifted(restriction=row.id, country=row.country, area=row.area, lifted_on=lifted_on)
    await stage(session, act, told, key=row.country, subject=row.id)
    return await spread(session, act, Because.RESTRICTION_CHANGED, country=row.country)
