"""Restrictions over HTTP: set and lifted by programme officers, read by everyone who must know."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.eligibility.restrictions import actions
from services.eligibility.restrictions.models import Restriction
from services.eligibility.restrictions.queries import list_of_restrictions, locked_restriction, restriction_of_id
from services.eligibility.restrictions.schemas import (
    ChangedRestrictionAnswer,
    LiftingBody,
    RestrictionAnswer,
    RestrictionBody,
    restriction_answer,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import CountryCode
from shared.offers import OfferedAction
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["restrictions"])

READERS = allow(
    Role.PROGRAMME_OFFICER,
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.PROTECTION,
    Role.TRAVEL_OFFICER,
    Role.AIRPORT_DESK,
    Role.REINTEGRATION_OFFICER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


@router.post("/restrictions", status_code=201, dependencies=[allow(Role.PROGRAMME_OFFICER)])
async def set_restriction(body: RestrictionBody, call: Call) -> ChangedRestrictionAnswer:
    """Suspends returns to a country, or an area of it. Open cases bound for it are decided again, travel holds those
    who are booked."""
    row, left = await actions.set_restriction(call.session, call.act, body)
    call.made("/restrictions", row.id)
    return _changed(call, row, left)


@router.get("/restrictions", dependencies=[READERS])
async def list_restrictions(
    call: Call,
    country: Annotated[CountryCode | None, Query(description="Only of this country (ISO 3166-1 alpha-3)")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RestrictionAnswer]:
    """Every restriction that was ever set, the oldest first."""
    rows = await list_of_restrictions(call.session, country, after(cursor), limit)
    return page(rows, limit, lambda row: restriction_answer(row, _offered(call, row)))


@router.get("/restrictions/{restriction_id}", dependencies=[READERS])
async def read_restriction(restriction_id: UUID, call: Call) -> RestrictionAnswer:
    """One restriction."""
    row = await restriction_of_id(call.session, restriction_id)
    call.shows(row)
    return restriction_answer(row, _offered(call, row))


@router.post("/restrictions/{restriction_id}/lifting", status_code=201, dependencies=[allow(Role.PROGRAMME_OFFICER)])
async def lift_restriction(restriction_id: UUID, body: LiftingBody, call: Call) -> ChangedRestrictionAnswer:
    """Opens returns again from a day on."""
    row = await locked_restriction(call.session, restriction_id)
    call.seen(row)
    left = await actions.lift_restriction(call.session, call.act, row, body.lifted_on)
    return _changed(call, row, left)


def _changed(call: Call, row: Restriction, left: int) -> ChangedRestrictionAnswer:
    call.shows(row)
    answer = restriction_answer(row, _offered(call, row))
    return ChangedRestrictionAnswer(**answer.model_dump(), cases_still_to_look_at=left)


def _offered(call: Call, row: Restriction) -> list[OfferedAction]:
    verbs = ["lift_restriction"] if row.lifted_on is None else []
    return call.offers(verbs, restriction_id=row.id)
