"""Routes of what sites offer."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.conditions import actions
from services.registration.conditions.queries import last_measured
from services.registration.conditions.rules import against, standards_on
from services.registration.conditions.schemas import ConditionAnswer, ConditionBody, SiteStandards, StandardAnswer
from services.registration.headcounts.queries import latest_count
from services.registration.sites.queries import read_existing
from services.registration.sites.rules import AT_THE_SITE, STAFF
from shared.auth import allow
from shared.call import Call
from shared.fields import BusinessDate
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["sites"])


@router.post("/sites/{site_id}/conditions", status_code=201, dependencies=[allow(*AT_THE_SITE)])
async def record_condition(site_id: UUID, body: ConditionBody, call: Call) -> ConditionAnswer:
    """Records what a site offers: covered area, water, latrines."""
    await read_existing(call.session, site_id)
    condition = await actions.record_condition(call.session, call.act, site_id, body)
    return ConditionAnswer.model_validate(condition)


@router.get("/sites/{site_id}/standards", dependencies=[allow(*STAFF)])
async def read_standards(
    site_id: UUID, call: Call, on: Annotated[BusinessDate | None, Query(description="Today, if left out")] = None
) -> SiteStandards:
    """The site against the Sphere figures, for the people who were counted there last."""
    await read_existing(call.session, site_id)
    day = on or call.act.today
    until = datetime.combine(day + timedelta(days=1), time(), UTC) - timedelta(microseconds=1)
    count = await latest_count(call.session, site_id, until)
    measured = await last_measured(call.session, site_id, until)
    found = []
    if count is not None:
        for standard, there in zip(standards_on(day), measured, strict=True):
            finding = against(standard, there, count.people)
            found.append(
                StandardAnswer(
                    measure=standard.measure,
                    figure=standard.figure,
                    unit=standard.unit,
                    source=standard.source,
                    provisional=standard.provisional,
                    needed=finding.needed,
                    there=finding.there,
                    per_person=finding.per_person,
                    room_for=finding.room_for,
                    meets=finding.meets,
                )
            )
    counted = None if count is None else count.occurred_at
    return SiteStandards(on=day, people=None if count is None else count.people, counted_at=counted, standards=found)
