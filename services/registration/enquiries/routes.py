"""Routes of enquiries, and of requests by week."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.cases.rules import Channel
from services.registration.enquiries import actions
from services.registration.enquiries.models import Enquiry
from services.registration.enquiries.queries import enquiries_before, locked_enquiry, requests_between
from services.registration.enquiries.rules import REQUESTS, by_week
from services.registration.enquiries.schemas import EnquiryAnswer, EnquiryBody, RequestsReport, WeekAnswer
from services.registration.sites.rules import check_period
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.fields import BusinessDate
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["enquiries"])
ON_THE_LINE = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION, Role.RELIEF_OFFICER, Role.AIRPORT_DESK)
READ_ALL_OF_IT = {Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION}


@router.post("/enquiries", status_code=201, dependencies=[allow(*ON_THE_LINE)])
async def record_enquiry(body: EnquiryBody, call: Call) -> EnquiryAnswer:
    """Who asked what, by which channel, in which language; of somebody in distress also where, and who was told."""
    enquiry = await actions.record_enquiry(call.session, call.act, body)
    return _shown(enquiry, call)


@router.get("/enquiries", dependencies=[allow(*ON_THE_LINE, Role.AUDITOR)])
async def list_enquiries(
    call: Call, to_call_back: bool = False, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[EnquiryAnswer]:
    """Newest first; `to_call_back`: those alone who wait for a call."""
    rows = await enquiries_before(call.session, waiting=to_call_back, before=after(cursor), limit=limit)
    return page(rows, limit, lambda row: _shown(row, call))


@router.post("/enquiries/{enquiry_id}/call-back", dependencies=[allow(*ON_THE_LINE)])
async def call_back(enquiry_id: UUID, call: Call) -> EnquiryAnswer:
    """They were called back."""
    enquiry = await locked_enquiry(call.session, enquiry_id)
    await actions.call_back(call.act, enquiry)
    return _shown(enquiry, call)


@router.get("/reports/requests", dependencies=[allow(*ON_THE_LINE, Role.PROGRAMME_OFFICER, Role.AUDITOR)])
async def report_requests(
    call: Call,
    since: Annotated[BusinessDate, Query(description="First day")],
    until: Annotated[BusinessDate, Query(description="Last day")],
) -> RequestsReport:
    """Requests for return by week and channel, so that a rise is seen."""
    check_period(since, until)
    weeks = by_week(await requests_between(call.session, since, until), since, until)
    return RequestsReport(
        definition=REQUESTS,
        since=since,
        until=until,
        weeks=[
            WeekAnswer(
                week=each.week,
                first_day=each.first_day,
                count=each.count,
                by_channel={Channel(name): count for name, count in each.by_channel.items()},
            )
            for each in weeks
        ],
    )


def _shown(row: Enquiry, call: CallState) -> EnquiryAnswer:
    whole = not READ_ALL_OF_IT.isdisjoint(call.principal.roles)
    waits = row.call_back_wanted and row.called_back_at is None
    shown = row.model_dump(exclude={"asked_on", "recorded_at", "called_back_by"})
    if not whole:
        shown |= {"place": None, "contact": None}
    return EnquiryAnswer(**shown, actions=call.offers(["call_back"] if waits else [], enquiry_id=row.id))
