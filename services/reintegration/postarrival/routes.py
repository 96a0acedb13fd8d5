"""Help right after the arrival, within its window."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.queries import case_of, locked_case
from services.reintegration.facts.queries import destination_of, read_picture
from services.reintegration.postarrival import actions
from services.reintegration.postarrival.models import PostArrivalHelp
from services.reintegration.postarrival.queries import help_after
from services.reintegration.postarrival.rules import WINDOW, last_day
from services.reintegration.postarrival.schemas import HelpAnswer, HelpBody, WindowAnswer, WindowsAnswer
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["post-arrival help"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.COUNSELLOR, Role.AUDITOR)


@router.post("/cases/{case_id}/post-arrival-help", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def give_help(case_id: UUID, body: HelpBody, call: Call) -> HelpAnswer:
    """What one individual was given, up to so many working days after their arrival."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    row = await actions.give_help(call.session, call.act, case, body)
    return _shown(row)


@router.get("/cases/{case_id}/post-arrival-help", dependencies=[READERS])
async def list_help(case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[HelpAnswer]:
    """What the people of the case were given, oldest record first."""
    await case_of(call.session, case_id)
    return page(await help_after(call.session, case_id, after(cursor), limit), limit, _shown)


@router.get("/cases/{case_id}/post-arrival-windows", dependencies=[READERS])
async def show_windows(case_id: UUID, call: Call) -> WindowsAnswer:
    """Until when each who has arrived gets help."""
    await case_of(call.session, case_id)
    arrived = (await read_picture(call.session, case_id)).arrived
    country = await destination_of(call.session, case_id)
    found = []
    for individual, at in sorted(arrived.items()):
        until = last_day(at.date(), country)
        found.append(
            WindowAnswer(
                individual_id=individual,
                arrived_on=at.date(),
                until=until,
                open=call.act.today <= until,
                working_days=WINDOW.working_days,
                provisional=WINDOW.provisional,
            )
        )
    return WindowsAnswer(items=found)


def _shown(row: PostArrivalHelp) -> HelpAnswer:
    return HelpAnswer.model_validate({**row.model_dump(), "help_id": row.id})
