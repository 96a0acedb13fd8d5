"""Routes of rules on papers."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.travel.papers import actions, queries
from services.travel.papers.schemas import PaperRuleAnswer, PaperRuleBody
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["papers"])

READERS = (
    Role.TRAVEL_OFFICER,
    Role.AIRPORT_DESK,
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.PROTECTION,
    Role.PROGRAMME_OFFICER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


@router.post("/papers", status_code=201, dependencies=[allow(Role.TRAVEL_OFFICER)])
async def add_paper_rule(body: PaperRuleBody, call: Call) -> PaperRuleAnswer:
    """A dated rule: which country asks whom for which document on leaving, passing through or entering."""
    rule = await actions.add_paper_rule(call.session, call.act, body)
    return PaperRuleAnswer.model_validate(rule)


@router.get("/papers", dependencies=[allow(*READERS)])
async def list_paper_rules(
    call: Call,
    country: Annotated[str | None, Query(pattern="^[A-Z]{3}$", description="ISO 3166-1 alpha-3")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PaperRuleAnswer]:
    rows = await queries.paper_rules(call.session, country, after(cursor), limit)
    return page(rows, limit, PaperRuleAnswer.model_validate)
