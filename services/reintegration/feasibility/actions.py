"""Holding the feasibility grid against a case."""

from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, open_picture
from services.reintegration.feasibility.models import FeasibilityCheck
from services.reintegration.feasibility.rules import GRID, check_findings, verdict_of
from services.reintegration.feasibility.schemas import FeasibilityBody
from shared.act import Act
from shared.database import Session, new_id
from shared.occurrence import on_day


async def check_feasibility(session: Session, act: Act, case: AssistedCase, body: FeasibilityBody) -> FeasibilityCheck:
    """Of a locked case, from the day it is expected. Raises `NotPossibleNow`, `CaseClosedElsewhere`,
    `GridDoesNotFit`, and what `on_day` raises."""
    move_case(case, "check_feasibility")
    await open_picture(session, case.id)
    verdict = verdict_of(check_findings(body.option, body.findings), body.findings)
    row = FeasibilityCheck(
        id=new_id(),
        case_id=case.id,
        aspect=body.aspect,
        option=body.option,
        grid=GRID.grid,
        grid_version=GRID.version,
        provisional=GRID.provisional,
        findings={name: str(each) for name, each in body.findings.items()},
        verdict=verdict,
        checked_on=body.checked_on,
        checked_by=act.by,
        occurred_at=on_day(act, body.checked_on, body),
        recorded_at=act.now,
    )
    session.add(row)
    return row
