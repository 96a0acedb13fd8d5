"""The feasibility grid, and what it says of a case."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.queries import case_of, locked_case
from services.reintegration.feasibility import actions
from services.reintegration.feasibility.models import FeasibilityCheck
from services.reintegration.feasibility.queries import checks_after
from services.reintegration.feasibility.rules import GRID
from services.reintegration.feasibility.schemas import FeasibilityAnswer, FeasibilityBody, GridAnswer, OptionAnswer
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["feasibility"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.COUNSELLOR)


@router.get("/feasibility-grid", dependencies=[READERS])
async def show_feasibility_grid() -> GridAnswer:
    """The grid that is in force, with its criteria by level."""
    return GridAnswer(
        grid=GRID.grid,
        version=GRID.version,
        provisional=GRID.provisional,
        source=GRID.source,
        options=[
            OptionAnswer(
                option=each.code,
                useful_when=list(each.useful_when),
                individual=list(each.individual),
                community=list(each.community),
                structural=list(each.structural),
            )
            for each in GRID.options
        ],
    )


@router.post("/cases/{case_id}/feasibility-checks", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def check_feasibility(case_id: UUID, body: FeasibilityBody, call: Call) -> FeasibilityAnswer:
    """Whether one way of helping suits this case. A plan with a way that does not suit cannot be submitted."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    row = await actions.check_feasibility(call.session, call.act, case, body)
    return _shown(row)


@router.get("/cases/{case_id}/feasibility-checks", dependencies=[READERS])
async def list_feasibility_checks(
    case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> Page[FeasibilityAnswer]:
    """The case's checks, oldest record first; the newest of each option counts."""
    await case_of(call.session, case_id)
    return page(await checks_after(call.session, case_id, after(cursor), limit), limit, _shown)


def _shown(row: FeasibilityCheck) -> FeasibilityAnswer:
    return FeasibilityAnswer.model_validate({**row.model_dump(), "check_id": row.id})
